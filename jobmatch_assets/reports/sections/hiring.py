"""What became of applications and openings: told where the copy has tables of hiring."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, rows_of, total
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.wording import NONE, count, days, percent, score

COLUMNS = {
    "hiring_funnel_daily": ("applications", "responded_7d", "interview_30d", "placed_60d"),
    "hiring_activity_daily": ("applications", "interview", "offered", "placed"),
    "time_to_fill": (
        *("openings", "filled", "closed_unfilled", "still_open", "filled_share_30", "filled_share_60"),
        *("median_days_to_fill",),
    ),
    "time_to_hire_weekly": ("hires", "median_days_application_to_hire"),
}
"""What it reads; without all of it there is no section."""

_HAPPENED = (
    ("applications", "Applications"),
    ("interview", "First interviews"),
    ("offered", "First offers"),
    ("placed", "Placed"),
)
_HORIZONS = (
    ("Answered within 7 days", "responded_7d"),
    ("Interview within 30 days", "interview_30d"),
    ("Placed within 60 days", "placed_60d"),
)
_OPENINGS = (
    ("Openings of 180 dates", "openings", count),
    ("Filled", "filled", count),
    ("Closed unfilled", "closed_unfilled", count),
    ("Still open", "still_open", count),
    ("Filled within 30 days", "filled_share_30", percent),
    ("Filled within 60 days", "filled_share_60", percent),
    ("Median days to fill", "median_days_to_fill", count),
)
_WHOLE = "company_id = $all and category = $all and channel = $all"
_WIDTHS = (3.6, 4, 4)


def hiring(connection: duckdb.DuckDBPyConnection, comparing: Comparing, _axis: TimeAxis) -> Section | None:
    """The section; None where the copy has no numbers of hiring."""
    if not _is_there(connection):
        return None
    week = comparing.state.week
    parts = [
        *_happened(connection, comparing),
        *_cohorts(connection, week),
        *_openings(connection, comparing),
    ]
    if not parts:
        return None
    return Section(
        "Hiring",
        "What became of applications, and of the openings of the product. Applications to one company are "
        "answered together, so these numbers have no interval, and nothing is said of a change.",
        parts,
        (
            *("activity_applications", "activity_interview", "activity_offered", "activity_placed"),
            *("median_days_application_to_hire", "responded_7d_rate", "interview_30d_rate"),
            *(
                "placed_60d_rate",
                "fill_openings",
                "fill_still_open",
                "filled_share_60",
                "median_days_to_fill",
            ),
        ),
    )


def _is_there(connection: duckdb.DuckDBPyConnection) -> bool:
    found = set(
        connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = $schema and database_name = current_database()",
            {"schema": GOLD_SCHEMA},
        ).fetchall()
    )
    return all((table, column) in found for table, columns in COLUMNS.items() for column in columns)


def _happened(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> list[Part]:
    week = comparing.state.week
    found = rows_of(
        connection,
        f"from hiring_activity_daily where date between $first and $last and {_WHOLE}",
        first=week.before.monday, last=week.sunday, all=ALL,
    )  # fmt: skip
    hires = rows_of(
        connection,
        "from time_to_hire_weekly where week_start between $first and $last and category = $all",
        first=week.before.monday, last=week.monday, all=ALL,
    )  # fmt: skip
    if not found:
        return []
    weeks = (week,) if comparing.obstacle else (week, week.before)

    def row(label: str, cells: list[Cell]) -> list[Cell]:
        return [Cell(label, strong=True), *cells, *[Cell(NONE)] * (2 - len(cells))]

    rows = [row(label, [Cell(count(_sum(found, of, column))) for of in weeks]) for column, label in _HAPPENED]
    rows.append(row("Median days to hire", [_days_to_hire(hires, of) for of in weeks]))
    return [
        Table(
            "What happened in the week, against the week before",
            ("", "> This week", "> Week before"),
            rows,
            _WIDTHS,
            "By the date on which it first happened, whenever the application was made. The days to hire "
            "describe those who were hired only, and are no forecast for those who wait.",
        )
    ]


def _sum(rows: Rows, week: Week, column: str) -> float | None:
    return total([row for row in rows if row["date"] in week.days], column)


def _days_to_hire(rows: Rows, week: Week) -> Cell:
    for row in rows:
        if row["week_start"] == week.monday:
            median = row["median_days_application_to_hire"]
            few = "too few for a median, of " if median is None else "of "
            return Cell(score(median, 1), f"{few}{count(row['hires'])} hires")
    return Cell(NONE, "nobody was hired")


def _cohorts(connection: duckdb.DuckDBPyConnection, week: Week) -> list[Part]:
    """Of each horizon, the newest two weeks all of whose applications are old enough."""
    rows = []
    for label, column in _HORIZONS:
        found = rows_of(
            connection,
            f"""
            select date_trunc('week', applied_date)::date as monday, sum({column}) as hits,
                   sum(applications) as n
            from hiring_funnel_daily
            where applied_date <= $last and {_WHOLE}
            group by monday
            having count({column}) = count(*)
            order by monday desc
            limit 2
            """,  # noqa: S608 - names of this file
            last=week.sunday, all=ALL,
        )  # fmt: skip
        cells = [_cohort(row) for row in found]
        if cells:
            rows.append([Cell(label, strong=True), *cells, *[Cell(NONE)] * (2 - len(cells))])
    if not rows:
        return []
    return [
        Table(
            "The same time for every application",
            ("", "> Newest week old enough", "> The one before"),
            rows,
            _WIDTHS,
            "By week of application. A week is old enough when all its applications are.",
        )
    ]


def _cohort(row: dict[str, Any]) -> Cell:
    week = Week.of_date(row["monday"])
    return Cell(percent(row["hits"] / row["n"]), f"of {count(row['n'])}, {days(week.monday, week.sunday)}")


def _openings(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> list[Part]:
    week = comparing.state.week
    found = {
        row["as_of_date"]: row
        for row in rows_of(
            connection,
            "from time_to_fill where as_of_date in ($now, $before) and category = $all",
            now=week.sunday, before=week.before.sunday, all=ALL,
        )
    }  # fmt: skip
    if week.sunday not in found:
        return []

    def cell(day: dt.date, column: str, form: Callable[[float | None], str]) -> Cell:
        return Cell(form(found[day][column]) if day in found else NONE)

    return [
        Table(
            "Openings, as of Sunday",
            ("", "> This week", "> Week before"),
            [
                [
                    Cell(label, strong=True),
                    cell(week.sunday, column, form),
                    cell(week.before.sunday, column, form),
                ]
                for label, column, form in _OPENINGS
            ],
            _WIDTHS,
            "Of the openings that went live on one of the 180 dates up to it. Open ones count as long as "
            "they were seen. No median: fewer than half get filled, as far as they were observed.",
        )
    ]
