"""What is on offer, and what became of postings: told where the copy has a table of postings."""

import datetime as dt

import duckdb

from jobmatch_assets.contracts.subjects.postings import REASONS_OF_END
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Section, Table
from jobmatch_assets.reports.reading import Rows, has_columns, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.wording import NONE, count, percent, score

TABLES = ("postings_daily",)

_BEGUN = {"posted": "Posted", "resumed": "Resumed", "ended": "Ended"}
_REASONS = {reason: reason.replace("closed_other", "closed for another reason") for reason in REASONS_OF_END}
_STATES = ("live_postings", "live_openings", "stale_postings", "median_age_days")
_COLUMNS = {"postings_daily": (*_BEGUN, *_REASONS, *_STATES)}


def market(connection: duckdb.DuckDBPyConnection, comparing: Comparing, _axis: TimeAxis) -> Section | None:
    """The section; None where the copy has no postings of the week."""
    if not has_columns(connection, _COLUMNS):
        return None
    week = comparing.state.week
    found = rows_of(
        connection,
        "from postings_daily where date between $first and $last "
        "and category = $all and country = $all and source = $all",
        first=week.before.monday, last=week.sunday, all=ALL,
    )  # fmt: skip
    if not any(row["date"] in week.days for row in found):
        return None
    ((last,),) = connection.execute("select max(date) from postings_daily").fetchall()
    now = _cells(found, week, last)
    before = [Cell(NONE)] * len(now) if comparing.obstacle else _cells(found, week.before, last)
    labels = (
        *("Live postings on Sunday", "Live openings on Sunday", "Stale on Sunday", "Median age on Sunday"),
        *_BEGUN.values(),
        *(f"\u2013 {reason}" for reason in _REASONS.values()),
    )
    return Section(
        "Market",
        "How many jobs are on offer, and what becomes of them. A posting can end more than once: a pause is "
        "an end.",
        [
            Table(
                "The week against the week before",
                ("", "> This week", "> Week before"),
                [
                    [Cell(label, strong=True), *cells]
                    for label, *cells in zip(labels, now, before, strict=True)
                ],
                (3.6, 4, 4),
                "All postings are counted, so these numbers have no interval. Stale: live for more than 90 "
                "days, and not meant to be always open.",
            )
        ],
        ("live_postings", "live_openings", "stale_postings", "median_age_days", "posted", "resumed", "ended"),
    )


def _cells(found: Rows, week: Week, last: dt.date) -> list[Cell]:
    """What the rows say of a week; a date without a row counts nothing, unless the table ends before it."""
    if week.sunday > last:
        states = [Cell(NONE, "the data end before")] * len(_STATES)
    else:
        row = next((row for row in found if row["date"] == week.sunday), {})
        live, stale, age = (row.get(name) for name in ("live_postings", "stale_postings", "median_age_days"))
        states = [
            Cell(count(live or 0)),
            Cell(count(row.get("live_openings") or 0)),
            Cell(percent(stale / live), f"{count(stale)} of {count(live)}") if live else Cell(NONE),
            Cell(NONE, "fewer than 5 are live") if age is None else Cell(f"{score(age, 1)} days"),
        ]
    of_week = [row for row in found if row["date"] in week.days]
    return [*states, *(Cell(count(sum(row[name] for row in of_week))) for name in (*_BEGUN, *_REASONS))]
