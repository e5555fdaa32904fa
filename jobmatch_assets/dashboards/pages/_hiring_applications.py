"""Applications: how many are made, how far they come, and what happens in each week."""

from functools import partial

from jobmatch_assets.charts.steps import steps
from jobmatch_assets.contracts.entities.tables import STAGES_OF_HIRING
from jobmatch_assets.dashboards.page import Chart, Column, Section, Table, Tile
from jobmatch_assets.dashboards.pages._hiring_weeks import SHARES_BY_WEEK, WEEK, lines, quotients

_FUNNEL, _ACTIVITY = "hiring_funnel_daily", "hiring_activity_daily"

_DIMENSIONS = ("company_id", "category", "channel")
_SETS = ((), ("category",), ("channel",))
_REACHED = tuple(f"reached_{stage}" for stage in STAGES_OF_HIRING[1:])
_HORIZONS = {
    "responded_7d": "answered within 7 days",
    "interview_30d": "interview within 30 days",
    "placed_60d": "placed within 60 days",
}
_ACTIVITIES = ("applications", "interview", "offered", "placed", "rejected", "withdrawn")


def _mature(name: str, label: str, metric: str) -> Tile:
    options = {"table": _FUNNEL, "numerator": name, "denominator": "applications", "of": "applications"}
    return Tile(name, label, "mature_quotient", options, "percent", metric=metric)


TILES = (
    Tile(
        *("applications", "Applications", "count_of_hiring"),
        {"table": _FUNNEL, "column": "applications"},
        metric="hiring_applications",
    ),
    _mature("responded_7d", "Answered within 7 days", "responded_7d_rate"),
    _mature("interview_30d", "Interview within 30 days", "interview_30d_rate"),
    _mature("placed_60d", "Placed within 60 days", "placed_60d_rate"),
)
"""The tiles of applications."""

_STAGES_REACHED = Chart(
    name="stages",
    title="How far applications came",
    caption="Of the applications made on the dates shown, how many reached each stage or a later one. Young "
    "ones may still go on, so look at dates some weeks back before you call a stage a bottleneck.",
    rows="stages_reached",
    options={
        "table": _FUNNEL,
        "steps": [
            ["applications", "applied"],
            *([f"reached_{stage}", stage] for stage in STAGES_OF_HIRING[1:]),
        ],
    },
    columns=(
        Column("step", "Stage"),
        Column("n", "Reached it", "count"),
        Column("share", "Of all applications", "percent"),
        Column("of_before", "Of the stage before", "percent"),
        Column("lost", "Not further than the stage before", "count"),
    ),
    spec=partial(
        steps,
        210,
        (
            ("step", "stage", ""),
            ("n", "reached it", ","),
            ("share", "of all applications", ".1%"),
            ("of_before", "of the stage before", ".1%"),
            ("lost", "not further than the stage before", ","),
        ),
    ),
    metrics=("placed_overall", "reached_interview", "hiring_open"),
    is_wide=False,
)

_COHORTS = Chart(
    name="cohorts",
    title="The same time for everybody",
    caption="By week of application: the share that was answered, had an interview and was placed within a "
    "fixed number of days. A week has a value once all its applications are that old.",
    rows="quotients_by_week",
    options=quotients(_FUNNEL, _HORIZONS),
    columns=SHARES_BY_WEEK,
    spec=partial(lines, "share of applications", ".0%", ".1%", "of applications", tuple(_HORIZONS.values())),
    metrics=("responded_7d_rate", "interview_30d_rate", "placed_60d_rate"),
    is_wide=False,
)

_HAPPENED = Chart(
    name="activity",
    title="What happened in each week",
    caption="By week in which it first happened, whenever the application was made. Not a funnel: who is "
    "placed this week applied in an earlier one.",
    rows="counts_by_week",
    options={
        "table": _ACTIVITY,
        "columns": [{"series": name, "column": name} for name in _ACTIVITIES],
    },
    columns=(WEEK, Column("series", "What"), Column("value", "Count", "count")),
    spec=partial(lines, "count", "~s", ",", "", _ACTIVITIES),
    metrics=("activity_applications", "activity_placed"),
)


def _by(dimension: str, title: str) -> Chart:
    return Chart(
        name=f"by_{dimension}",
        title=title,
        caption="Applications of the dates shown, the most frequent first. Open ones may still go on and are "
        "counted apart.",
        rows="hiring_by",
        options={"table": _FUNNEL, "dimension": dimension},
        columns=(
            Column("group", dimension.capitalize(), "name"),
            Column("applications", "Applications", "count"),
            Column("reviewed_share", "Reviewed", "percent"),
            Column("interview_share", "Interview", "percent"),
            Column("reached_placed", "Placed", "count"),
            Column("placed_share", "Placed, share", "percent"),
            Column("rejected", "Rejected", "count"),
            Column("withdrawn", "Withdrawn", "count"),
            Column("open", "Open", "count"),
            Column("answered", "Answered in 7 days", "percent"),
            Column("answered_n", "of n", "count"),
        ),
    )


TABLES = (
    Table(
        _FUNNEL,
        ("applications", *_REACHED, "rejected", "withdrawn", "open", *_HORIZONS),
        "applied_date",
        _DIMENSIONS,
        _SETS,
        totals_only=("company_id",),
    ),
    Table(_ACTIVITY, _ACTIVITIES, "date", _DIMENSIONS, _SETS, totals_only=("company_id",)),
)
"""What the page reads for applications."""

SECTION = Section(
    "How far do applications come?",
    (
        *(_STAGES_REACHED, _COHORTS, _HAPPENED),
        *(_by("category", "By category"), _by("channel", "By channel")),
    ),
)
"""The section of applications."""
