"""For every rule and test of openings, a change of rows that breaks it."""

RULES: dict[str, dict[str, str]] = {
    "opening_fingerprints": {"opening_is_made_of_something": "update {t} set made_of = ''"},
    "opening_outcomes": {
        "outcome_is_known": "update {t} set outcome = 'odd' where outcome = 'filled'",
        "end_reason_is_known": "update {t} set end_reason = 'odd' where outcome = 'closed'",
        "dates_go_on": "update {t} set as_of_to = as_of_from",
        "what_ended_has_a_time": "update {t} set ended_at = null where outcome is not null",
        "days_are_whole_days": "update {t} set days = days + 1",
        "closed_has_a_reason": "update {t} set end_reason = null",
        "what_is_live_is_not_closed": "update {t} set live_postings = 0",
        "counts_are_not_negative": "update {t} set live_postings = -1",
    },
    "time_to_fill_curve": {
        "counts_are_not_negative": 'update {t} set "day" = -1',
        "some_of_those_at_risk_ended": "update {t} set at_risk = filled + closed - 1",
        "shares_are_of_all": "update {t} set filled_share = 1.001 - closed_share",
    },
    "time_to_fill": {
        "counts_are_not_negative": "update {t} set filled = -1, closed_unfilled = openings - still_open + 1",
        "openings_are_filled_closed_or_open": "update {t} set openings = openings + 1",
        "row_has_openings": (
            "update {t} set openings = 0, filled = 0, closed_unfilled = 0, still_open = 0, evergreen = 0"
        ),
        "shares_are_of_all": "update {t} set closed_share_90 = null where filled_share_90 is not null",
        "shares_do_not_fall": "update {t} set filled_share_30 = filled_share_60 + 0.01",
        "giving_up_only_delays": "update {t} set median_days_to_fill = 0, median_days_to_fill_if_not_closed = 1",
        "mean_is_of_filled": "update {t} set mean_days_filled_only = 1 where filled = 0",
        "expiry_rate_is_of_ended": "update {t} set expiry_rate = 1 where filled > 0",
        "rates_are_shares": "update {t} set expiry_rate = 1.5",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "opening_outcomes_follow_each_other": (
        "opening_outcomes",
        "delete from {t} where as_of_to is null and opening_id = (select min(opening_id) from {t})",
    ),
    "time_to_fill_adds_up_over_categories": (
        "time_to_fill",
        "update {t} set evergreen = evergreen + 1 where category = '__all__'",
    ),
    "time_to_fill_curve_adds_up_over_categories": (
        "time_to_fill_curve",
        "update {t} set filled = filled + 1 where category = '__all__'",
    ),
    "time_to_fill_reconciles_with_periods": (
        "time_to_fill",
        "update {t} set evergreen = evergreen + 1 where category = '__all__'",
    ),
    "time_to_fill_curve_agrees_with_shares": (
        "time_to_fill_curve",
        "update {t} set filled_share = filled_share / 2",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
