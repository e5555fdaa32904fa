"""Answers: which applicants get one, and how long they wait for it."""

from functools import partial

from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.dashboards.page import Chart, Column, Section, Table
from jobmatch_assets.dashboards.pages._hiring_weeks import SHARES_BY_WEEK, lines, quotients

_RESPONSE = "response_time_daily"
_ANSWERED = {f"responded_{days}d": f"within {days} days" for days in (3, 7, 14)}

_ANSWERS = Chart(
    name="answers",
    title="Applicants who were answered",
    caption="By week of application: the share that was answered within 3, 7 and 14 days. A week has a value "
    "once all its applications are that old, so the lines end on different weeks.",
    rows="quotients_by_week",
    options=quotients(_RESPONSE, _ANSWERED),
    columns=SHARES_BY_WEEK,
    spec=partial(lines, "share of applications", ".0%", ".1%", "of applications", tuple(_ANSWERED.values())),
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

TABLES = (
    Table(
        _RESPONSE,
        (*(column.name for column in _RESPONSE_COLUMNS), *_ANSWERED),
        "applied_date",
        ("company_id",),
        totals_only=("company_id",),
        digits={column.name: 4 for column in _RESPONSE_COLUMNS},
    ),
)
"""What the page reads for answers."""

SECTION = Section(
    "How long do applicants wait for an answer?",
    (_ANSWERS, _WAIT, _ANSWERS_IN_NUMBERS),
    intro="Of all companies, categories and channels together: the filters do not change it.",
)
"""The section of answers."""
