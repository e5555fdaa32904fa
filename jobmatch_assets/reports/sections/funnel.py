"""The funnel of the week's cohort: how many get to each step, over dates and by platform."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.steps import steps
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.metrics.ratios import Interval, difference_of_shares, wilson
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Chart, Part, Section, Table, Tile
from jobmatch_assets.reports.reading import of_week, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, between, count, name, percent, points

TABLES = ("funnel_daily", "funnel_weekly")

_STEPS = (
    ("search_to_impression_rate", "Search to impression", "reached_impression", "entered"),
    ("impression_to_click_rate", "Impression to click", "reached_click", "reached_impression"),
    ("click_to_apply_rate", "Click to application", "reached_apply", "reached_click"),
)
_OVERALL = ("search_to_apply_rate", "Search to application", "reached_apply", "entered")
_REACHED = (
    ("entered", "searched"),
    ("reached_impression", "saw results"),
    ("reached_click", "clicked"),
    ("reached_apply", "applied"),
)
_MOST_PLATFORMS = 8

_Row = Mapping[str, Any]


def funnel(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> Section:
    """The section."""
    now, before = _weeks(connection, comparing)
    return Section(
        "Funnel",
        "A user enters with the first search of the week and has 24 hours for the rest. Steps are counted in "
        "order, on whatever surface or platform; a user counts once.",
        [
            Table(
                "From step to step",
                ("Step", "> Got there", "> Rate", "> Week before", "Change of the rate"),
                [_step_row(step, now, before, comparing) for step in (*_STEPS, _OVERALL)],
                (2.6, 2.6, 2.4, 1.8, 3.6),
            ),
            _step_chart(now),
            _over_days(connection, axis),
            *_by_platform(connection, comparing),
        ],
        (*(metric for metric, *_ in (*_STEPS, _OVERALL)),),
    )


def tiles(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> Iterable[Tile]:
    """What of it is read first."""
    now, before = _weeks(connection, comparing)
    for _, label, numerator, denominator in (_OVERALL, *_STEPS[1:]):
        rate = wilson(now.get(numerator), now.get(denominator))
        yield comparing.tile(
            label,
            rate,
            f"of {count(now.get(denominator))} users",
            difference_of_shares(rate, wilson(before.get(numerator), before.get(denominator))),
            form=percent,
            change_form=points,
        )
    for column, label, detail in (
        ("users_search", "Users who search", "each counted once"),
        ("searches", "Searches", "events"),
        ("applies", "Applications", "events, with or without a search before"),
    ):
        yield comparing.count_tile(label, now.get(column), before.get(column), detail)


def _weeks(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> tuple[_Row, _Row]:
    week = comparing.state.week
    now, before = (of_week(connection, of) for of in (week, week.before))
    return (now[0] if now else {}), (before[0] if before else {})


def _step_row(step: tuple[str, str, str, str], now: _Row, before: _Row, comparing: Comparing) -> list[Cell]:
    _, label, numerator, denominator = step
    rate = wilson(now.get(numerator), now.get(denominator))
    rate_before = wilson(before.get(numerator), before.get(denominator))
    change = difference_of_shares(rate, rate_before)
    return [
        Cell(label, strong=True),
        Cell(count(now.get(numerator)), f"of {count(now.get(denominator))}"),
        Cell(*_rate(rate)),
        Cell(percent(rate_before.value) if rate_before and not comparing.obstacle else NONE),
        comparing.cell(change, points),
    ]


def _rate(rate: Interval | None) -> tuple[str, str]:
    return (percent(rate.value), between(rate, percent)) if rate else (NONE, "nothing to measure")


def _step_chart(now: _Row) -> Chart:
    rows: list[dict[str, Any]] = []
    before: int | None = None
    entered = now.get("entered") or 0
    for column, label in _REACHED:
        n = now.get(column) or 0
        lost = None if before is None else before - n
        rows.append(
            {
                "step": label,
                "n": n,
                "share": n / entered if entered else 0,
                "lost": lost,
                "lost_share": lost / before if before and lost is not None else None,
            }
        )
        before = n
    return Chart(
        "Users at each step",
        "In parentheses the share of those who searched.",
        "Users at each step: " + ", ".join(f"{row['step']} {count(row['n'])}" for row in rows) + ".",
        steps(100),
        {"rows": rows},
        height=100,
        half=True,
    )


def _over_days(connection: duckdb.DuckDBPyConnection, axis: TimeAxis) -> Part:
    found = rows_of(
        connection,
        "select event_date, entered, reached_impression, reached_click, reached_apply from funnel_daily "
        "where event_date between $first and $last "
        "and platform = $all and device_type = $all and surface = $all",
        first=axis.first, last=axis.last, all=ALL,
    )  # fmt: skip
    by_day = {row["event_date"]: row for row in found}
    rows = []
    for _, label, numerator, denominator in _STEPS[1:]:
        for day in axis.days:
            row = by_day.get(day, {})
            rows.append(axis.row(day, wilson(row.get(numerator), row.get(denominator)), label))
    details = (("day", "date", ""), ("series", "step", ""), ("value", "rate", ".1%"))
    chart = Chart(
        "Rates by date",
        f"Of those who entered on the date, with 95 % intervals (Wilson). {axis.legend}",
        f"Rates by date. {axis.summary(rows, percent)}",
        over_time(
            *("value", "", details),
            axis_format=".0%",
            low="low",
            high="high",
            series=[label for _, label, *_ in _STEPS[1:]],
        ),
        axis.data(rows),
        axis.parameters,
        height=100,
        half=True,
    )
    return axis.drawn(chart)


def _by_platform(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> Iterable[Table]:
    week = comparing.state.week
    now = of_week(connection, week, "platform")
    before = {row["platform"]: row for row in of_week(connection, week.before, "platform")}
    shown = [row for row in now if row["entered"]][:_MOST_PLATFORMS]
    _, label, numerator, denominator = _OVERALL
    rows = []
    for row in shown:
        earlier = before.get(row["platform"], {})
        rate = wilson(row[numerator], row[denominator])
        change = difference_of_shares(rate, wilson(earlier.get(numerator), earlier.get(denominator)))
        rows.append(
            [
                Cell(name(row["platform"], 40), strong=True),
                Cell(count(row["entered"])),
                Cell(count(row[numerator])),
                Cell(*_rate(rate)),
                comparing.cell(change, points),
            ]
        )
    if not rows:
        return
    left_out = len([row for row in now if row["entered"]]) - len(shown)
    note = "Several groups are looked at here, so now and then one moves by chance."
    yield Table(
        f"{label}, by platform",
        ("Platform of the first search", "> Entered", "> Applied", "> Rate", "Change of the rate"),
        rows,
        (2.8, 1.5, 1.5, 2.4, 3.8),
        f"And {left_out} more platforms with fewer users. {note}" if left_out else note,
    )
