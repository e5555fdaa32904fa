"""For every rule and check of the performance of jobs and of campaigns, a change of rows that breaks it."""

_OF_MEANS = "update {t} set bid_set = bid_set + 0.01 where bid_set is not null"

_IN_ANOTHER_HOUR = "update {{t}} set {instant} = {instant} + interval 1 hour"

_EARLY = "exhausted_at = cast(event_date as timestamptz) + interval 1 day"

RULES: dict[str, dict[str, str]] = {
    "performance_events": {
        "hour_is_one_of_the_day": "update {t} set hour = 24 where hour = 23",
        "event_ts_lies_in_its_hour": _IN_ANOTHER_HOUR.format(instant="event_ts"),
        "counted_as_is_known": "update {t} set counted_as = 'reviewed' where counted_as = 'job_views'",
        "own_ids_come_first": "update {t} set campaign_id = 0 where own_campaign_id <> 0",
        "only_applies_take_from_clicks": "update {t} set own_group_id = 1 where is_attributed",
        "only_clicks_repeat": "update {t} set is_repeat = true where counted_as = 'conversion'",
        "only_clicks_cost": "update {t} set currency = 'EUR' where counted_as = 'clicks' and bid is null",
        "bid_is_possible": "update {t} set bid = -0.01 where bid = 0",
    },
    "job_performance_hourly": {
        "hour_is_one_of_the_day": "update {t} set hour = 24 where hour = 23",
        "counts_are_not_negative": "update {t} set job_views = -1 where job_views = 0",
        "row_counts_something": "update {t} set job_views = 0 where impressions + clicks + conversion = 0",
        "attributed_applies_are_applies": "update {t} set attributed_conversion = conversion + 1",
        "parts_of_clicks_are_clicks": "update {t} set repeat_clicks = clicks + 1",
        "spend_of_repeats_is_part_of_it": "update {t} set spend_repeat = spend_hour + 0.01",
        "mixed_currencies_have_no_sum": "update {t} set spend_hour = 1 where currency = '(mixed)'",
        "spend_has_a_currency": "update {t} set spend_hour = 1 where currency is null",
        "bids_have_a_currency": "update {t} set currency = 'EUR' where clicks = 0",
        "repeats_have_no_sum_if_mixed": "update {t} set spend_repeat = 0 where currency = '(mixed)'",
        "bid_set_is_the_mean_bid": _OF_MEANS,
        "row_has_sources": "update {t} set sources = ''",
        "latest_update_time_lies_in_its_hour": _IN_ANOTHER_HOUR.format(instant="latest_update_time"),
    },
    "job_spend_hourly": {
        "hour_is_one_of_the_day": "update {t} set hour = -1 where hour = 10",
        "row_counts_something": "update {t} set clicks = 0",
        "spend_of_repeats_is_part_of_it": "update {t} set spend_repeat = -0.01",
        "currency_is_one": "update {t} set currency = '(mixed)' where currency = 'USD'",
        "bid_set_is_the_mean_bid": _OF_MEANS,
    },
    "job_performance_seed2": {
        "hours_is_one_of_the_day": "update {t} set hours = 24 where hours = 23",
        "counts_are_not_negative": "update {t} set conversion = -1 where conversion = 0",
        "row_counts_something": "update {t} set conversion = 0 where clicks = 0",
        "bid_set_is_the_mean_bid": _OF_MEANS,
        "only_clicks_spend": "update {t} set spend_hour = 1 where clicks = 0",
        "row_has_sources": "update {t} set sources = ''",
        "latest_update_time_lies_in_its_hour": _IN_ANOTHER_HOUR.format(instant="latest_update_time"),
    },
    "campaign_dates": {
        "row_is_of_a_campaign": "update {t} set campaign_id = 0 where campaign_id = 21",
        "status_is_known": "update {t} set status = 'odd'",
        "budget_period_is_known": "update {t} set budget_period = 'year' where budget_period = 'month'",
        "budget_is_whole": "update {t} set budget_currency = null where has_budget",
        "only_budgets_have_a_period": "update {t} set period_first_date = event_date where not has_budget",
        "date_lies_in_its_period": (
            "update {t} set period_last_date = event_date - 1 where budget_period in ('day', 'week')"
        ),
    },
    "campaign_budgets": {
        "row_is_of_a_campaign": "update {t} set campaign_id = 0 where campaign_id = 21",
        "counts_are_not_negative": "update {t} set spend_in_period = -0.01 where spend_in_period = 0",
        "days_by_then_are_of_the_period": "update {t} set days_by_then = days_of_period + 1",
        "exhausted_at_is_not_later": f"update {{t}} set {_EARLY} where exhausted_at is not null",
        "spend_after_exhausted_is_part_of_it": (
            "update {t} set spend_after_exhausted = spend_in_period where exhausted_at is null"
        ),
    },
    "campaign_daily": {
        "row_is_of_a_campaign": "update {t} set campaign_id = 0 where campaign_id = 21",
        "counts_are_not_negative": "update {t} set qualified_application = -1 where qualified_application = 0",
        "mixed_currencies_have_no_sum": "update {t} set spend = 1 where currency = '(mixed)'",
        "spend_has_a_currency": "update {t} set spend = 1 where currency is null",
        "cpc_is_its_quotient": "update {t} set cpc = cpc + 0.01",
        "cpa_is_its_quotient": "update {t} set cpa = 0 where conversion = 0",
        "cpqa_is_its_quotient": "update {t} set cpqa = null",
        "status_is_known": "update {t} set status = 'odd'",
        "budget_period_is_known": "update {t} set budget_period = 'year' where budget_period = 'month'",
        "budget_is_whole": "update {t} set spend_other_currency = null",
        "period_spends_what_its_date_does": (
            "update {t} set spend_in_period = spend - 0.01 where budget_period = 'day' and spend > 0"
        ),
        "rates_are_shares": "update {t} set elapsed_share = 1.1",
        "pacing_is_its_quotient": "update {t} set pacing = pacing + 0.01",
        "budget_left_is_the_rest": "update {t} set budget_left = budget_left - 0.01",
        "budget_is_exhausted_by_its_spend": (
            "update {t} set exhausted_at = null, spend_after_exhausted = 0 where budget_amount > 0"
        ),
        "exhausted_at_is_not_later": f"update {{t}} set {_EARLY} where exhausted_at is not null",
        "spend_after_exhausted_is_part_of_it": "update {t} set spend_after_exhausted = spend_in_period + 0.01",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "job_performance_hourly_reconciles_with_silver": (
        "job_performance_hourly",
        "update {t} set impressions = impressions + 1 where job_views > 0",
    ),
    "job_performance_hourly_keeps_ids_of_clicks": (
        "job_performance_hourly",
        "update {t} set campaign_id = campaign_id + 1 where clicks > 0",
    ),
    "job_performance_hourly_attributes_what_it_can": (
        "job_performance_hourly",
        "update {t} set attributed_conversion = 0",
    ),
    "job_spend_hourly_adds_up_to_job_performance_hourly": (
        "job_spend_hourly",
        "delete from {t} where currency = 'USD'",
    ),
    "job_performance_seed2_reconciles_with_hours": (
        "job_performance_seed2",
        "delete from {t} where clicks = 0",
    ),
    "campaign_daily_reconciles_with_hours": (
        "campaign_daily",
        "update {t} set spend = spend + 0.01 where clicks > 0",
    ),
    "campaign_daily_spends_day_by_day": (
        "campaign_daily",
        "update {t} set spend_in_period = spend_in_period + 0.01 where clicks > 0",
    ),
    "campaign_daily_has_every_date": ("campaign_daily", "delete from {t} where clicks = 0"),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
