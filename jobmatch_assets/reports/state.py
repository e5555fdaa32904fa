"""What the published copy says of itself, and what of a week is not final."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.dates import ONE_DAY, DateRange, shown
from jobmatch_assets.errors import RequestError
from jobmatch_assets.published.copy import CopyError
from jobmatch_assets.reports.week import Week


@dataclass(frozen=True)
class HeldBack:
    """A date that is held back.

    Attributes:
        day: The date.
        check: The check that holds it back; None where what it is built from waits itself.
        message: What it found, or what it waits for.
    """

    day: dt.date
    check: str | None
    message: str


@dataclass(frozen=True)
class Published:
    """What was published.

    Attributes:
        at: When.
        dates: First and last date of events.
        newest_event: Time of the newest event.
        complete_through: The last date whose cohorts are complete; None without one.
    """

    at: dt.datetime
    dates: DateRange
    newest_event: dt.datetime
    complete_through: dt.date | None


@dataclass(frozen=True)
class WeekState:
    """What is to be known of a week before its numbers are read.

    Attributes:
        week: The week.
        published: What was published.
        incomplete: Its dates on which users may still go on, or that have no events yet.
        held_back: Its dates that are held back, a row for each check.
    """

    week: Week
    published: Published
    incomplete: tuple[dt.date, ...]
    held_back: tuple[HeldBack, ...]

    @property
    def is_final(self) -> bool:
        """Whether its numbers can change by late data only."""
        return not self.incomplete and not self.held_back

    @property
    def held_back_dates(self) -> list[dt.date]:
        """The dates that are held back."""
        return sorted({row.day for row in self.held_back})

    def is_whole(self, week: Week) -> bool:
        """Whether all seven days of a week lie in the data."""
        return week.monday in self.published.dates and week.sunday in self.published.dates


def require(
    connection: duckdb.DuckDBPyConnection, tables: Collection[str], columns: Mapping[str, Collection[str]]
) -> None:
    """See that the copy has tables, and columns that earlier versions of some lack.

    Raises:
        CopyError: It was made by a version that did not publish them.
    """
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = $schema and database_name = current_database()",
        {"schema": GOLD_SCHEMA},
    ).fetchall():
        there.setdefault(table, set()).add(column)
    missing = sorted(set(tables) - there.keys())
    for table, names in columns.items():
        missing += [f"{table}.{name}" for name in sorted(set(names) - there.get(table, set(names)))]
    if missing:
        raise CopyError(
            f"The published copy of gold lacks {', '.join(missing)}: it was made by an earlier version. "
            "`jobmatch run` makes it again, then ask once more."
        )


def published(connection: duckdb.DuckDBPyConnection) -> Published:
    """What the copy says of itself.

    Raises:
        RequestError: It holds no events, so there is nothing to report.
    """
    row = connection.execute(
        "select published_at, first_date, last_date, newest_event_ts, complete_through from publication"
    ).fetchone()
    if row is None or row[1] is None:
        raise RequestError(
            "There is nothing to report: the published copy of gold holds no events. `jobmatch run` loads "
            "files that have landed."
        )
    at, first, last, newest, complete_through = row
    return Published(at, DateRange(first, last), newest, complete_through)


def last_complete_week(of: Published) -> Week:
    """The last week that the copy holds from its first to its last day, with complete cohorts.

    Raises:
        RequestError: There is none; the message says which weeks there are.
    """
    if of.complete_through is not None:
        following = Week.of_date(of.complete_through + ONE_DAY)
        if following.before.monday >= of.dates.first:
            return following.before
    through = of.complete_through or "no date yet"
    raise RequestError(
        f"The published copy holds no complete week: its events are of {of.dates}, complete through "
        f"{through}. `jobmatch report --week {Week.of_date(of.dates.last)}` reports a part of one, marked as "
        "not final."
    )


def week_state(connection: duckdb.DuckDBPyConnection, week: Week, of: Published) -> WeekState:
    """What is to be known of a week.

    Raises:
        RequestError: The copy holds nothing of it.
    """
    if week.sunday < of.dates.first or week.monday > of.dates.last:
        raise RequestError(
            f"The published copy holds nothing of {week} ({week.days}): its events are of {of.dates}, "
            f"the weeks {Week.of_date(of.dates.first)} to {Week.of_date(of.dates.last)}."
        )
    complete_through = of.complete_through or dt.date.min
    rows = connection.execute(
        "select event_date, check_name, message from held_back where event_date between $first and $last "
        "order by event_date, check_name, message, stage",
        {"first": week.monday, "last": week.sunday},
    ).fetchall()
    return WeekState(
        week,
        of,
        tuple(day for day in week.days.days if day > complete_through),
        tuple(dict.fromkeys(HeldBack(*row) for row in rows)),
    )


def reasons(state: WeekState, most: int = 300) -> list[str]:
    """Why the week is not final, a sentence or two each; none where it is.

    Args:
        state: The week.
        most: Characters of a check's message that are quoted.
    """
    found = []
    if state.incomplete:
        found.append(
            f"Not complete: {shown(state.incomplete)}. Who entered on {_these(state.incomplete)} may still "
            f"click or apply; the newest event is of {state.published.newest_event:%Y-%m-%d %H:%M} UTC."
        )
    for row in state.held_back:
        message = row.message if len(row.message) <= most else row.message[: most - 1].rstrip() + "…"
        by = f", by the check {row.check}" if row.check else ""
        found.append(f"Held back: {row.day}{by}. {message}".rstrip())
    return found


def _these(days: Collection[dt.date]) -> str:
    return "this date" if len(days) == 1 else "these dates"
