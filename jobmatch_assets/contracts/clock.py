"""What a table is partitioned by, and with it what a changed date means for its rows."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Literal

Unit = Literal["day", "week", "month"]
UNITS: tuple[Unit, ...] = ("day", "week", "month")


def first_of(unit: Unit, day: dt.date) -> dt.date:
    """The first day of the week or month that a day belongs to; the day itself where that is the unit."""
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def days_of(unit: Unit, day: dt.date) -> list[dt.date]:
    """All days of the week or month that a day belongs to; the day alone where that is the unit."""
    first = first_of(unit, day)
    length = {"day": 1, "week": 7, "month": calendar.monthrange(day.year, day.month)[1]}[unit]
    return [first + dt.timedelta(days=number) for number in range(length)]


def last_of(unit: Unit, day: dt.date) -> dt.date:
    """The last day of the week or month that a day belongs to; the day itself where that is the unit."""
    return days_of(unit, day)[-1]


@dataclass(frozen=True)
class By:
    """A partition holds what belongs to a day, a week from Monday on, or a month: a change touches that one.

    Attributes:
        column: The column with the first day of the partition.
        unit: How long a partition is.
    """

    column: str
    unit: Unit = "day"


@dataclass(frozen=True)
class Since:
    """A partition is counted from its date and all before it: a change touches it and all that follow.

    Attributes:
        column: The column with the date.
    """

    column: str


@dataclass(frozen=True)
class Whole:
    """The table has no date: every change touches all of it."""


Clock = By | Since | Whole


def unit_of(clock: Clock) -> Unit:
    """How long a partition is; a day where the table adds up dates, or has none."""
    return clock.unit if isinstance(clock, By) else "day"


def date_column_of(clock: Clock) -> str | None:
    """The column with the partition's date; None where the table has none."""
    return None if isinstance(clock, Whole) else clock.column
