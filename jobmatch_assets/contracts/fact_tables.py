"""The contracts of facts, which refer to dimensions, and of what applications and openings are."""

from itertools import pairwise

from jobmatch_assets.contracts.clock import By, Whole
from jobmatch_assets.contracts.dimension_tables import looks_like_a_key
from jobmatch_assets.contracts.entities.matches import MATCH_WORDS, NO_MEMBER, ORIGINS, PRECISIONS
from jobmatch_assets.contracts.entities.tables import (
    CLOSED_STATUSES,
    INVOICE,
    STAGES_OF_HIRING,
    STATUSES_IN_ORDER,
)
from jobmatch_assets.contracts.table_contract import (
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    is_date_of,
    one_of,
    within,
)

FACT_EVENT_NAMES = ("impression", "click", "job_view", "bookmark", "apply_start", "apply")
"""The events that are facts of a job."""

_DAY = 86_400_000_000
"""In microseconds."""


def _refers_to(*dimensions: str) -> tuple[Rule, ...]:
    return tuple(rule for dimension in dimensions for rule in _reference(dimension))


def _reference(dimension: str) -> tuple[Rule, ...]:
    key, match = f"{dimension}_key", f"{dimension}_match"

    def agree(rows: Rows) -> Condition:
        has_member = rows[match].fill_null("unknown") != "unknown"
        return has_member == (rows[key] != NO_MEMBER)

    return (
        looks_like_a_key(key),
        one_of(match, MATCH_WORDS),
        Rule(
            f"{match}_agrees_with_its_key",
            f"{match} is unknown or NULL exactly where {key} is {NO_MEMBER}",
            (key, match),
            agree,
        ),
    )


def _whole_days(days: str, since: str, until: str) -> Rule:
    def are_whole(rows: Rows) -> Condition:
        micros = rows[until].delta(rows[since], unit="microsecond")
        is_missing = rows[since].isnull() | rows[until].isnull()
        fits = (rows[days] * _DAY <= micros) & (micros < (rows[days] + 1) * _DAY)
        return (rows[days].isnull() == is_missing) & fits.fill_null(True)

    return Rule(
        f"{days}_are_whole_days",
        f"{days} is {until} - {since} in whole days, rounded down, and NULL exactly where one is missing",
        (days, since, until),
        are_whole,
    )


_REACHED = tuple(f"reached_{stage}" for stage in STAGES_OF_HIRING[1:])

_STATUS_TIMES = tuple(f"{status}_at" for status in STATUSES_IN_ORDER)

APPLICATION_STATUS_HISTORY = TableContract(
    "silver",
    "application_status_history",
    Whole(),
    grain=("application_id", "status", "at"),
    rules=(
        one_of("status", STATUSES_IN_ORDER),
        one_of("precision", PRECISIONS),
        one_of("origin", ORIGINS),
        Rule(
            "only_versions_are_known_by_a_time",
            "precision is exact where origin is not version",
            ("precision", "origin"),
            lambda rows: (rows.precision == "exact") | (rows.origin == "version"),
        ),
    ),
)

OPENINGS = TableContract(
    "silver",
    "openings",
    Whole(),
    grain=("source", "job_id"),
    rules=(
        Rule(
            "opening_has_a_name",
            "opening_id is not empty",
            ("opening_id",),
            lambda rows: rows.opening_id != "",
        ),
    ),
)

FACT_EVENT = TableContract(
    "gold",
    "fact_event",
    By("event_date"),
    is_published=False,
    grain=("event_date", "event_id"),
    rules=(
        one_of("event_name", FACT_EVENT_NAMES),
        is_date_of("event_date", "event_ts"),
        *_refers_to("job", "company", "campaign"),
    ),
)

APPLICATIONS = TableContract(
    "silver",
    "applications",
    Whole(),
    grain=("application_id",),
    rules=(
        one_of("status", STATUSES_IN_ORDER),
        one_of("status_by_events", STATUSES_IN_ORDER),
        one_of("status_by_entity", STATUSES_IN_ORDER),
        is_date_of("applied_date", "applied_at"),
        Rule(
            "is_open_follows_from_status",
            f"is_open is true where status is none of {', '.join(CLOSED_STATUSES)}, and NULL without one",
            ("is_open", "status"),
            lambda rows: (
                (rows.is_open.isnull() == rows.status.isnull())
                & (rows.is_open ^ rows.status.isin(CLOSED_STATUSES)).fill_null(True)
            ),
        ),
        Rule(
            "stages_are_reached_in_order",
            "who has reached a stage has reached those before it",
            _REACHED,
            lambda rows: every(rows[earlier] | ~rows[later] for earlier, later in pairwise(_REACHED)),
        ),
        Rule(
            "seen_statuses_are_not_after_the_last",
            "no time of a status is later than status_at",
            ("status_at", *_STATUS_TIMES),
            lambda rows: every((rows[column] <= rows.status_at).fill_null(True) for column in _STATUS_TIMES),
        ),
        Rule(
            "conflict_is_a_difference",
            "status_conflict says whether status_by_events and status_by_entity differ; NULL without one",
            ("status_conflict", "status_by_events", "status_by_entity"),
            lambda rows: (
                (
                    rows.status_conflict.isnull()
                    == (rows.status_by_events.isnull() | rows.status_by_entity.isnull())
                )
                & (rows.status_conflict == (rows.status_by_events != rows.status_by_entity)).fill_null(True)
            ),
        ),
        _whole_days("days_to_response", "applied_at", "first_response_at"),
        _whole_days("days_to_placed", "applied_at", "placed_at"),
    ),
)

FACT_APPLICATION = TableContract(
    "gold",
    "fact_application",
    By("applied_date"),
    is_published=False,
    grain=("applied_date", "application_id"),
    rules=(
        *_refers_to("job", "company", "candidate", "campaign"),
        is_date_of("applied_date", "applied_at"),
    ),
)

FACT_PLACEMENT = TableContract(
    "gold",
    "fact_placement",
    Whole(),
    is_published=False,
    grain=("source", "placement_id"),
    rules=_refers_to("job", "candidate", "company"),
)

FACT_TIMESHEET = TableContract(
    "gold",
    "fact_timesheet",
    Whole(),
    is_published=False,
    grain=("source", "timesheet_id"),
    rules=(
        *_refers_to("job", "candidate", "company"),
        Rule(
            "hours_fit_in_a_week",
            "regular_hours and overtime_hours lie between 0 and 168",
            ("regular_hours", "overtime_hours"),
            lambda rows: every(
                rows[column].between(0, 168).fill_null(True) for column in ("regular_hours", "overtime_hours")
            ),
        ),
    ),
)

FACT_INVOICE = TableContract(
    "gold",
    "fact_invoice",
    Whole(),
    grain=("source", "invoice_id"),
    rules=(one_of("kind", INVOICE.words_of("kind")), *_refers_to("company")),
)

ENTITY_ORPHANS_DAILY = TableContract(
    "gold",
    "entity_orphans_daily",
    Whole(),
    grain=("fact", "column", "date"),
    rules=(
        one_of(
            "fact", ("fact_event", "fact_application", "fact_placement", "fact_timesheet", "fact_invoice")
        ),
        Rule("row_has_references", "rows is 1 or more", ("rows",), lambda rows: rows["rows"] >= 1),
        within((("orphans", "rows"),), "orphans_are_some_of_the_rows"),
    ),
)

FACT_TABLES = (
    *(APPLICATION_STATUS_HISTORY, OPENINGS),
    *(APPLICATIONS, FACT_EVENT, FACT_APPLICATION, FACT_PLACEMENT, FACT_TIMESHEET, FACT_INVOICE),
    ENTITY_ORPHANS_DAILY,
)
"""In the order in which they are built."""
