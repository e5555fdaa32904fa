"""How many rows of silver a date has, and what became of its lines: what checks compare."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from jobmatch_assets.checks.check import Look
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.dates import is_of_days


def rows_by_date(look: Look, table: str, days: Collection[dt.date]) -> Counter[dt.date]:
    """{date: how many rows a table of silver has}; dates without rows are missing."""
    day = f"counted.{table_named(table).date_column}"
    found = look.query(
        f"select {day} as day, count(*) as number from {SILVER_SCHEMA}.{table} as counted "  # noqa: S608
        f"where {is_of_days(day, days)} group by {day}",
        len(days),
    )
    return Counter({row["day"]: row["number"] for row in found})


def lines_by_date(look: Look, feed: Feed, days: Collection[dt.date]) -> Mapping[dt.date, Counter[str]]:
    """{date: {silver table with some of its lines: how many}}."""
    lines: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for outcome in feed.outcomes:
        for date, rows in rows_by_date(look, outcome, days).items():
            lines[date][outcome] = rows
    return lines
