"""How many rows of silver a date has, and what became of its lines: what checks compare."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from jobmatch_assets.checks.day_filter import on_days
from jobmatch_assets.contracts.bronze import SILVER_SCHEMA

if TYPE_CHECKING:
    import ibis

_OUTCOMES = ("events", "events_duplicates", "events_quarantine")


def rows_by_date(backend: "ibis.BaseBackend", table: str, days: Collection[dt.date]) -> Counter[dt.date]:
    """{date: how many rows a table of silver has}; dates without rows are missing."""
    rows = backend.table(table, database=SILVER_SCHEMA)
    rows = rows.filter(on_days(rows.event_date, days))
    found = rows.group_by("event_date").aggregate(rows=rows.count()).to_pyarrow().to_pylist()
    return Counter({row["event_date"]: row["rows"] for row in found})


def lines_by_date(backend: "ibis.BaseBackend", days: Collection[dt.date]) -> Mapping[dt.date, Counter[str]]:
    """{date: {what became of its lines: how many}}."""
    lines: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for outcome in _OUTCOMES:
        for date, rows in rows_by_date(backend, outcome, days).items():
            lines[date][outcome] = rows
    return lines
