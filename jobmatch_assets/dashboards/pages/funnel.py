"""The funnel: how many of those who search get to an application, and where the others stop.

Its steps are of cohorts, its activity of all events; the two are kept apart.
"""

from functools import partial
from typing import Any

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.steps import steps
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Switch, Table, Tile

_ACTIVITY = ("searches", "impressions", "clicks", "job_views", "applies")
_USERS = ("users_search", "users_impression", "users_click", "users_apply")
_COHORT = ("entered", "reached_impression", "reached_click", "reached_apply")
_DIMENSIONS = ("platform", "device_type", "surface")
_SETS = ((), ("platform",), ("device_type",), ("surface",), _DIMENSIONS)

_FUNNEL = {"day": "funnel_daily", "week": "funnel_weekly"}


def _step(series: str, numerator: str, denominator: str, metric: str) -> dict[str, str]:
    return {"series": series, "numerator": numerator, "denominator": denominator, "metric": metric}


_STEPS = (
    _step("search → impression", "reached_impression", "entered", "search_to_impression_rate"),
    _step("impression → click", "reached_click", "reached_impression", "impression_to_click_rate"),
    _step("click → application", "reached_apply", "reached_click", "click_to_apply_rate"),
)
_OVERALL = _step("search → application", "reached_apply", "entered", "search_to_apply_rate")

_RATE = (
    Column("day", "From", "date"),
    Column("series", "Step"),
    Column("hits", "Reached it", "count"),
    Column("n", "Of n", "count"),
    Column("value", "Rate", "percent"),
    Column("low", "95\u00a0% from", "percent"),
    Column("high", "to", "percent"),
)
_RATE_OF_GROUP = (_RATE[0], Column("panel", "Group"), *_RATE[2:])

_COUNT = (Column("day", "From", "date"), Column("series", "What"), Column("value", "Count", "count"))

_USERS_AT_STEPS = (
    Column("day", "From", "date"),
    Column("entered", "Entered", "count"),
    Column("reached_impression", "Saw results", "count"),
    Column("reached_click", "Clicked", "count"),
    Column("reached_apply", "Applied", "count"),
    Column("rate_0", "Search → impression", "percent"),
    Column("rate_1", "Impression → click", "percent"),
    Column("rate_2", "Click → application", "percent"),
    Column("rate_3", "Search → application", "percent"),
)

_LOSS = (
    Column("step", "Step"),
    Column("n", "Reached it", "count"),
    Column("share", "Of all who entered", "percent"),
    Column("lost", "Stopped before it", "count"),
    Column("lost_share", "Of those at the step before", "percent"),
)


def _rates(label: str, series: tuple[str, ...], height: int) -> dict[str, Any]:
    details = (
        ("day", "from", ""),
        *((("series", "step", ""),) if series else ()),
        ("value", "rate", ".1%"),
        ("low", "95\u00a0% from", ".1%"),
        ("high", "to", ".1%"),
        ("hits", "reached it", ","),
        ("n", "of n", ","),
    )
    return over_time(
        *("value", label, details),
        axis_format=".0%",
        low="low",
        high="high",
        series=series,
        height=height,
        size=34 if series else 16,
    )


def _counts(series: tuple[str, ...]) -> dict[str, Any]:
    details = (("day", "from", ""), ("series", "what", ""), ("value", "count", ","))
    return over_time("value", "count", details, axis_format="~s", series=series, height=200)


def _tile(step: dict[str, str]) -> Tile:
    return Tile(
        step["metric"],
        step["series"],
        "rate",
        {
            "table": "funnel_daily",
            **step,
            "of": "who entered" if step["denominator"] == "entered" else "at the step before",
        },
        "percent",
        step["metric"],
    )


def _by(dimension: str, label: str) -> Chart:
    return Chart(
        name=f"by_{dimension}",
        title=f"Search to application, by {label}",
        caption=f"The {label} of the search with which a user entered. One scale for all.",
        rows="rates_by_date",
        options={"table": _FUNNEL, "steps": [_OVERALL], "split": dimension},
        columns=_RATE_OF_GROUP,
        spec=partial(_rates, "", (), 110),
        metrics=("search_to_apply_rate",),
        in_panels=True,
    )


def _activity(name: str, title: str, caption: str, columns: dict[str, str], **options: Any) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="counts_by_date",
        options={
            "table": _FUNNEL,
            "columns": [{"series": label, "column": column} for column, label in columns.items()],
            **options,
        },
        columns=_COUNT,
        spec=partial(_counts, tuple(columns.values())),
        metrics=tuple(columns),
        is_wide=False,
    )


PAGE = Page(
    name="funnel",
    title="Funnel",
    question="How many of those who search get to an application, and where do the others stop?",
    position=20,
    tables=(
        Table("funnel_daily", (*_ACTIVITY, *_USERS, *_COHORT), "event_date", _DIMENSIONS, _SETS),
        Table("funnel_weekly", (*_ACTIVITY, *_USERS, *_COHORT), "week_start", _DIMENSIONS, _SETS),
    ),
    filters=(
        Filter("platform", "Platform"),
        Filter("device_type", "Device"),
        Filter("surface", "Surface"),
    ),
    switches=(Switch("grain", "By", {"day": "day", "week": "week"}),),
    sections=(
        Section(
            "The cohort funnel",
            (
                *map(_tile, (*_STEPS, _OVERALL)),
                Chart(
                    name="rates",
                    title="Rate of each step",
                    caption="Of those who reached the step before, the share that reached this one within 24 "
                    "hours of their search. Bands: 95\u00a0% interval (Wilson).",
                    rows="rates_by_date",
                    options={"table": _FUNNEL, "steps": _STEPS},
                    columns=_RATE,
                    spec=partial(
                        _rates,
                        "share of those at the step before",
                        tuple(step["series"] for step in _STEPS),
                        260,
                    ),
                    metrics=tuple(step["metric"] for step in _STEPS),
                ),
                Chart(
                    name="loss",
                    title="Where users stop",
                    caption="Those who entered on the dates shown, once for each date, and how far they got.",
                    rows="step_loss",
                    options={
                        "table": "funnel_daily",
                        "steps": [
                            ["entered", "searched"],
                            ["reached_impression", "saw results"],
                            ["reached_click", "clicked"],
                            ["reached_apply", "applied"],
                        ],
                    },
                    columns=_LOSS,
                    spec=partial(steps, 160),
                    metrics=_COHORT,
                ),
                Chart(
                    name="steps_by_date",
                    title="Users at each step",
                    caption="n and rates of each date, or week.",
                    rows="steps_by_date",
                    options={"table": _FUNNEL},
                    columns=_USERS_AT_STEPS,
                ),
            ),
            intro="A user enters with the first search of a day, or of a week, and has 24 hours for the "
            "rest. Steps are counted in order, on whatever surface or platform.",
        ),
        Section(
            "By platform, device and surface",
            (_by("platform", "platform"), _by("device_type", "device"), _by("surface", "surface")),
        ),
        Section(
            "Activity",
            (
                _activity(
                    "users",
                    "Users who did something",
                    "Distinct users with at least one such event on the date, or in the week. They do not "
                    "add up over dates or groups.",
                    dict(zip(_USERS, ("searched", "saw a job", "clicked", "applied"), strict=True)),
                    are_users=True,
                ),
                _activity(
                    "events",
                    "Events",
                    "All events of the date, or of the week, whoever made them.",
                    {
                        "searches": "searches",
                        "clicks": "clicks",
                        "job_views": "job views",
                        "applies": "applications",
                    },
                ),
            ),
            intro="Events and users of a date, with or without a search before. This is no funnel: who "
            "applies need not have searched.",
        ),
    ),
    scripts=("funnel.js",),
)
