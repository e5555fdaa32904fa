"""Employers, and what they are invoiced and pay in the last month that has ended; where the copy has that."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb

from jobmatch_assets.contracts.clock import first_of
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Part, Section, Table
from jobmatch_assets.reports.reading import has_columns, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, amount, count, name, percent

TABLES = ("employers_monthly", "revenue_monthly")

_EMPLOYERS = {
    "active_employers": "Active employers",
    "new_employers": "New employers",
    "repeat_employers": "Employers that came back",
    "openings_posted": "Openings posted",
    "applications": "Applications",
    "placed": "Placed",
}
_AMOUNTS = {"net": "Net invoiced", "paid": "Paid", "outstanding": "Outstanding", "overdue": "Overdue"}
_COLUMNS = {
    "employers_monthly": (*_EMPLOYERS, "filled_90d", "filled_90d_rate"),
    "revenue_monthly": ("currency", "placements", *_AMOUNTS),
}
_METRICS = tuple(f"monthly_{column}" for column in (*_EMPLOYERS, "filled_90d_rate", "placements", *_AMOUNTS))


def revenue(connection: duckdb.DuckDBPyConnection, comparing: Comparing, _axis: TimeAxis) -> Section | None:
    """The section; None where the copy holds nothing of the months."""
    if not has_columns(connection, _COLUMNS):
        return None
    # The month of the day after Sunday has not ended, the one before has.
    ended = first_of("month", first_of("month", comparing.state.week.sunday + ONE_DAY) - ONE_DAY)
    months = (ended, first_of("month", ended - ONE_DAY))
    parts = [*_employers(connection, months), *_revenue(connection, months)]
    if not parts:
        return None
    return Section(
        "Employers and revenue",
        f"The last month that had ended by Sunday, {_month(ended)}, and the one before. Amounts are those of "
        "one currency each: nothing is converted or added over currencies.",
        parts,
        _METRICS,
    )


def _month(day: dt.date) -> str:
    return f"{day:%B %Y}"


def _employers(connection: duckdb.DuckDBPyConnection, months: Sequence[dt.date]) -> list[Part]:
    found = {
        row["month_start"]: row
        for row in rows_of(
            connection,
            "from employers_monthly where company_id = $all and month_start <= $last",
            last=months[0], all=ALL,
        )
    }  # fmt: skip
    if months[0] not in found:
        return []
    rows = [
        [Cell(label, strong=True), *(_count(found, month, column) for month in months)]
        for column, label in _EMPLOYERS.items()
    ]
    mature = sorted((month for month, row in found.items() if row["filled_90d"] is not None), reverse=True)
    cells = [_filled(found[month], month) for month in mature[:2]]
    rows.append([Cell("Filled within 90 days", strong=True), *cells, *[Cell(NONE)] * (2 - len(cells))])
    return [
        Table(
            "Employers",
            ("", *(f"> {_month(month)}" for month in months)),
            rows,
            (3.6, 4, 4),
            "Filled within 90 days is told of the newest months after which 90 days have passed. Openings of"
            " one company hang together, so these numbers have no interval.",
        )
    ]


def _count(found: Mapping[dt.date, Mapping[str, Any]], month: dt.date, column: str) -> Cell:
    return Cell(count(found[month][column]) if month in found else NONE)


def _filled(row: Mapping[str, Any], month: dt.date) -> Cell:
    of = f"of {count(row['openings_posted'])} openings of {_month(month)}"
    return Cell(percent(row["filled_90d_rate"]), of)


def _revenue(connection: duckdb.DuckDBPyConnection, months: Sequence[dt.date]) -> list[Part]:
    """A table for each month, with a row for each currency; none for a month without any."""
    columns: dict[str, Callable[[Mapping[str, Any]], str]] = {
        label: (lambda row, column=column: amount(row[column], row["currency"]))  # type: ignore[misc]
        for column, label in _AMOUNTS.items()
    }
    parts: list[Part] = []
    for month in months:
        rows = rows_of(
            connection,
            "from revenue_monthly where company_id = $all and month_start = $month "
            "order by currency = '(none)', currency",
            month=month, all=ALL,
        )  # fmt: skip
        if rows:
            parts.append(
                Table(
                    f"Revenue in {_month(month)}",
                    ("", "> Placements", *(f"> {label}" for label in columns)),
                    [
                        [
                            Cell(name(row["currency"]), strong=True),
                            Cell(count(row["placements"])),
                            *(Cell(form(row)) for form in columns.values()),
                        ]
                        for row in rows
                    ],
                    (1.4, 1.7, 3, 3, 3, 3),
                    "Outstanding and overdue as of the close of the month.",
                )
            )
    return parts
