"""Platform health: whether more people use the platform, and whether those who come stay."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.charts.retention import cohorts, curves
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_HEALTH, _USERS, _RETENTION = "platform_health_daily", "users_daily", "retention_weekly"

_ACTIVE = {"dau": "on the day", "wau": "in 7 days", "mau": "in 28 days"}
_ACTIVITY = {
    "logins": "logins",
    "signups": "sign-ups",
    "searches": "searches",
    "job_views": "job views",
    "bookmarks": "bookmarks",
    "profile_updates": "profile updates",
    "applies": "applications",
}
_CAME = {"new_units": "new", "returning_units": "returning"}
_STATUS = {"active_users": "active", "pending_users": "pending", "suspended_users": "suspended"}
_NO_STATUS = "another status"
_CHANGES = {"new_registrations": "registered", "deleted": "deleted"}

_DAY = Column("day", "Date", "date")
_WINDOW = Column("window_days", "Dates that can be seen", "count")


def _small() -> dict[str, Any]:
    """A panel of many."""
    return plain_lines("", "~s", ",", height=110, size=9)


def _named(columns: dict[str, str]) -> list[dict[str, str]]:
    return [{"series": label, "column": column} for column, label in columns.items()]


def _level(column: str, label: str, table: str, metric: str, form: str = "count", **options: Any) -> Tile:
    return Tile(column, label, "level", {"table": table, "column": column, **options}, form, metric=metric)


def _count(column: str, label: str, table: str, metric: str) -> Tile:
    return Tile(column, label, "count", {"table": table, "column": column}, metric=metric)


def _back(weeks: int) -> Tile:
    return Tile(
        f"back_after_{weeks}",
        f"Active {weeks} {'week' if weeks == 1 else 'weeks'} later",
        "retention",
        {"table": _RETENTION, "weeks": weeks, "cohorts": 4},
        "percent",
        metric="retention",
    )


_WHO_IS_ACTIVE = Chart(
    name="active",
    title="Active users",
    caption="Distinct users with any event of their own on the date, on the 7 dates up to it, on the 28 "
    "dates up to it. Who comes on two dates is in both points, so points never add up.",
    rows="active_units",
    options={"table": _HEALTH, "columns": _named(_ACTIVE), "are_users": True},
    columns=(_DAY, Column("series", "Active"), Column("value", "Users", "count"), _WINDOW),
    spec=partial(plain_lines, "users", "~s", ",", series=tuple(_ACTIVE.values()), height=260),
    metrics=tuple(_ACTIVE),
)

_STICKINESS = Chart(
    name="stickiness",
    title="Stickiness",
    caption="Of the users of 28 dates, the share that was active on the last of them. Weekends differ from "
    "other days: compare the same days of the week.",
    rows="stickiness",
    options={"table": _HEALTH, "column": "stickiness", "n": ["mau"]},
    columns=(_DAY, Column("value", "Share", "percent"), Column("n", "Users of 28 dates n", "count"), _WINDOW),
    spec=partial(plain_lines, "share of users of 28 dates", ".0%", ".1%", "users of 28 dates"),
    metrics=("stickiness",),
    is_wide=False,
)

_NEW = Chart(
    name="new_and_returning",
    title="New and returning users",
    caption="The active users of each date: those never seen before on any platform, and all others.",
    rows="stacked_by_date",
    options={"table": _HEALTH, "columns": _named(_CAME), "whole": "dau", "are_users": True},
    columns=(
        _DAY,
        *(Column(column, label.capitalize(), "count") for column, label in _CAME.items()),
        Column("whole", "Active", "count"),
    ),
    spec=partial(parts, "users", tuple(_CAME.values())),
    metrics=tuple(_CAME),
    is_wide=False,
)

_BY_PLATFORM = Chart(
    name="by_platform",
    title="Active users in 28 days, by platform",
    caption="Who uses two platforms counts on both: panels do not add up to all. One scale for all.",
    rows="active_units",
    options={
        "table": _HEALTH,
        "columns": _named({"mau": "in 28 days"}),
        "split": "platform",
        "are_users": True,
    },
    columns=(_DAY, Column("panel", "Platform"), Column("value", "Users", "count"), _WINDOW),
    spec=_small,
    metrics=("mau",),
    in_panels=True,
)

_TOTALS = Chart(
    name="activity",
    title="Events of these dates",
    caption="All events of their kind, whoever made them, beside as many days before.",
    rows="totals_and_before",
    options={"table": _HEALTH, "columns": _named(_ACTIVITY)},
    columns=(
        Column("series", "What"),
        Column("value", "Events", "count"),
        Column("before", "Days before", "count"),
        Column("change", "Change", "percent"),
    ),
    metrics=tuple(_ACTIVITY),
)

_BY_DATE = Chart(
    name="activity_by_date",
    title="Events by date",
    caption="Each kind on its own scale: compare dates, not heights of panels.",
    rows="panels_by_date",
    options={"table": _HEALTH, "columns": _named(_ACTIVITY)},
    columns=(_DAY, Column("panel", "What"), Column("value", "Events", "count")),
    spec=_small,
    metrics=tuple(_ACTIVITY),
    in_panels=True,
)

_STATES = Chart(
    name="states",
    title="Registered users by status",
    caption="Those that are there at the close of each date; deleted ones are not.",
    rows="stacked_by_date",
    options={"table": _USERS, "columns": _named(_STATUS), "whole": "users", "rest": _NO_STATUS},
    columns=(
        _DAY,
        *(Column(column, label.capitalize(), "count") for column, label in _STATUS.items()),
        Column("rest", _NO_STATUS.capitalize(), "count"),
        Column("whole", "Users", "count"),
    ),
    spec=partial(parts, "users", (*_STATUS.values(), _NO_STATUS)),
    metrics=("registered_users", *_STATUS),
)

_CAME_AND_WENT = Chart(
    name="came_and_went",
    title="Registered and deleted",
    caption="Users that were created on the date, and users that were there the day before and are no more.",
    rows="counts_by_date",
    options={"table": _USERS, "columns": _named(_CHANGES)},
    columns=(_DAY, Column("series", "What"), Column("value", "Users", "count")),
    spec=partial(plain_lines, "users", "~s", ",", series=tuple(_CHANGES.values())),
    metrics=("new_registrations", "users_deleted"),
)

_ROLES = Chart(
    name="roles",
    title="By role",
    caption="States at the close of the last date shown; registered and deleted over all dates shown.",
    rows="users_by_role",
    options={"table": _USERS, "whole": "users", "parts": list(_STATUS), "counts": list(_CHANGES)},
    columns=(
        Column("role", "Role", "name"),
        Column("users", "Users", "count"),
        *(Column(column, label.capitalize(), "count") for column, label in _STATUS.items()),
        Column("rest", _NO_STATUS.capitalize(), "count"),
        Column("new_registrations", "Registered", "count"),
        Column("deleted", "Deleted", "count"),
    ),
    metrics=("registered_users",),
)

_OF_COHORT = (
    Column("cohort", "Came first in the week of"),
    Column("weeks_since", "Weeks since", "count"),
    Column("hits", "Active", "count"),
    Column("n", "Cohort n", "count"),
    Column("value", "Retention", "percent"),
)

_CURVES = Chart(
    name="retention",
    title="How many are active in the weeks after",
    caption="Thick: all cohorts whose week is over, but the first one of the data, with the 95\u00a0% "
    "interval (Wilson); later weeks are of fewer, older cohorts. Thin: each cohort of 20 users or more. "
    "Hollow: a week that is not over.",
    rows="retention_curves",
    options={"table": _RETENTION, "least": 20},
    columns=(
        *_OF_COHORT,
        Column("low", "95\u00a0% from", "percent"),
        Column("high", "to", "percent"),
        Column("week_is", "Week"),
    ),
    spec=curves,
    metrics=("retention", "cohort_size"),
)

_COHORTS = Chart(
    name="cohorts",
    title="Cohort by cohort",
    caption="A row for each week with newcomers, in parentheses how many they are. The darker, the more of "
    "them are active. Dashed: a week that is not over. Read down a column to see whether newer cohorts stay "
    "more.",
    rows="cohort_cells",
    options={"table": _RETENTION},
    columns=(*_OF_COHORT, Column("week_is", "Week")),
    spec=cohorts,
    metrics=("retention", "active_units", "cohort_size"),
)

PAGE = Page(
    name="platform_health",
    title="Platform health",
    question="Do more people use the platform, and do those who come stay?",
    position=52,
    ends_complete=True,
    tables=(
        Table(
            _HEALTH,
            (*_ACTIVE, "stickiness", *_CAME, *_ACTIVITY, "window_days"),
            "event_date",
            ("platform",),
            ((), ("platform",)),
            digits={"stickiness": 8},
        ),
        Table(
            _USERS,
            ("users", *_STATUS, *_CHANGES),
            "date",
            ("role",),
            ((), ("role",)),
            made_of=("user",),
        ),
        Table(
            _RETENTION,
            ("cohort_week", "weeks_since", "cohort_size", "active_units", "is_complete"),
            dimensions=("platform",),
            totals_only=("platform",),
        ),
    ),
    filters=(Filter("platform", "Platform"), Filter("role", "Role")),
    sections=(
        Section(
            "How many come?",
            (
                _level("mau", "Active in 28 days", _HEALTH, "mau", window=28),
                _level("dau", "Active on the day", _HEALTH, "dau"),
                _level("stickiness", "Stickiness", _HEALTH, "stickiness", "percent", window=28),
                _count("new_units", "New users", _HEALTH, "new_units"),
                _WHO_IS_ACTIVE,
                _STICKINESS,
                _NEW,
                _BY_PLATFORM,
            ),
            intro="A user is active with any event but a change of an application's status. The first three "
            "numbers are of the last date shown, new users of all dates shown. Who used the platform before "
            "the data begin counts as new when seen first.",
        ),
        Section("What do they do?", (_TOTALS, _BY_DATE)),
        Section(
            "Who is registered?",
            (
                _level("users", "Registered users", _USERS, "registered_users"),
                _level("active_users", "Of them active", _USERS, "active_users"),
                _count("new_registrations", "Registered", _USERS, "new_registrations"),
                _count("deleted", "Deleted", _USERS, "users_deleted"),
                _STATES,
                _CAME_AND_WENT,
                _ROLES,
            ),
            intro="From the records of users, not from events: a sign-up above is an event, and need not "
            "have a record. Active here is a status that a record says, not what somebody did.",
        ),
        Section(
            "Do they come back?",
            (_back(1), _back(4), _back(12), _CURVES, _COHORTS),
            intro="A cohort is who came first in a week, on whatever platform; it is followed for 26 weeks, "
            "or to the end of the data. Shown are the 27 newest cohorts that began by the last date shown. "
            "The first one of the data also holds those who were there before: it is left out where cohorts "
            "are put together.",
        ),
    ),
    scripts=("quotients.js", "platform_health.js"),
)
