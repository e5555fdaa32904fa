"""For every rule and test of postings, a change of rows that breaks it."""

_ALL = "category = '__all__' and country = '__all__' and source = '__all__'"

RULES: dict[str, dict[str, str]] = {
    "job_hires": {"hire_is_of_a_job": "update {t} set job_id = ''"},
    "live_versions": {
        "version_is_live_for_a_time": "update {t} set live_to = live_from",
        "period_has_versions": "update {t} set period = version + 1",
        "ends_as_is_known": "update {t} set ends_as = 'odd' where live_to is not null",
        "what_has_no_end_has_no_reason": "update {t} set ends_as = 'paused' where live_to is null",
    },
    "live_periods": {
        "ends_as_is_known": "update {t} set ends_as = 'odd' where ends_at is not null",
        "period_lasts": "update {t} set ends_at = begins_at where ends_at is not null",
        "what_ends_has_a_reason": "update {t} set people = 1 where ends_at is null",
        "versions_are_in_order": "update {t} set last_version = first_version - 1",
    },
    "posting_periods": {
        "end_reason_is_known": "update {t} set end_reason = 'odd' where ends_at is not null",
        "period_lasts": "update {t} set ends_at = begins_at where ends_at is not null",
        "what_ended_has_a_reason": "update {t} set end_reason = null",
        "versions_are_in_order": "update {t} set last_version = first_version - 1",
    },
    "postings_daily": {
        "row_is_of_a_grouping_set": "update {t} set category = source, country = source where source <> '__all__'",
        "counts_are_not_negative": "update {t} set posted = -1, reposted = -1 where live_postings > 1",
        "reasons_add_up_to_ended": "update {t} set expired = expired + 1 where ended > 0",
        "parts_are_at_most_the_whole": "update {t} set reposted = posted + 1",
        "evergreen_postings_are_not_stale": (
            "update {t} set stale_postings = live_postings, evergreen_postings = 1 where live_postings > 0"
        ),
        "live_postings_are_of_openings": "update {t} set live_openings = 0",
        "median_age_is_of_enough": "update {t} set median_age_days = 0 where live_postings = 4",
        "row_counts_a_posting": (
            "update {t} set posted = 0, reposted = 0, resumed = 0, live_postings = 0, live_openings = 0, "
            "median_age_days = null, stale_postings = 0, evergreen_postings = 0 where ended = 0"
        ),
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "job_hires_reconcile_with_facts": (
        "job_hires",
        "delete from {t} where application_id = (select min(application_id) from {t})",
    ),
    "posting_periods_are_apart": ("posting_periods", "update {t} set period = 2 where period = 1"),
    "postings_daily_adds_up_over_sources": (
        "postings_daily",
        f"update {{t}} set live_postings = live_postings + 1 where {_ALL}",
    ),
    "postings_daily_live_is_conserved": (
        "postings_daily",
        f"delete from {{t}} where {_ALL} and live_postings > 0 "
        f'and "date" = (select max("date") - 3 from {{t}} where {_ALL})',
    ),
    "postings_daily_reconciles_with_versions": (
        "postings_daily",
        "update {t} set evergreen_postings = evergreen_postings + 1",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
