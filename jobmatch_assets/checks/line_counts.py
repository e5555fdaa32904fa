"""How many rows of silver a date has, and what became of its lines: what checks compare."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from jobmatch_assets.checks.day_filter import on_days
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA

if TYPE_CHECKING:
    import ibis


def rows_by_date(backend: "ibis.BaseBackend", table: str, days: Collection[dt.date]) -> Counter[dt.date]:
    """{date: how many rows a table of silver has}; dates without rows are missing."""
    column = table_named(table).date_column
    rows = backend.table(table, database=SILVER_SCHEMA)
    rows = rows.filter(on_days(rows[column], days))
    found = rows.group_by(day=rows[column]).aggregate(rows=rows.count()).to_pyarrow().to_pylist()
    return Counter({row["day"]: row["rows"] for row in found})


def lines_by_date(
    backend: "ibis.BaseBackend", feed: Feed, days: Collection[dt.date]
) -> Mapping[dt.date, Counter[str]]:
    """{date: {silver table with some of its lines: how many}}."""
    lines: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for outcome in feed.outcomes:
        for date, rows in rows_by_date(backend, outcome, days).items():
            lines[date][outcome] = rows
    return lines
