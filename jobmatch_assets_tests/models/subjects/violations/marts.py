"""For every rule of marts, and every check over several of their rows, a change of rows that breaks it."""


def _of_history(*columns: str) -> dict[str, str]:
    return {
        **{f"{column}_is_known": f"update {{t}} set {column} = 'odd'" for column in columns},
        "state_lasts": "update {t} set valid_to = valid_from where valid_to is not null",
    }


RULES: dict[str, dict[str, str]] = {
    "user_mart": {
        "segment_is_known": "update {t} set segment = 'odd'",
        "style_is_known": "update {t} set style = 'odd'",
        "counts_are_not_negative": "update {t} set searches = -1",
        "unit_has_events": "update {t} set events = clicks + applies where searches > 0",
        "active_days_fit": "update {t} set active_days_28 = 0 where days_since_last < 28",
        "first_date_is_not_after_the_last": "update {t} set first_date = last_date + 1",
        "segment_follows": "update {t} set segment = 'heavy' where active_days_28 = 12",
        "style_follows": "update {t} set style = 'decisive' where clicks < 5",
        "top_category_has_clicks": "update {t} set top_category = null",
    },
    "user_mart_history": _of_history("segment"),
    "user_segments_daily": {
        "segment_is_known": "update {t} set segment = 'odd'",
        "counts_are_not_negative": 'update {t} set "left" = -1',
        "those_who_entered_are_there": "update {t} set entered = units + 1",
        "row_has_units": 'update {t} set units = 0, entered = 0, "left" = 0',
    },
    "job_mart": {
        "tier_is_known": "update {t} set tier = 'odd'",
        "quality_tier_is_known": "update {t} set quality_tier = 'odd'",
        "counts_are_not_negative": "update {t} set disqualified = -1",
        "ranks_are_those_of_impressions": "update {t} set rank_n = impressions + 1",
        "ctr_is_its_quotient": "update {t} set ctr = ctr + 0.01",
        "apply_rate_is_its_quotient": "update {t} set apply_rate = 0 where impressions = 0",
        "spend_has_one_currency": "update {t} set spend = null where currency = 'EUR'",
        "nothing_is_spent_without_a_currency": "update {t} set currency = null where spend > 0",
        "ranks_are_in_order": "update {t} set rank_mean = rank_max + 1",
        "rank_spreads_within_its_bounds": "update {t} set rank_stddev = 0 where rank_n < 2",
        "span_is_that_of_its_dates": "update {t} set span_days = span_days + 1",
        "coec_has_expectations": "update {t} set coec = 0 where expected_clicks = 0",
        "tier_follows": "update {t} set tier = 'good' where tier = 'hot'",
        "quality_tier_follows": "update {t} set quality_tier = 'low' where quality_tier = 'insufficient'",
    },
    "job_tiers": {
        **_of_history("tier"),
        "stay_begins_while_the_job_is_told_of": "update {t} set told_until = first_date - 1",
    },
    "job_mart_history": _of_history("tier", "quality_tier"),
    "company_mart": {
        "responsiveness_is_known": "update {t} set responsiveness = 'odd'",
        "parts_are_within_their_whole": "update {t} set live = openings + 1",
        "rates_are_shares": "update {t} set filled_share_60 = 1.01",
        "nobody_waits_for_less_than_nothing": "update {t} set median_hours_to_response = -1",
        "responsiveness_follows": "update {t} set median_hours_to_response = 300 where responsiveness = 'fast'",
        "who_has_no_median_is_silent": "update {t} set responsiveness = 'insufficient' where responsiveness = 'silent'",
    },
    "company_mart_history": _of_history("responsiveness"),
}
"""{table: {rule: statement}}"""

_IN_TWO_STAYS = "valid_to is null and {key} in (select {key} from {{t}} where valid_to is not null)"

_TWO_WEEKS_AGO = (
    "valid_from <= (select max(valid_from) from {t}) - 14"
    " and (valid_to > (select max(valid_from) from {t}) - 14 or valid_to is null)"
)


def _of_mart(name: str, column: str) -> dict[str, tuple[str, str]]:
    key = f"{name}_id" if name != "user" else "unit_id"
    return {
        f"{name}_mart_history_ends_with_its_mart": (
            f"{name}_mart_history",
            f"delete from {{t}} where {key} = (select min({key}) from {{t}})",
        ),
        f"{name}_mart_history_has_no_gap": (
            f"{name}_mart_history",
            f"update {{t}} set valid_from = valid_from + 1 where {_IN_TWO_STAYS.format(key=key)}",
        ),
        f"{name}_mart_reconciles_with_silver": (
            f"{name}_mart",
            f"update {{t}} set {column} = {column} + 1 where {key} = (select min({key}) from {{t}})",
        ),
    }


RECONCILED: dict[str, tuple[str, str]] = {
    **_of_mart("user", "applies"),
    **_of_mart("job", "clicks"),
    **_of_mart("company", "openings"),
    "user_mart_history_reconciles_with_days": (
        "user_mart_history",
        f"update {{t}} set segment = 'power' where segment = 'inactive' and {_TWO_WEEKS_AGO}",
    ),
    "user_segments_daily_hold_every_unit": (
        "user_segments_daily",
        'delete from {t} where segment = \'inactive\' and "date" = (select max("date") from {t})',
    ),
    "user_segments_daily_continue": (
        "user_segments_daily",
        'update {t} set entered = entered + 1 where "date" = (select max("date") from {t}) - 1',
    ),
    "job_tiers_have_no_gap": (
        "job_tiers",
        f"update {{t}} set valid_from = valid_from + 1 where {_IN_TWO_STAYS.format(key='job_id')}",
    ),
    "job_mart_history_reconciles_with_lists": (
        "job_mart_history",
        f"update {{t}} set tier = 'hot' where tier = 'good' and {_TWO_WEEKS_AGO}",
    ),
    "company_mart_history_reconciles_with_waits": (
        "company_mart_history",
        f"update {{t}} set responsiveness = 'insufficient' where {_TWO_WEEKS_AGO}",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
