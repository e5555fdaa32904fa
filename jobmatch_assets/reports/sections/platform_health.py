"""Who is active, who is registered, how many newcomers come back: told where the copy has these tables."""

import datetime as dt
from collections.abc import Callable

import duckdb

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.metrics.ratios import Interval, difference_of_shares, wilson
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.parts import Cell, Part, Section, Table
from jobmatch_assets.reports.parts import Chart as Drawing
from jobmatch_assets.reports.reading import Rows, rows_of, total
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import NONE, between, count, days, percent, points

COLUMNS = {
    "platform_health_daily": (
        *("event_date", "platform", "dau", "wau", "mau", "stickiness", "new_units", "window_days"),
        *("logins", "signups", "searches", "job_views", "bookmarks", "profile_updates", "applies"),
    ),
    "users_daily": ("date", "role", "users", "active_users", "new_registrations", "deleted"),
    "retention_weekly": ("cohort_week", "weeks_since", "cohort_size", "active_units", "is_complete"),
}
"""What it reads; what lacks one of them is left out."""

_WINDOW = 28
_COHORTS = 4
_WEEKS_SINCE = (1, 4, 12)
_WIDTHS = (3.6, 4, 4)
_ACTIVITY = (
    ("logins", "Logins"),
    ("signups", "Sign-ups"),
    ("searches", "Searches"),
    ("job_views", "Job views"),
    ("bookmarks", "Bookmarks"),
    ("profile_updates", "Profile updates"),
    ("applies", "Applications"),
)
_HEADINGS = ("", "> This week", "> Week before")

Asked = Callable[[Rows], Cell]


def platform_health(
    connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis
) -> Section | None:
    """The section; None where the copy has none of its tables, or no rows of the week."""
    there = _tables_there(connection)
    parts: list[Part] = []
    if "platform_health_daily" in there:
        parts += _active(connection, comparing, axis)
    if "users_daily" in there:
        parts += _registered(connection, comparing)
    if "retention_weekly" in there:
        parts += _retention(connection, comparing)
    if not parts:
        return None
    return Section(
        "Platform health",
        "Who uses the platform, and who stays. A user is active with any event but a change of an "
        "application's status.",
        parts,
        (
            *("dau", "wau", "mau", "stickiness", "new_units", "registered_users", "new_registrations"),
            *("users_deleted", "retention"),
        ),
    )


def _tables_there(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of which the copy has all that is read."""
    there: dict[str, set[str]] = {table: set() for table in COLUMNS}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = $schema and database_name = current_database()",
        {"schema": GOLD_SCHEMA},
    ).fetchall():
        there.setdefault(table, set()).add(column)
    return {table for table, columns in COLUMNS.items() if there[table].issuperset(columns)}


def _active(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> list[Part]:
    week = comparing.state.week
    found = rows_of(
        connection,
        "from platform_health_daily where event_date between $first and $last and platform = $all "
        "order by event_date",
        first=min(axis.first, week.before.monday), last=axis.last, all=ALL,
    )  # fmt: skip
    now = [row for row in found if row["event_date"] in week.days]
    if not now:
        return []
    before = [row for row in found if row["event_date"] in week.before.days]
    rows = [
        _row("Active in 28 days", comparing, _last("mau", count), now, before),
        _row("Active in the week", comparing, _last("wau", count), now, before),
        _row("Stickiness", comparing, _last("stickiness", percent), now, before),
        _row("New users", comparing, _sum("new_units"), now, before),
        *(_row(label, comparing, _sum(column), now, before) for column, label in _ACTIVITY),
    ]
    note = (
        "The first three as of the last date of each week that the data hold, each user counted once; new "
        "users and events of all its dates. Counts are of all users and events, so they have no interval."
    )
    short = [row["window_days"] for row in (now[-1], *before[-1:]) if row["window_days"] < _WINDOW]
    if short:
        note += (
            f" The data were only {min(short)} dates old on one of these dates: users in {_WINDOW} days, and "
            "stickiness, cannot be compared."
        )
    values = {row["event_date"]: row["dau"] for row in found}
    drawn = [axis.row(day, _point(values.get(day))) for day in axis.days]
    details = (("day", "date", ""), ("value", "users", ","))
    chart = Drawing(
        "Active users of each date",
        f"Dates do not add up. {axis.legend}".rstrip(),
        f"Active users of each date. {axis.summary(drawn, count)}",
        over_time("value", "", details, axis_format="~s"),
        axis.data(drawn),
        axis.parameters,
        height=95,
    )
    return [Table("Who is active, and what they do", _HEADINGS, rows, _WIDTHS, note), axis.drawn(chart)]


def _registered(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> list[Part]:
    week = comparing.state.week
    found = rows_of(
        connection,
        "from users_daily where date between $first and $last and role = $all order by date",
        first=week.before.monday, last=week.sunday, all=ALL,
    )  # fmt: skip
    now = [row for row in found if row["date"] in week.days]
    if not now:
        return []
    before = [row for row in found if row["date"] in week.before.days]
    rows = [
        _row("Registered users", comparing, _last("users", count), now, before),
        _row("With status active", comparing, _last("active_users", count), now, before),
        _row("Registered in the week", comparing, _sum("new_registrations"), now, before),
        _row("Deleted in the week", comparing, _sum("deleted"), now, before),
    ]
    note = "From the records of users, at the close of the last date of each week that the data hold."
    return [Table("Who is registered", _HEADINGS, rows, _WIDTHS, note)]


def _retention(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> list[Part]:
    """Of the newest cohorts whose week is over by the end of this one, how many were active in it."""
    found = rows_of(
        connection,
        "select * from retention_weekly where is_complete and weeks_since in $weeks "
        "and cohort_week > (select min(cohort_week) from retention_weekly) "
        "and cohort_week + 7 * weeks_since::int <= $monday order by cohort_week",
        weeks=list(_WEEKS_SINCE), monday=comparing.state.week.monday,
    )  # fmt: skip
    rows = []
    for weeks in _WEEKS_SINCE:
        of = [row for row in found if row["weeks_since"] == weeks]
        newest, older = of[-_COHORTS:], of[:-_COHORTS][-_COHORTS:]
        if not newest:
            continue
        rate, earlier = _share(newest), _share(older) if len(older) == _COHORTS else None
        rows.append(
            [
                Cell(f"{weeks} {'week' if weeks == 1 else 'weeks'} later", _span(newest), strong=True),
                _of(rate, newest),
                _of(earlier, older),
                comparing.cell(difference_of_shares(rate, earlier), points) if earlier else Cell(NONE),
            ]
        )
    if not rows:
        return []
    note = (
        f"Of those who came first in a week, the share that was active in the one so many weeks later; the "
        f"{_COHORTS} newest such weeks put together, against the {_COHORTS} before. The first week of the "
        "data is left out: it also holds who was there before. Intervals: Wilson, 95 %."
    )
    headings = ("Came first in", "> Active", "> Cohorts before", "Change")
    return [Table("Who comes back", headings, rows, (3.4, 3, 3, 3.6), note)]


def _share(rows: Rows) -> Interval | None:
    return wilson(total(rows, "active_units"), total(rows, "cohort_size"))


def _of(rate: Interval | None, rows: Rows) -> Cell:
    if rate is None:
        return Cell(NONE, "no such cohorts")
    return Cell(percent(rate.value), f"{between(rate, percent)}, n = {count(total(rows, 'cohort_size'))}")


def _span(rows: Rows) -> str:
    first: dt.date = rows[0]["cohort_week"]
    last: dt.date = rows[-1]["cohort_week"]
    return days(first, last + ONE_DAY * 6)


def _row(label: str, comparing: Comparing, ask: Asked, now: Rows, before: Rows) -> list[Cell]:
    earlier = Cell(NONE) if comparing.obstacle or not before else ask(before)
    return [Cell(label, strong=True), ask(now), earlier]


def _last(column: str, form: Callable[[float | None], str]) -> Asked:
    """A value as of the last date."""
    return lambda rows: Cell(form(rows[-1][column]))


def _sum(column: str) -> Asked:
    return lambda rows: Cell(count(total(rows, column)))


def _point(value: float | None) -> Interval | None:
    return None if value is None else Interval(value, value, value)
