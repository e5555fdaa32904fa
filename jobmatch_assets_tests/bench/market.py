"""Published copies with the tables of the market, of employers and of revenue, made with SQL."""

from jobmatch_assets_tests.bench.published import FIRST, Copy

POSTINGS = """
    create table postings_daily (
        date date, category varchar, country varchar, source varchar, posted bigint, reposted bigint, resumed bigint,
        ended bigint, filled bigint, expired bigint, cancelled bigint, deleted bigint, paused bigint,
        closed_other bigint, live_postings bigint, live_openings bigint, median_age_days double,
        stale_postings bigint, evergreen_postings bigint
    )
"""

EMPLOYERS = """
    create table employers_monthly (
        month_start date, company_id varchar, openings_posted bigint, live_openings bigint, applications bigint,
        placed bigint, filled_90d bigint, filled_90d_rate double, applications_per_opening double,
        median_hours_to_response bigint, is_repeat boolean, months_active_12 bigint, active_employers bigint,
        new_employers bigint, repeat_employers bigint, repeat_share double
    )
"""
REVENUE = """
    create table revenue_monthly (
        month_start date, currency varchar, company_id varchar, placements bigint, cancelled_placements bigint,
        hours_regular decimal(29, 9), hours_overtime decimal(29, 9), invoiced decimal(29, 9),
        credited decimal(29, 9), net decimal(29, 9), tax decimal(29, 9), paid decimal(29, 9),
        outstanding decimal(29, 9), overdue decimal(29, 9)
    )
"""
MONTHS = "select ('2025-02-01'::date + to_months(m::int))::date as month_start, m from range(14) as months(m)"

HOSTILE = "<img src=x onerror=alert(1)> " + "care " * 40
"""A category that could be taken for markup."""


def postings_of(copy: Copy, days: int) -> Copy:
    """Postings of this many days, in three categories and two countries of one source."""
    copy.change(POSTINGS)
    return copy.plant(
        f"""
        insert into postings_daily
        select date '{FIRST}' + d::int, category, country, source, 9 * n, n, 2 * n, 8 * n, n, 2 * n, n, n, 2 * n, n,
               n * (40 + d % 9), n * 30, if(n = 1 and d = 3, null, 20.5 + d), n * (d % 5), n * 3
        from range({days}) as days(d),
             (values ('__all__', '__all__', '__all__', 4), ('nursing', '__all__', '__all__', 2),
                     (?, '__all__', '__all__', 1), ('(unknown)', '__all__', '__all__', 1),
                     ('__all__', 'DE', '__all__', 3), ('__all__', 'FR', '__all__', 2),
                     ('__all__', '__all__', 'crm', 4)) as groups(category, country, source, n)
        """,
        HOSTILE,
    ).publication(days)


def months_of(copy: Copy) -> Copy:
    """February 2025 to March 2026, the last four of which are not mature."""
    return copy.change(
        EMPLOYERS,
        REVENUE,
        f"""
        insert into employers_monthly
        select month_start, company_id, n * (20 + m % 5), n * 30, n * 100, n * 4,
               if(m < 10, n * (m % 4), null), if(m < 10, n * (m % 4) / (n * (20 + m % 5)), null), 3.5 + m, 48 + m,
               if(n = 1, true, null), if(n = 1, 3, null), if(n = 1, null, 40 + m), if(n = 1, null, m % 3),
               if(n = 1, null, 10 + m), if(n = 1, null, 0.25 + m / 100)
        from ({MONTHS}), (values ('__all__', 2), ('acme', 1), ('other', 1)) as companies(company_id, n)
        """,
        f"""
        insert into revenue_monthly
        select month_start, currency, company_id, n * p, 1, n * 160.5, n * 8, n * (1000.35 + m), n * -20,
               n * (980.35 + m), n * 19, n * (700 + m), n * (300 + m * 10), n * m
        from ({MONTHS}), (values ('__all__', 2), ('acme', 1), ('other', 1)) as companies(company_id, n),
             (values ('(none)', 0), ('CHF', 2), ('EUR', 5), ('USD', 1)) as currencies(currency, p)
        where currency <> 'USD' or m between 11 and 12
        """,
    )
