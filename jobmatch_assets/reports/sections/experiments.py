"""Experiments that had events in the week: status first, effects only where they may be read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import duckdb

from jobmatch_assets.metrics.ab_schema import METRICS
from jobmatch_assets.metrics.next_step import next_step
from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.metrics.verdict import verdict
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Paragraph, Part, Section, Table
from jobmatch_assets.reports.reading import Rows, rows_of
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, count, day, name, points, score, signed, signed_between

TABLES = ("ab_results",)

_MOST_NAME = 60
_SHARES = ("ctr", "apply_user_rate")

_LABELS = {
    "ctr": "CTR",
    "clicks_per_user": "Clicks per user",
    "applies_per_user": "Applications per user",
    "apply_user_rate": "Users who apply",
    "apply_per_click": "Applications per click",
}

Form = Callable[[float | None], str]


def experiments(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> Section:
    """The section."""
    _ = axis
    week = comparing.state.week
    found = rows_of(
        connection,
        "from ab_results where as_of_date between $first and $last "
        "qualify as_of_date = max(as_of_date) over (partition by experiment_id) "
        "order by experiment_id, variant, metric",
        first=week.monday, last=week.sunday,
    )  # fmt: skip
    title, metrics = "Experiments", tuple(f"ab_{metric.name}" for metric in METRICS)
    if not found:
        return Section(title, "", [Paragraph("No experiment had events in this week.")])
    arms: dict[tuple[str, str], Rows] = {}
    for row in found:
        arms.setdefault((row["experiment_id"], row["variant"]), []).append(row)
    newest = max(rows[0]["as_of_date"] for rows in arms.values())
    held = sum(rows[0]["status"] != "ok" for rows in arms.values())
    parts: list[Part] = [
        Table(
            _counted(len({experiment for experiment, _ in arms}), len(arms), held),
            ("Experiment, variant", "> Users", *(f"> {_LABELS[metric.name]}" for metric in METRICS)),
            [_row(rows, newest) for rows in arms.values()],
            (3.3, 1.7, *(2.0 for _ in METRICS)),
            f"Effects are variant less control, over all days of the experiment up to {day(newest)}; "
            "pp: percentage points. Intervals hold at 95 % however often one looks. Up and down say where a "
            "metric moves, and not whether that is welcome. Five metrics of many experiments are looked at "
            "here: now and then one moves by chance.",
        )
    ]
    return Section(
        title,
        "Status comes first: while an experiment is held back, none of its effects is shown, since they "
        "could not be trusted.",
        parts,
        metrics,
    )


def _counted(experiments_: int, arms: int, held: int) -> str:
    said = f"{experiments_} experiment{'s' * (experiments_ != 1)} with events in the week, "
    said += f"{arms} variant{'s' * (arms != 1)} against control"
    return f"{said}; {held} held back" if held else said


def _row(rows: Rows, newest: dt.date) -> list[Cell]:
    first = rows[0]
    as_of = "" if first["as_of_date"] == newest else f", until {day(first['as_of_date'])}"
    experiment = Cell(
        name(first["experiment_id"], _MOST_NAME),
        f"{name(first['variant'], _MOST_NAME)}{as_of}",
        strong=True,
    )
    users = Cell(count(first["units_treatment"]), f"control {count(first['units_control'])}")
    if first["status"] != "ok":
        said = verdict(first).text
        return [
            experiment,
            users,
            Cell(said[:1].upper() + said[1:] + ".", next_step(first), span=len(METRICS)),
        ]
    by_metric = {row["metric"]: row for row in rows}
    return [experiment, users, *(_effect(by_metric.get(metric.name)) for metric in METRICS)]


def _effect(row: dict[str, Any] | None) -> Cell:
    if row is None:
        return Cell(NONE, "not computed")
    said = verdict(row)
    if said.word == "held back":
        return Cell(NONE, said.text.removeprefix("held back because "))
    form: Form = points if row["metric"] in _SHARES else score
    if form is points and max(abs(row["seq_ci_low"]), abs(row["seq_ci_high"])) < 0.01:
        form = _fine_points
    interval = Interval(row["effect"], row["seq_ci_low"], row["seq_ci_high"])
    return Cell(
        said.word,
        f"{signed(interval.value, form)} ({signed_between(interval, form)})",
        strong=said.word in ("up", "down"),
    )


def _fine_points(value: float | None) -> str:
    return points(value, 2)
