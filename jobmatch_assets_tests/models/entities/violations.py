"""For every rule of dimensions and facts, and every reference to a dimension, a change of rows that breaks it."""

from collections.abc import Sequence

DIMENSIONS = ("company", "job", "candidate", "user", "campaign", "job_group", "publisher")


def _of_dimension(name: str) -> dict[str, str]:
    version = f"{name}_key <> '-1'"
    return {
        f"{name}_key_looks_like_a_key": f"update {{t}} set {name}_key = 'F' where {version}",
        "member_of_the_unknown_is_no_version": f"update {{t}} set version = null where {version}",
        "version_lasts": f"update {{t}} set valid_to = valid_from, is_current = false where {version}",
        "current_version_has_no_end": f"update {{t}} set is_current = false where {version} and valid_to is null",
        "deleted_entity_has_no_current_version": "update {t} set is_deleted = true where is_current",
        "version_counts_from_1": f"update {{t}} set version = 0 where {version}",
    }


def _of_references(*dimensions: str) -> dict[str, str]:
    return {
        rule: statement
        for name in dimensions
        for rule, statement in {
            f"{name}_key_looks_like_a_key": f"update {{t}} set {name}_key = upper({name}_key) || 'X'",
            f"{name}_match_is_known": f"update {{t}} set {name}_match = 'good'",
            f"{name}_match_agrees_with_its_key": f"update {{t}} set {name}_match = 'exact', {name}_key = '-1'",
        }.items()
    }


def _words(columns: Sequence[str]) -> dict[str, str]:
    return {f"{column}_is_known": f"update {{t}} set {column} = 'odd'" for column in columns}


RULES: dict[str, dict[str, str]] = {
    **{f"dim_{name}": _of_dimension(name) for name in DIMENSIONS},
    "dim_date": {
        "weekday_is_that_of_the_date": "update {t} set weekday = 0 where weekday = 7",
        "week_has_a_number": "update {t} set iso_week = 54",
        "month_lies_in_its_quarter": "update {t} set month_start = quarter_start - 1",
    },
    "application_status_history": {
        **_words(("status", "precision", "origin")),
        "only_versions_are_known_by_a_time": "update {t} set precision = 'by' where origin = 'column'",
    },
    "openings": {"opening_has_a_name": "update {t} set opening_id = ''"},
    "fact_event": {
        **_words(("event_name",)),
        "event_date_is_that_of_event_ts": "update {t} set event_date = event_date + 1",
        **_of_references("job", "company", "campaign"),
    },
    "fact_application": {
        **_of_references("job", "company", "candidate", "campaign"),
        "applied_date_is_that_of_applied_at": "update {t} set applied_date = applied_date + 1",
    },
    "applications": {
        **_words(("status", "status_by_events", "status_by_entity")),
        "applied_date_is_that_of_applied_at": "update {t} set applied_date = applied_date + 1",
        "is_open_follows_from_status": "update {t} set is_open = true where status = 'rejected'",
        "stages_are_reached_in_order": "update {t} set reached_reviewed = false where reached_interview",
        "seen_statuses_are_not_after_the_last": "update {t} set reviewed_at = status_at + interval 1 second",
        "conflict_is_a_difference": "update {t} set status_conflict = not status_conflict",
        "days_to_response_are_whole_days": "update {t} set days_to_response = days_to_response + 1",
        "days_to_placed_are_whole_days": "update {t} set days_to_placed = null",
    },
    "fact_placement": _of_references("job", "candidate", "company"),
    "fact_timesheet": {
        **_of_references("job", "candidate", "company"),
        "hours_fit_in_a_week": "update {t} set overtime_hours = 169",
    },
    "fact_invoice": {**_words(("kind",)), **_of_references("company")},
    "entity_orphans_daily": {
        **_words(("fact",)),
        "row_has_references": 'update {t} set "rows" = 0, orphans = 0',
        "orphans_are_some_of_the_rows": 'update {t} set orphans = "rows" + 1',
    },
}
"""{table: {rule: statement}}"""

REFERENCES: dict[str, tuple[str, ...]] = {
    "fact_event": ("job", "company", "campaign"),
    "fact_application": ("job", "company", "candidate", "campaign"),
    "fact_placement": ("job", "candidate", "company"),
    "fact_timesheet": ("job", "candidate", "company"),
    "fact_invoice": ("company",),
}
"""{fact: the dimensions that it refers to}"""

_ONE = "(select min({key}) from {{t}} where {key} <> '-1')"

RECONCILED: dict[str, tuple[str, str]] = {
    **{
        f"dim_{name}_reconciles_with_versions": (
            f"dim_{name}",
            f"delete from {{t}} where {name}_key = {_ONE.format(key=f'{name}_key')}",
        )
        for name in DIMENSIONS
    },
    **{
        f"fact_{name}_reconciles_with_versions": (
            f"fact_{name}",
            f"delete from {{t}} where {name}_id = (select min({name}_id) from {{t}})",
        )
        for name in ("placement", "timesheet", "invoice")
    },
    "dim_date_reconciles_with_partitions": ("dim_date", "delete from {t} where weekday = 1"),
    "applications_reconcile_with_what_tells_of_them": (
        "applications",
        "delete from {t} where application_id = (select min(application_id) from {t})",
    ),
    "fact_application_reconciles_with_silver": (
        "fact_application",
        "delete from {t} where application_id = (select min(application_id) from {t})",
    ),
    "entity_orphans_daily_reconciles_with_facts": (
        "entity_orphans_daily",
        'update {t} set "rows" = "rows" + 1 where fact = \'fact_application\'',
    ),
    "fact_event_reconciles_with_silver": (
        "fact_event",
        "delete from {t} where event_date = (select max(event_date) from {t})",
    ),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
