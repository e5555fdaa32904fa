"""A published copy with campaigns: three days of two currencies, budgets in each state, clicks that repeat."""

from jobmatch_assets_tests.bench.published import FIRST, Copy

LONG = "<b>Nurses</b> & 'drivers' " + "wanted " * 20

_TABLES = (
    "create table campaign_daily (event_date date, campaign_id bigint, clicks bigint, conversion bigint, "
    "qualified_application bigint, disqualified_application bigint, spend decimal(29, 9), currency varchar, "
    "cpc double, cpa double, cpqa double, company_id varchar, status varchar, budget_amount decimal(18, 6), "
    "budget_currency varchar, budget_period varchar, spend_in_period decimal(29, 9), spend_other_currency boolean, "
    "elapsed_share double, pacing double, budget_left decimal(29, 9), exhausted_at timestamptz, "
    "spend_after_exhausted decimal(29, 9))",
    "create table job_spend_hourly (event_date date, hour bigint, job_id varchar, publisher_id bigint, "
    "campaign_id bigint, group_id bigint, currency varchar, clicks bigint, bid_set decimal(29, 9), "
    "spend_hour decimal(29, 9), spend_repeat decimal(29, 9))",
    "create table job_performance_hourly (event_date date, hour bigint, job_id varchar, publisher_id bigint, "
    "campaign_id bigint, group_id bigint, impressions bigint, clicks bigint, job_views bigint, conversion bigint, "
    "qualified_application bigint, disqualified_application bigint, attributed_conversion bigint, "
    "bid_set decimal(29, 9), spend_hour decimal(29, 9), currency varchar, clicks_without_bid bigint, "
    "repeat_clicks bigint, spend_repeat decimal(29, 9), company_id varchar, sources varchar, "
    "latest_update_time timestamptz)",
    "create table dim_campaign (campaign_id bigint, name varchar, is_current boolean)",
)

DAYS = 14


def with_tables(copy: Copy) -> Copy:
    """The tables, without a row."""
    return copy.change(*_TABLES)


def with_campaigns(copy: Copy) -> Copy:
    """Two weeks: 1 and 2 spend EUR, 3 GBP, 4 both on the second date, 5 has no bid, 6 ended on the tenth."""
    with_tables(copy).publication(DAYS)
    copy.change(
        f"""
        insert into job_spend_hourly
        select date '{FIRST}' + d::int, 10, 'j', 0, campaign_id, 0, currency, 2, 0.25 * campaign_id,
               0.5 * campaign_id, if(d % 5 = 0, 0.25 * campaign_id, 0)
        from range({DAYS}) as days(d),
             (values (0, 'EUR'), (1, 'EUR'), (2, 'EUR'), (3, 'GBP'), (6, 'EUR')) as campaigns(campaign_id, currency)
        where (d % 3 < 2 or campaign_id <> 2) and (d < 10 or campaign_id <> 6)
        union all
        select date '{FIRST}' + 1, 11, 'j', 0, 4, 0, unnest(['EUR', 'GBP']), 1, 7, 7, 0
        """,
        """
        insert into job_performance_hourly by name
        select event_date, hour, job_id, publisher_id, campaign_id, group_id, currency, clicks + 1 as clicks,
               1 as clicks_without_bid, if(spend_repeat > 0, 1, 0) as repeat_clicks
        from job_spend_hourly
        """,
        f"""
        insert into campaign_daily by name
        with spent as (
            select event_date, campaign_id, sum(clicks) + count(*) as clicks, sum(spend_hour) as spend, min(currency) as currency
            from job_spend_hourly where campaign_id not in (0, 4) group by all
        )
        select date '{FIRST}' + d::int as event_date, campaign_id,
               if(campaign_id = 4, if(d = 1, 4, 0), coalesce(clicks, 0)) as clicks,
               campaign_id as conversion, if(d % 2 = 0, 1, 0) as qualified_application,
               if(campaign_id = 4 and d = 1, null, coalesce(spend, 0)) as spend,
               if(campaign_id = 4 and d = 1, '(mixed)', currency) as currency, 'c' || campaign_id as company_id,
               'active' as status, budget_amount, budget_currency, if(budget_amount is null, null, 'total') as budget_period,
               share * budget_amount as spend_in_period, if(budget_amount is null, null, campaign_id = 3) as spend_other_currency,
               if(budget_amount is null, null, 0.5) as elapsed_share, share / 0.5 as pacing,
               budget_amount * (1 - share) as budget_left,
               if(share >= 1, timestamptz '{FIRST} 09:30:00+00', null) as exhausted_at,
               if(share >= 1, budget_amount * (share - 1), share * 0) as spend_after_exhausted
        from range({DAYS}) as days(d)
        cross join (values (1, 10, 'EUR', 1.5), (2, 20, 'EUR', 0.6), (3, 40, 'GBP', 0.2), (4, null, null, null),
                           (5, null, null, null), (6, 8, 'EUR', 2)) as campaigns(campaign_id, budget_amount, budget_currency, share)
        left join spent using (campaign_id)
        where (spent.event_date = date '{FIRST}' + d::int or spent.event_date is null)
          and (d < 10 or campaign_id <> 6)
        """,
    )
    copy.change(
        f"""
        insert into campaign_daily by name
        select date '{FIRST}' + d::int as event_date, 2 as campaign_id, 0 as clicks, 2 as conversion, 0 as qualified_application,
               0 as spend, 'c2' as company_id, 'active' as status, 20 as budget_amount, 'EUR' as budget_currency,
               'total' as budget_period, 12 as spend_in_period, false as spend_other_currency, 0.5 as elapsed_share,
               1.2 as pacing, 8 as budget_left, 0 as spend_after_exhausted
        from range({DAYS}) as days(d) where d % 3 = 2
        """,
        """
        update campaign_daily set cpc = spend / nullif(clicks, 0), cpa = spend / nullif(conversion, 0),
               cpqa = spend / nullif(qualified_application, 0)
        """,
    )
    copy.plant("insert into dim_campaign values (1, ?, true), (1, 'before', false), (2, 'Two', true)", LONG)
    return copy
