"""Who comes how often, which jobs are wanted and which companies answer; told where the copy has segments."""

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb

from jobmatch_assets.contracts.tiers import INSUFFICIENT, SILENT, words_of
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Part, Section, Table
from jobmatch_assets.reports.reading import has_columns, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.wording import NONE, count, percent

TABLES = ("user_segments_daily", "job_mart_history", "company_mart_history")

_COLUMNS = {
    "user_segments_daily": ("date", "segment", "units", "entered", "left"),
    "job_mart_history": ("tier", "quality_tier", "valid_from", "valid_to"),
    "company_mart_history": ("responsiveness", "valid_from", "valid_to"),
}
_TIERS = (
    ("Jobs by tier", "job_mart_history", "tier", (*words_of("tier"), INSUFFICIENT)),
    ("Jobs by quality tier", "job_mart_history", "quality_tier", (*words_of("quality_tier"), INSUFFICIENT)),
    (
        "Companies by how soon they answer",
        "company_mart_history",
        "responsiveness",
        (*reversed(words_of("responsiveness")), SILENT, INSUFFICIENT),
    ),
)
_WIDTHS = (3.6, 4, 4)


def segments(connection: duckdb.DuckDBPyConnection, comparing: Comparing, _axis: TimeAxis) -> Section | None:
    """The section; None where the copy has no segments of the week."""
    if not has_columns(connection, _COLUMNS):
        return None
    week = comparing.state.week
    weeks = (week,) if comparing.obstacle else (week, week.before)
    parts = [*_users(connection, week, weeks), *_tiers(connection, weeks)]
    if not parts:
        return None
    return Section(
        "Segments",
        "Words for users, jobs and companies, from fixed thresholds: nobody changes the word because others "
        "do. All are counted, so these numbers have no interval.",
        parts,
        ("segment_units", "segment_entered", "segment_left"),
    )


def _users(connection: duckdb.DuckDBPyConnection, week: Week, weeks: Sequence[Week]) -> list[Part]:
    """Of each segment: how many are in it on Sunday, who came and who went; none without a row on Sunday."""
    found = rows_of(
        connection,
        'select "date", segment, units, entered, "left" from user_segments_daily '
        'where "date" between $first and $last',
        first=week.before.monday, last=week.sunday,
    )  # fmt: skip
    units = {(row["date"], row["segment"]): row["units"] for row in found}
    if not any(day == week.sunday for day, _ in units):
        return []
    there = {day for day, _ in units}

    def on_sunday(of: Week, segment: str) -> Cell:
        return Cell(count(units.get((of.sunday, segment), 0)) if of in weeks and of.sunday in there else NONE)

    def moved(segment: str, column: str) -> Cell:
        rows = [row[column] for row in found if row["segment"] == segment and row["date"] in week.days]
        return Cell(count(sum(rows)))

    return [
        Table(
            "Users by segment",
            ("", "> On Sunday", "> A week before", "> Came in the week", "> Went in the week"),
            [
                [
                    Cell(segment, strong=True),
                    on_sunday(week, segment),
                    on_sunday(week.before, segment),
                    moved(segment, "entered"),
                    moved(segment, "left"),
                ]
                for segment in words_of("segment")
            ],
            (2.4, 2.4, 2.4, 2.4, 2.4),
            "By the number of dates of the last 28 on which somebody was active. Who comes and goes several "
            "times in the week counts each time.",
        )
    ]


def _tiers(connection: duckdb.DuckDBPyConnection, weeks: Sequence[Week]) -> list[Part]:
    """A table for each kind of tier of which anything is known on Sunday."""
    parts: list[Part] = []
    for title, table, column, words in _TIERS:
        numbers = [_members(connection, table, column, week.sunday) for week in weeks]
        if numbers[0]:
            parts.append(
                Table(
                    title,
                    ("", "> On Sunday", "> A week before"),
                    [[Cell(word, strong=True), *_shares(numbers, word)] for word in words],
                    _WIDTHS,
                    f"{INSUFFICIENT}: too little evidence for a word.",
                )
            )
    return parts


def _members(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, day: dt.date
) -> Mapping[str, int]:
    """{word: how many have it at the close of a date}."""
    found = rows_of(
        connection,
        f"select {column} as word, count(*) as n from {table} "  # noqa: S608 - names of this file
        "where valid_from <= $day and (valid_to is null or valid_to > $day) group by 1",
        day=day,
    )
    return {row["word"]: row["n"] for row in found}


def _shares(numbers: Sequence[Mapping[str, int]], word: str) -> list[Cell]:
    cells = []
    for members in numbers:
        total = sum(members.values())
        cells.append(
            Cell(count(members.get(word, 0)), percent(members.get(word, 0) / total)) if total else Cell(NONE)
        )
    return [*cells, *[Cell(NONE)] * (2 - len(cells))]
