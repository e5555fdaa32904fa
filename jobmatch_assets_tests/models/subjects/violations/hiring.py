"""For every rule and every check about applications, a change of rows that breaks it."""

_STAGES = ("reviewed", "shortlisted", "interview", "offered", "placed")


def _takes_time(hours: str) -> dict[str, str]:
    return {f"{hours}_is_not_negative": f"update {{t}} set {hours} = -1"}


def _quotients(*rates: str) -> dict[str, str]:
    return {f"{rate}_is_its_quotient": f"update {{t}} set {rate} = {rate} / 2" for rate in rates}


def _one_more(column: str) -> str:
    return f"update {{t}} set {column} = {column} + 1"


def _one_group_less(column: str) -> str:
    return f"delete from {{t}} where {column} = (select max({column}) from {{t}} where {column} <> '__all__')"


RULES: dict[str, dict[str, str]] = {
    "application_waits": {
        "outcome_is_known": "update {t} set outcome = 'withdrawn' where outcome is null",
        **_takes_time("waited_hours"),
        "wait_has_a_beginning": "update {t} set applied_at = null",
        "answered_wait_has_hours": "update {t} set waited_hours = null",
        "applied_date_is_that_of_applied_at": "update {t} set applied_date = applied_date - 1",
    },
    "hiring_funnel_daily": {
        "row_is_of_a_grouping_set": "update {t} set channel = 'search' where company_id <> '__all__'",
        "row_counts_something": "update {t} set applications = 0",
        "counts_are_not_negative": "update {t} set withdrawn = -1",
        "stages_fall": "update {t} set reached_offered = reached_interview + 1",
        "judged_ones_are_reviewed": "update {t} set qualified = reached_reviewed + 1",
        "application_has_one_status": 'update {t} set rejected = applications, "open" = 1',
        "horizons_are_parts": "update {t} set placed_60d = reached_placed + 1 where placed_60d is not null",
        "horizons_become_mature_in_order": "update {t} set responded_7d = null where interview_30d is not null",
        "rates_are_shares": "update {t} set placed_overall = 1.5",
        **_quotients(*(f"{stage}_rate" for stage in _STAGES)),
        "placed_overall_is_its_quotient": "update {t} set placed_overall = placed_overall + 0.1",
        "responded_7d_rate_is_its_quotient": "update {t} set responded_7d_rate = null",
        "interview_30d_rate_is_its_quotient": "update {t} set interview_30d_rate = interview_30d",
        "placed_60d_rate_is_its_quotient": "update {t} set placed_60d_rate = coalesce(placed_60d_rate, 0)",
    },
    "hiring_activity_daily": {
        "row_is_of_a_grouping_set": "update {t} set category = 'all' where channel <> '__all__'",
        "counts_are_not_negative": "update {t} set offered = -1",
        "row_counts_something": """
            update {t} set
                applications = 0, reviewed = 0, shortlisted = 0, qualified = 0, disqualified = 0, interview = 0,
                offered = 0, placed = 0, rejected = 0, withdrawn = 0
        """,
    },
    "response_time_daily": {
        "row_counts_something": "update {t} set applications = 0",
        "answered_ones_are_applications": "update {t} set responded = applications + 1",
        "answers_grow_with_their_horizon": "update {t} set responded_3d = responded_7d + 1",
        "horizons_become_mature_in_order": "update {t} set responded_14d = null",
        "rates_are_shares": "update {t} set never_within_30d_rate = -0.1",
        **_quotients(*(f"responded_{days}d_rate" for days in (3, 7, 14))),
        "never_is_the_rest": "update {t} set never_within_30d_rate = never_within_30d_rate / 2",
        **_takes_time("median_hours_to_response"),
        "median_hours_to_response_needs_responded": "update {t} set median_hours_to_response = 1",
    },
    "stage_time_weekly": {
        "week_begins_on_monday": "update {t} set week_start = week_start + 1",
        "stage_is_known": "update {t} set stage = 'placed'",
        "row_counts_something": "update {t} set entered = 0",
        "counts_are_not_negative": "update {t} set still_in = -1",
        "who_entered_has_left_or_is_still_in": _one_more("still_in"),
        "approximate_ones_have_entered": "update {t} set approximate = entered + 1",
        "rates_are_shares": "update {t} set left_7d_rate = 1.1",
        "who_left_in_time_has_left": 'update {t} set "left" = 0 where left_7d_rate > 0',
        **_takes_time("median_hours"),
        "median_hours_needs_left": "update {t} set median_hours = 1",
    },
    "time_to_hire_weekly": {
        "week_begins_on_monday": "update {t} set week_start = week_start - 1",
        "row_counts_something": "update {t} set hires = 0",
        "median_days_application_to_hire_needs_hires": "update {t} set median_days_application_to_hire = 3",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "application_waits_reconcile_with_facts": (
        "application_waits",
        "update {t} set waited_hours = waited_hours + 24",
    ),
    "hiring_funnel_daily_reconciles_with_facts": ("hiring_funnel_daily", _one_more("reached_interview")),
    **{
        f"{table}_{name}_add_up": (table, _one_group_less(column))
        for table in ("hiring_funnel_daily", "hiring_activity_daily")
        for name, column in (("companies", "company_id"), ("categories", "category"), ("channels", "channel"))
    },
    "hiring_activity_daily_reconciles_with_facts": ("hiring_activity_daily", _one_more("offered")),
    "response_time_daily_agrees_with_funnel": ("response_time_daily", _one_more("responded_7d")),
    "response_time_daily_medians_are_possible": (
        "response_time_daily",
        "update {t} set median_hours_to_response = 0",
    ),
    "response_time_daily_companies_add_up": ("response_time_daily", _one_group_less("company_id")),
    "stage_time_weekly_reconciles_with_facts": (
        "stage_time_weekly",
        "delete from {t} where stage = 'offered'",
    ),
    "stage_time_weekly_medians_are_possible": ("stage_time_weekly", "update {t} set median_hours = null"),
    "time_to_hire_weekly_reconciles_with_facts": (
        "time_to_hire_weekly",
        "update {t} set median_days_application_to_hire = median_days_application_to_hire + 1000",
    ),
    "time_to_hire_weekly_categories_add_up": ("time_to_hire_weekly", _one_group_less("category")),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
