"""Data health: which numbers may be used, and what became of the lines that they are made of."""

from functools import partial

from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.charts.states import states
from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.registry import TABLES
from jobmatch_assets.dashboards.page import Chart, Column, Page, Section, Table, Tile

_HEALTH, _QUARANTINE = "data_health_daily", "quarantine_daily"
_DATED = [table for table in TABLES if table.layer == "gold" and table.is_published and table.date_column]
_PARTS = ("events", "duplicates", "quarantined")
_STATES = {
    "fine": "#cfe3d8",
    "○ incomplete": "#dfe7f0",
    "· no rows": "#eceef1",
    "H held back": "#f0c15c",
    "! fails a check": "#e8897f",
}


def _key(name: str) -> str:
    return f"dates_of_{name}"


_MAP = Chart(
    name="states",
    title="Tables and dates",
    caption="Each table of gold on each date, a week as one. Held back: rows are missing, or as before. "
    "Incomplete: numbers will still grow. Tables of other layers stand here where a check of theirs fails.",
    rows="table_states",
    options={
        "tables": [
            {
                "key": _key(table.table),
                "table": str(table.key),
                "name": table.table,
                "days": 7 if isinstance(table.clock, By) and table.clock.unit == "week" else 1,
            }
            for table in _DATED
        ]
    },
    columns=(
        Column("thing", "Table"),
        Column("day", "Date", "date"),
        Column("state", "State"),
        Column("rows", "Rows n", "count"),
        Column("why", "Why", "long"),
    ),
    spec=partial(states, _STATES),
)

_TROUBLES = Chart(
    name="troubles",
    title="What is held back, and what fails",
    caption="On all dates, also those that are not chosen above.",
    rows="troubles",
    columns=(
        Column("event_date", "Date", "date"),
        Column("what", "State"),
        Column("where", "Where", "long"),
        Column("check_name", "Check", "long"),
        Column("since", "Since"),
        Column("message", "What, and what to do", "long"),
    ),
)

_LINES = Chart(
    name="lines",
    title="What became of each line",
    caption="Stacks: lines that became events, were told twice, or were quarantined. Dark lines: all "
    "lines of the date. Every line has one outcome, so the difference is 0.",
    rows="outcomes_of_lines",
    options={"table": _HEALTH},
    columns=(
        Column("day", "Date", "date"),
        Column("lines", "Lines n", "count"),
        *(Column(name, name.capitalize(), "count") for name in _PARTS),
        Column("difference", "Difference", "count"),
    ),
    spec=partial(parts, "lines", _PARTS, "lines in all"),
    metrics=("lines", *_PARTS),
)

_OVER_QUARANTINE = {"table": _QUARANTINE, "of": _HEALTH}

_REASONS_BY_DATE = Chart(
    name="reasons_by_date",
    title="Why lines were quarantined",
    caption="The five most frequent reasons of these dates, and the others together. The table has all.",
    rows="reasons_by_date",
    options=_OVER_QUARANTINE,
    columns=(
        Column("day", "Date", "date"),
        Column("reason", "Reason"),
        Column("lines", "Lines n", "count"),
    ),
    spec=partial(parts, "lines", None),
    metrics=("quarantine_lines",),
    is_wide=False,
)

_REASONS = Chart(
    name="reasons",
    title="Reasons of these dates",
    caption="docs/events.md says of each what is wrong with such a line, and how to send it right.",
    rows="reasons",
    options=_OVER_QUARANTINE,
    columns=(
        Column("reason", "Reason"),
        Column("lines", "Lines", "count"),
        Column("share", "Of all lines", "share"),
        Column("n", "All lines n", "count"),
        Column("dates", "Dates", "count"),
    ),
    is_wide=False,
)


_lines = partial(plain_lines, height=180)


_LATE = {"one day": "late_1_day", "two days or more": "late_2_days_or_more"}

_LATE_EVENTS = Chart(
    name="late_events",
    title="Events in files of a later day",
    caption="The share of events whose file stands under a later day than the one on which they happened.",
    rows="quotients_by_date",
    options={
        "table": _HEALTH,
        "quotients": [
            {"series": label, "numerator": column, "denominator": "events"} for label, column in _LATE.items()
        ],
    },
    columns=(
        Column("day", "Date", "date"),
        Column("series", "Late by"),
        Column("hits", "Late", "count"),
        Column("value", "Share", "percent"),
        Column("n", "Events n", "count"),
    ),
    spec=partial(_lines, "share of events", ".1~%", ".2%", "events", tuple(_LATE)),
    metrics=tuple(_LATE.values()),
    is_wide=False,
)

_COVERAGE = Chart(
    name="ingested_coverage",
    title="Events that say when they arrived",
    caption="The share of events with ingested_at, of which the two numbers of seconds speak.",
    rows="quotients_by_date",
    options={
        "table": _HEALTH,
        "quotients": [{"series": "said so", "numerator": "with_ingested_at", "denominator": "events"}],
    },
    columns=(
        Column("day", "Date", "date"),
        Column("hits", "With ingested_at", "count"),
        Column("value", "Share", "percent"),
        Column("n", "Events n", "count"),
    ),
    spec=partial(_lines, "share of events", ".0%", ".1%", "events"),
    metrics=("with_ingested_at",),
    is_wide=False,
)


def _seconds(column: str, title: str, caption: str) -> Chart:
    return Chart(
        name=column,
        title=title,
        caption=caption,
        rows="values_by_date",
        options={"table": _HEALTH, "column": column, "n": ["with_ingested_at"]},
        columns=(
            Column("day", "Date", "date"),
            Column("value", "Seconds", "seconds"),
            Column("n", "Events that say so n", "count"),
        ),
        spec=partial(_lines, "seconds", "~s", ",.1f", "events that say so"),
        metrics=(column,),
        is_wide=False,
    )


_NUMBERS = (
    Tile("unaccounted", "Lines that do not add up", "unaccounted", {"table": _HEALTH}),
    Tile("lines", "Lines", "count", {"table": _HEALTH, "column": "lines"}, metric="lines"),
    Tile(
        "quarantined_share",
        "Quarantined lines",
        "quotient",
        {"table": _HEALTH, "numerator": "quarantined", "denominator": "lines", "of": "lines"},
        "percent",
        metric="quarantined_share",
    ),
    Tile(
        "late_2_days_or_more",
        "Events two days late or more",
        "quotient",
        {"table": _HEALTH, "numerator": "late_2_days_or_more", "denominator": "events", "of": "events"},
        "percent",
        metric="late_2_days_or_more",
    ),
)

PAGE = Page(
    name="data_health",
    title="Data health",
    question="Which numbers are there, and what became of the lines that they are made of?",
    position=60,
    facts=("stages",),
    tables=(
        Table(
            _HEALTH,
            (
                *("lines", *_PARTS, *_LATE.values()),
                *("with_ingested_at", "median_lateness_seconds", "p95_lateness_seconds"),
            ),
            "date",
        ),
        Table(_QUARANTINE, ("reason", "lines"), "date"),
        *(
            Table(table.table, (), table.date_column or "", key=_key(table.table), rows_as="count")
            for table in _DATED
        ),
    ),
    sections=(
        Section("May these dates be used?", (_MAP, _TROUBLES)),
        Section("Is every line accounted for?", (*_NUMBERS, _LINES, _REASONS_BY_DATE, _REASONS)),
        Section(
            "How late do events come?",
            (
                _LATE_EVENTS,
                _COVERAGE,
                _seconds(
                    "median_lateness_seconds",
                    "Seconds until half of the events have arrived",
                    "Median over the events of a date that say when they arrived. Medians of dates are not "
                    "put together.",
                ),
                _seconds(
                    "p95_lateness_seconds",
                    "Seconds until 95\u00a0% of them have",
                    "The 95th percentile of the same events.",
                ),
            ),
        ),
    ),
    scripts=("quotients.js", "stacks.js", "data_health.js"),
)
