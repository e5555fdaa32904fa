"""The contracts of the gold tables about lines: what became of them, and how late they came."""

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.table_contract import (
    Rule,
    TableContract,
    one_of,
    quotient,
    shares,
    within,
)
from jobmatch_assets.contracts.vocabulary import QUARANTINE_REASONS

EARLIER_COPIES = TableContract("silver", "earlier_copies", By("event_date"), grain=("event_date", "event_id"))

DATA_HEALTH_DAILY = TableContract(
    "gold",
    "data_health_daily",
    By("date"),
    grain=("date",),
    rules=(
        Rule("row_has_lines", "lines is 1 or more", ("lines",), lambda rows: rows.lines >= 1),
        Rule(
            "lines_have_one_outcome",
            "lines is events + duplicates + quarantined",
            ("lines", "events", "duplicates", "quarantined"),
            lambda rows: rows.lines == rows.events + rows.duplicates + rows.quarantined,
        ),
        within(
            (
                *(("events", "lines"), ("duplicates", "lines"), ("quarantined", "lines")),
                *(
                    ("late_1_day", "events"),
                    ("late_2_days_or_more", "events"),
                    ("with_ingested_at", "events"),
                ),
            ),
            "counts_are_within_bounds",
        ),
        Rule(
            "late_events_are_within_events",
            "late_1_day + late_2_days_or_more <= events",
            ("late_1_day", "late_2_days_or_more", "events"),
            lambda rows: rows.late_1_day + rows.late_2_days_or_more <= rows.events,
        ),
        shares(("quarantined_share",)),
        quotient("quarantined_share", "quarantined", "lines"),
        Rule(
            "newest_event_is_of_the_date",
            "newest_event_ts lies on the date, and is NULL exactly without an event",
            ("newest_event_ts", "events"),
            lambda rows: (
                (rows.newest_event_ts.isnull() == (rows.events == 0))
                & (rows.newest_event_ts.isnull() | (rows.newest_event_ts.date() == rows.date))
            ),
        ),
        Rule(
            "lateness_exists_with_ingested_at",
            "median_lateness_seconds and p95_lateness_seconds are NULL exactly without an event that has "
            "ingested_at",
            ("with_ingested_at", "median_lateness_seconds", "p95_lateness_seconds"),
            lambda rows: (
                (rows.median_lateness_seconds.isnull() == (rows.with_ingested_at == 0))
                & (rows.p95_lateness_seconds.isnull() == (rows.with_ingested_at == 0))
            ),
        ),
        Rule(
            "percentiles_are_ordered",
            "0 <= median_lateness_seconds <= p95_lateness_seconds",
            ("median_lateness_seconds", "p95_lateness_seconds"),
            lambda rows: (
                (rows.median_lateness_seconds >= 0)
                & (rows.median_lateness_seconds <= rows.p95_lateness_seconds)
            ),
        ),
    ),
)

QUARANTINE_DAILY = TableContract(
    "gold",
    "quarantine_daily",
    By("date"),
    grain=("date", "reason"),
    rules=(
        one_of("reason", QUARANTINE_REASONS),
        Rule("row_has_lines", "lines is 1 or more", ("lines",), lambda rows: rows.lines >= 1),
    ),
)
