"""For every rule and test of employers, a change of rows that breaks it."""

_ALL = "company_id = '__all__'"

RULES: dict[str, dict[str, str]] = {
    "employers_monthly": {
        "month_start_is_the_first_of_a_month": "update {t} set month_start = month_start + 1",
        "counts_are_not_negative": "update {t} set placed = -1",
        "row_counts_something": "update {t} set applications_per_opening = null, applications = 0, placed = 0",
        "live_openings_have_applications_per_opening": (
            "update {t} set applications_per_opening = null where openings_posted > 0"
        ),
        "filled_openings_were_posted": "update {t} set filled_90d = openings_posted + 1",
        "filled_90d_rate_is_its_quotient": "update {t} set filled_90d_rate = 1 where filled_90d is null",
        "row_tells_its_kind": f"update {{t}} set is_repeat = false where {_ALL}",
        "months_are_those_with_openings": f"update {{t}} set months_active_12 = 13 where not {_ALL}",
        "new_employers_are_not_back": f"update {{t}} set repeat_employers = active_employers + 1 where {_ALL}",
        "rates_are_shares": f"update {{t}} set repeat_share = 1.5 where {_ALL}",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "employers_monthly_adds_up_over_companies": (
        "employers_monthly",
        f"update {{t}} set live_openings = live_openings + 1 where {_ALL}",
    ),
    "employers_monthly_reconciles_with_facts": (
        "employers_monthly",
        f"update {{t}} set applications = applications + 1 where {_ALL}",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
