"""Whether searches find something, and whether what they find is clicked."""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Chart, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, rows_of, total
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, count, lowest_to_highest, percent, score, seconds

TABLES = ("search_quality_daily",)
LATER_COLUMNS = {"search_quality_daily": ("counted_searches", "clicked_items", "clicked_ranks")}

_COUNTS = (
    ("searches", "Searches"),
    ("lists", "Result lists"),
    ("unattributed_clicks", "Unattributed clicks"),
    ("unattributed_applies", "Unattributed applications"),
)
_SHARES = (
    ("Zero-result rate", "zero_result_searches", "counted_searches", "searches that say how much they found"),
    ("Searches that say how much they found", "counted_searches", "searches", "searches"),
    ("Abandonment rate", "abandoned_lists", "lists", "lists"),
)


def search_quality(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> Section:
    """The section."""
    found = rows_of(
        connection,
        "from search_quality_daily where event_date between $first and $last and surface = $all "
        "order by event_date",
        first=min(axis.first, comparing.state.week.before.monday), last=axis.last, all=ALL,
    )  # fmt: skip
    week = comparing.state.week
    now = [row for row in found if row["event_date"] in week.days]
    before = [row for row in found if row["event_date"] in week.before.days]
    return Section(
        "Search quality",
        "Whether searches find something, and whether a result list leads to a click within 24 hours.",
        [
            Table(
                "The week against the week before",
                ("", "> This week", "> Week before"),
                [
                    *(_row(label, comparing, _share(*of), now, before) for label, *of in _SHARES),
                    *(_row(label, comparing, _count(column), now, before) for column, label in _COUNTS),
                    _row("Mean click position", comparing, _mean_click_position, now, before),
                    _row("Median time to first click", comparing, _medians, now, before),
                ],
                (3.6, 4, 4),
                "These numbers have no interval, since searches and lists of one user hang together; so "
                "nothing is said of a change. Medians of dates cannot be put together.",
            ),
            _chart("Zero-result rate", "zero_result_rate", found, axis),
            _chart("Abandonment rate", "abandonment_rate", found, axis),
        ],
        (
            "zero_result_rate",
            "abandonment_rate",
            "mean_click_position",
            "median_seconds_to_first_click",
            "unattributed_clicks",
            "unattributed_applies",
        ),
    )


Asked = Callable[[Rows], Cell]


def _row(label: str, comparing: Comparing, ask: Asked, now: Rows, before: Rows) -> list[Cell]:
    earlier = Cell(NONE) if comparing.obstacle else ask(before)
    return [Cell(label, strong=True), ask(now), earlier]


def _share(part: str, whole: str, of: str) -> Asked:
    """A ratio of sums."""

    def ask(rows: Rows) -> Cell:
        parts, wholes = total(rows, part), total(rows, whole)
        if not wholes or parts is None:
            return Cell(NONE, f"no {of}")
        return Cell(percent(parts / wholes), f"{count(parts)} of {count(wholes)} {of}")

    return ask


def _count(column: str) -> Asked:
    return lambda rows: Cell(count(total(rows, column)))


def _mean_click_position(rows: Rows) -> Cell:
    """The mean over the clicked items of all dates."""
    clicked, ranks = total(rows, "clicked_items"), total(rows, "clicked_ranks")
    if not clicked or ranks is None:
        return Cell(NONE, "nothing was clicked")
    return Cell(score(ranks / clicked, 2), f"of {count(clicked)} clicked items")


def _medians(rows: Rows) -> Cell:
    found = lowest_to_highest([row["median_seconds_to_first_click"] for row in rows], seconds)
    return Cell(found, "nothing was clicked" if found == NONE else "lowest to highest date")


def _chart(label: str, column: str, found: Sequence[dict[str, Any]], axis: TimeAxis) -> Part:
    values = {row["event_date"]: row[column] for row in found}
    rows = [axis.row(day, _point(values.get(day))) for day in axis.days]
    details = (("day", "date", ""), ("value", "share", ".1%"))
    chart = Chart(
        label,
        f"By date. {axis.legend}".rstrip(),
        f"{label} by date. {axis.summary(rows, percent)}",
        over_time("value", "", details, axis_format=".1~%", from_zero=False),
        axis.data(rows),
        axis.parameters,
        height=95,
        half=True,
    )
    return axis.drawn(chart)


def _point(value: float | None) -> Interval | None:
    return None if value is None else Interval(value, value, value)
