"""Whether searches find something, and whether what they find is clicked."""

from collections.abc import Sequence
from typing import Any

import duckdb

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Chart, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, rows_of, total
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import count, lowest_to_highest, percent, score, seconds

TABLES = ("search_quality_daily",)

_COUNTS = (
    ("searches", "Searches"),
    ("zero_result_searches", "Searches that find nothing"),
    ("lists", "Result lists"),
    ("unattributed_clicks", "Unattributed clicks"),
    ("unattributed_applies", "Unattributed applications"),
)
_DAILY = (
    ("zero_result_rate", "Zero-result rate", percent),
    ("mean_click_position", "Mean click position", lambda value: score(value, 1)),
    ("median_seconds_to_first_click", "Median time to first click", seconds),
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
                ("", "> This week", "> Week before", "How it is put together"),
                [
                    _abandonment(now, before, comparing),
                    *_counts(now, before, comparing),
                    *_daily(now, before, comparing),
                ],
                (3.2, 2.6, 2.6, 4.2),
                "These numbers have no interval: lists of one user hang together, and the tables have no "
                "sums of them by user. So nothing is said of a change. Rates, means and medians whose parts "
                "the tables do not hold cannot be put together over dates.",
            ),
            _chart("Zero-result rate", "zero_result_rate", found, axis),
            _chart("Abandonment rate", "abandonment_rate", found, axis),
        ],
        (
            "abandonment_rate",
            *(column for column, *_ in _DAILY),
            "zero_result_searches",
            "unattributed_clicks",
            "unattributed_applies",
        ),
    )


def _abandonment(now: Rows, before: Rows, comparing: Comparing) -> list[Cell]:
    def cell(rows: Rows) -> Cell:
        lists, abandoned = total(rows, "lists"), total(rows, "abandoned_lists")
        if not lists or abandoned is None:
            return Cell(percent(None), "no result lists")
        return Cell(percent(abandoned / lists), f"{count(abandoned)} of {count(lists)} lists")

    earlier = Cell(percent(None)) if comparing.obstacle else cell(before)
    return [Cell("Abandonment rate", strong=True), cell(now), earlier, Cell("", "ratio of sums")]


def _counts(now: Rows, before: Rows, comparing: Comparing) -> list[list[Cell]]:
    def earlier(column: str) -> str:
        return count(None if comparing.obstacle else total(before, column))

    return [
        [
            Cell(label, strong=True),
            Cell(count(total(now, column))),
            Cell(earlier(column)),
            Cell("", "sum of the dates"),
        ]
        for column, label in _COUNTS
    ]


def _daily(now: Rows, before: Rows, comparing: Comparing) -> list[list[Cell]]:
    def span(rows: Rows, column: str, form: Any) -> str:
        return lowest_to_highest([row[column] for row in rows], form)

    return [
        [
            Cell(label, strong=True),
            Cell(span(now, column, form)),
            Cell(form(None) if comparing.obstacle else span(before, column, form)),
            Cell("", "lowest to highest date"),
        ]
        for column, label, form in _DAILY
    ]


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
