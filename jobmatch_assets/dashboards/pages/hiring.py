"""Hiring: whether applicants hear back and are hired, and whether openings are filled."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.curves import curves
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.charts.steps import steps
from jobmatch_assets.contracts.entities.tables import STAGES_OF_HIRING
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_FUNNEL, _ACTIVITY = "hiring_funnel_daily", "hiring_activity_daily"
_RESPONSE, _STAGES = "response_time_daily", "stage_time_weekly"
_FILL, _FILL_NOW = "time_to_fill", "fill_now"

_DIMENSIONS = ("company_id", "category", "channel")
_SETS = ((), ("category",), ("channel",))
_REACHED = tuple(f"reached_{stage}" for stage in STAGES_OF_HIRING[1:])
_HORIZONS = {
    "responded_7d": "answered within 7 days",
    "interview_30d": "interview within 30 days",
    "placed_60d": "placed within 60 days",
}
_ANSWERED = {f"responded_{days}d": f"within {days} days" for days in (3, 7, 14)}
_ACTIVITIES = ("applications", "interview", "offered", "placed", "rejected", "withdrawn")
_ENTERED = STAGES_OF_HIRING[:-1]
_ENDS = {"filled": "filled", "closed": "closed unfilled"}
_FILLED_SHARES = {f"filled_share_{days}": f"within {days} days" for days in (30, 60, 90)}

_WEEK = Column("day", "Week of", "date")


_lines = partial(plain_lines, when=("day", "week of"), height=220)


def _mature(name: str, label: str, metric: str) -> Tile:
    options = {"table": _FUNNEL, "numerator": name, "denominator": "applications", "of": "applications"}
    return Tile(name, label, "mature_quotient", options, "percent", metric=metric)


def _quotients(table: str, columns: dict[str, str]) -> dict[str, Any]:
    return {
        "table": table,
        "quotients": [
            {"series": label, "numerator": column, "denominator": "applications"}
            for column, label in columns.items()
        ],
    }


_SHARES_BY_WEEK = (
    _WEEK,
    Column("series", "What"),
    Column("value", "Share", "percent"),
    Column("hits", "Of them", "count"),
    Column("n", "Applications n", "count"),
)

_TILES = (
    Tile(
        *("applications", "Applications", "count_of_hiring"),
        {"table": _FUNNEL, "column": "applications"},
        metric="hiring_applications",
    ),
    _mature("responded_7d", "Answered within 7 days", "responded_7d_rate"),
    _mature("interview_30d", "Interview within 30 days", "interview_30d_rate"),
    _mature("placed_60d", "Placed within 60 days", "placed_60d_rate"),
    Tile(
        *("filled_share_60", "Openings filled within 60 days", "as_of"),
        {
            "table": _FILL,
            "column": "filled_share_60",
            "share_by": 60,
            "none": "No opening has been observed for 60 days.",
        },
        "percent",
        metric="filled_share_60",
    ),
    Tile(
        *("median_days_to_fill", "Median days to fill", "as_of"),
        {
            "table": _FILL,
            "column": "median_days_to_fill",
            "none": "Fewer than half of the openings get filled, as far as they were observed: there is no "
            "median.",
        },
        "figures",
        metric="median_days_to_fill",
    ),
)

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
    options=_quotients(_FUNNEL, _HORIZONS),
    columns=_SHARES_BY_WEEK,
    spec=partial(_lines, "share of applications", ".0%", ".1%", "of applications", tuple(_HORIZONS.values())),
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
    columns=(_WEEK, Column("series", "What"), Column("value", "Count", "count")),
    spec=partial(_lines, "count", "~s", ",", "", _ACTIVITIES),
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


_ANSWERS = Chart(
    name="answers",
    title="Applicants who were answered",
    caption="By week of application: the share that was answered within 3, 7 and 14 days. A week has a value "
    "once all its applications are that old, so the lines end on different weeks.",
    rows="quotients_by_week",
    options=_quotients(_RESPONSE, _ANSWERED),
    columns=_SHARES_BY_WEEK,
    spec=partial(_lines, "share of applications", ".0%", ".1%", "of applications", tuple(_ANSWERED.values())),
    metrics=("responded_3d_rate", "response_responded_7d_rate", "responded_14d_rate"),
    is_wide=False,
)

_WAIT = Chart(
    name="wait",
    title="Hours until half are answered",
    caption="Median by date of application (Kaplan-Meier): who withdrew first, or still waits, counts as "
    "long as was seen. A gap: fewer than half are answered so far.",
    rows="values_as_they_stand",
    options={
        "table": _RESPONSE,
        "columns": [{"series": "median", "column": "median_hours_to_response"}],
        "n": "applications",
    },
    columns=(
        Column("day", "Date", "date"),
        Column("value", "Median hours", "figures"),
        Column("n", "Applications n", "count"),
    ),
    spec=partial(plain_lines, "hours", "~r", ",", "applications", height=220),
    metrics=("median_hours_to_response",),
    is_wide=False,
)

_RESPONSE_COLUMNS = (
    Column("applications", "Applications", "count"),
    Column("responded", "Ever answered", "count"),
    Column("responded_3d_rate", "In 3 days", "percent"),
    Column("responded_7d_rate", "In 7 days", "percent"),
    Column("responded_14d_rate", "In 14 days", "percent"),
    Column("never_within_30d_rate", "Not in 30 days", "percent"),
    Column("median_hours_to_response", "Median hours", "figures"),
)

_ANSWERS_IN_NUMBERS = Chart(
    name="answers_in_numbers",
    title="Answers, by date of application",
    caption="A dash where the date is too young to say.",
    rows="dates_in_numbers",
    options={"table": _RESPONSE, "needed": [column.name for column in _RESPONSE_COLUMNS]},
    columns=(Column("day", "Date", "date"), *_RESPONSE_COLUMNS),
    metrics=("responded", "never_within_30d_rate"),
)


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
            _WEEK,
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
    partial(_lines, "hours", "~r", ",", "entered", tuple(_ENTERED)),
    "stage_median_hours",
)

_STAGE_LEFT = _by_stage(
    "stage_left",
    "Left a stage within 7 days",
    "Of those who entered the stage in the week, for weeks that ended 7 days ago or more.",
    Column("value", "Share", "percent"),
    partial(_lines, "", ".0%", ".1%", "entered", tuple(_ENTERED)),
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

_CURVES = Chart(
    name="fill",
    title="Openings filled and closed, by day",
    caption="Share of openings that were filled, and that were closed unfilled, by each day after they went "
    "live (cumulative incidence), with 95\u00a0% bands. Open ones count as long as they were seen. The "
    "numbers above the axis are the openings still observed on that day: with few left, do not trust a step.",
    rows="fill_curves",
    options={"series": _ENDS},
    columns=(
        Column("day", "Day", "count"),
        Column("at_risk", "Still observed", "count"),
        Column("filled", "Filled", "count"),
        Column("filled_share", "Filled by then", "percent"),
        Column("filled_low", "95\u00a0% from", "percent"),
        Column("filled_high", "to", "percent"),
        Column("closed", "Closed", "count"),
        Column("closed_share", "Closed by then", "percent"),
        Column("closed_low", "95\u00a0% from", "percent"),
        Column("closed_high", "to", "percent"),
    ),
    spec=partial(
        curves,
        tuple(_ENDS.values()),
        "days since the opening went live",
        (
            ("day", "day", ","),
            ("series", "what", ""),
            ("value", "share by then", ".1%"),
            ("low", "95\u00a0% from", ".1%"),
            ("high", "to", ".1%"),
            ("at_risk", "still observed", ","),
        ),
    ),
    metrics=("filled_share_30", "closed_share_30"),
)

_BY_CATEGORY = Chart(
    name="fill_by_category",
    title="Openings, by category",
    caption="Still open ones are counted apart, and in shares and medians as long as they were seen. No "
    "median: fewer than half get filled. 'If nobody gave up' is the median if closing were a mere end of "
    "observation. The mean of the filled alone leaves out everything slow: it is here for comparison.",
    rows="fill_by_category",
    columns=(
        Column("group", "Category", "name"),
        Column("openings", "Openings", "count"),
        Column("filled", "Filled", "count"),
        Column("closed_unfilled", "Closed", "count"),
        Column("still_open", "Still open", "count"),
        Column("evergreen", "Evergreen", "count"),
        Column("filled_share_30", "Filled in 30 d", "percent"),
        Column("filled_share_60", "In 60 d", "percent"),
        Column("low", "In 60 d, 95\u00a0% from", "percent"),
        Column("high", "to", "percent"),
        Column("filled_share_90", "In 90 d", "percent"),
        Column("closed_share_60", "Closed in 60 d", "percent"),
        Column("median_days_to_fill", "Median days", "figures"),
        Column("median_days_to_fill_if_not_closed", "If nobody gave up", "figures"),
        Column("mean_days_filled_only", "Mean of the filled", "figures"),
        Column("expiry_rate", "Ended by expiry", "percent"),
    ),
    metrics=(
        *("fill_still_open", "median_days_to_fill", "median_days_to_fill_if_not_closed"),
        *("mean_days_filled_only", "expiry_rate"),
    ),
)

_FILL_OVER_TIME = Chart(
    name="fill_over_time",
    title="Filled within 30, 60 and 90 days",
    caption="As of each date, of the openings of the 180 dates up to it. Dates next to each other share most "
    "of their openings: read the slope, not the steps.",
    rows="values_as_they_stand",
    options={
        "table": _FILL,
        "columns": [{"series": label, "column": column} for column, label in _FILLED_SHARES.items()],
        "n": "openings",
    },
    columns=(
        Column("day", "As of", "date"),
        Column("series", "What"),
        Column("value", "Share", "percent"),
        Column("n", "Openings n", "count"),
    ),
    spec=partial(
        _lines,
        *("share of openings", ".0%", ".1%", "of openings", tuple(_FILLED_SHARES.values())),
        when=("day", "as of"),
    ),
    metrics=tuple(_FILLED_SHARES),
    is_wide=False,
)

_TIME_TO_HIRE = Chart(
    name="time_to_hire",
    title="Days from application to hire",
    caption="Median over those hired in the week. It describes the hired only: who still waits, or was never "
    "hired, is not in it, so it is no forecast. A gap: fewer than 5 hires.",
    rows="values_as_they_stand",
    options={
        "table": "time_to_hire_weekly",
        "columns": [{"series": "median", "column": "median_days_application_to_hire"}],
        "n": "hires",
    },
    columns=(
        _WEEK,
        Column("value", "Median days", "figures"),
        Column("n", "Hires n", "count"),
    ),
    spec=partial(_lines, "days", "~r", ".1f", "hires"),
    metrics=("median_days_application_to_hire", "hires"),
    is_wide=False,
)

PAGE = Page(
    name="hiring",
    title="Hiring",
    question="Do applicants hear back, are they hired, and are openings filled?",
    position=42,
    days=84,
    tables=(
        Table(
            _FUNNEL,
            ("applications", *_REACHED, "rejected", "withdrawn", "open", *_HORIZONS),
            "applied_date",
            _DIMENSIONS,
            _SETS,
            totals_only=("company_id",),
        ),
        Table(_ACTIVITY, _ACTIVITIES, "date", _DIMENSIONS, _SETS, totals_only=("company_id",)),
        Table(
            _RESPONSE,
            (*(column.name for column in _RESPONSE_COLUMNS), *_ANSWERED),
            "applied_date",
            ("company_id",),
            totals_only=("company_id",),
            digits={column.name: 4 for column in _RESPONSE_COLUMNS},
        ),
        Table(
            _STAGES,
            ("entered", "left", "still_in", "median_hours", "left_7d_rate", "approximate"),
            "week_start",
            ("stage",),
            (("stage",),),
        ),
        Table(
            _FILL,
            ("openings", "median_days_to_fill", *_FILLED_SHARES),
            "as_of_date",
            ("category",),
            ((), ("category",)),
            digits=dict.fromkeys(_FILLED_SHARES, 4),
        ),
        Table(
            _FILL,
            (
                *("openings", "filled", "closed_unfilled", "still_open", "evergreen", *_FILLED_SHARES),
                *("closed_share_60", "median_days_to_fill", "median_days_to_fill_if_not_closed"),
                *("mean_days_filled_only", "expiry_rate"),
            ),
            "as_of_date",
            ("category",),
            ((), ("category",)),
            newest_by=("category",),
            key=_FILL_NOW,
        ),
        Table(
            "time_to_fill_curve",
            ("day", "at_risk", "filled", "closed", "filled_share", "closed_share"),
            "as_of_date",
            ("category",),
            ((), ("category",)),
            newest_by=("category",),
        ),
        Table(
            "time_to_hire_weekly",
            ("hires", "median_days_application_to_hire"),
            "week_start",
            ("category",),
            ((), ("category",)),
        ),
    ),
    filters=(Filter("category", "Category"), Filter("channel", "Channel")),
    sections=(
        Section(
            "In numbers",
            _TILES,
            intro="Rates of applications are of those old enough to say: each was given the same time. "
            "Applications to one company are answered together, so they have no interval. Openings are "
            "those of the 180 dates up to the last date shown.",
        ),
        Section(
            "How far do applications come?",
            (
                *(_STAGES_REACHED, _COHORTS, _HAPPENED),
                *(_by("category", "By category"), _by("channel", "By channel")),
            ),
        ),
        Section(
            "How long do applicants wait for an answer?",
            (_ANSWERS, _WAIT, _ANSWERS_IN_NUMBERS),
            intro="Of all companies, categories and channels together: the filters do not change it.",
        ),
        Section(
            "Where does the time go?",
            (_STAGE_HOURS, _STAGE_LEFT, _STAGES_IN_NUMBERS),
            intro="Of all categories and channels together. Only stages that somebody set have a time; those "
            "that a later stage implies have none.",
        ),
        Section(
            "Are openings filled, and how soon?",
            (_CURVES, _BY_CATEGORY, _FILL_OVER_TIME, _TIME_TO_HIRE),
            intro="Curves and table are as of the newest date of the data, whatever dates are chosen. Bands "
            "and intervals take openings as independent; those of one employer hang together, so the truth "
            "is less certain than they say.",
        ),
    ),
    scripts=("hiring.js",),
)
