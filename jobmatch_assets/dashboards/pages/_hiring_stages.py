"""Stages: how long applications stay in each, and who is still in it."""

from functools import partial
from typing import Any

from jobmatch_assets.contracts.entities.tables import STAGES_OF_HIRING
from jobmatch_assets.dashboards.page import Chart, Column, Section, Table
from jobmatch_assets.dashboards.pages._hiring_weeks import WEEK, lines

_STAGES = "stage_time_weekly"
_ENTERED = STAGES_OF_HIRING[:-1]


def _by_stage(name: str, title: str, caption: str, value: Column, spec: Any, metric: str) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="values_as_they_stand",
        options={
            "table": _STAGES,
            "columns": [{"column": metric.removeprefix("stage_")}],
            "n": "entered",
            "per": "stage",
            "names": list(_ENTERED),
        },
        columns=(
            WEEK,
            Column("series", "Stage"),
            value,
            Column("entered", "Entered n", "count"),
            Column("left", "Left", "count"),
            Column("still_in", "Still in it", "count"),
            Column("approximate", "Time known as 'by'", "count"),
        ),
        spec=spec,
        metrics=(metric,),
    )


_STAGE_HOURS = _by_stage(
    "stage_hours",
    "Hours until half have left a stage",
    "Median by week of entering (Kaplan-Meier): who is still in the stage counts as long as was seen. A gap: "
    "fewer than half have left so far.",
    Column("value", "Median hours", "figures"),
    partial(lines, "hours", "~r", ",", "entered", tuple(_ENTERED)),
    "stage_median_hours",
)

_STAGE_LEFT = _by_stage(
    "stage_left",
    "Left a stage within 7 days",
    "Of those who entered the stage in the week, for weeks that ended 7 days ago or more.",
    Column("value", "Share", "percent"),
    partial(lines, "", ".0%", ".1%", "entered", tuple(_ENTERED)),
    "stage_left_7d_rate",
)

_STAGES_IN_NUMBERS = Chart(
    name="stages_in_numbers",
    title="Who is still in each stage",
    caption="Of those who entered it in the weeks shown, by the last date of the data. For approximate ones "
    "it is only known by when they had come or gone.",
    rows="stages_in_numbers",
    options={"table": _STAGES, "names": list(_ENTERED)},
    columns=(
        Column("stage", "Stage"),
        Column("entered", "Entered", "count"),
        Column("left", "Left", "count"),
        Column("still_in", "Still in it", "count"),
        Column("approximate", "Approximate", "count"),
    ),
    metrics=("stage_still_in",),
)

TABLES = (
    Table(
        _STAGES,
        ("entered", "left", "still_in", "median_hours", "left_7d_rate", "approximate"),
        "week_start",
        ("stage",),
        (("stage",),),
    ),
)
"""What the page reads for stages."""

SECTION = Section(
    "Where does the time go?",
    (_STAGE_HOURS, _STAGE_LEFT, _STAGES_IN_NUMBERS),
    intro="Of all categories and channels together. Only stages that somebody set have a time; those "
    "that a later stage implies have none.",
)
"""The section of stages."""
