"""Weeks as reports have them: ISO weeks, from Monday to Sunday in UTC, written 2026-W10."""

import datetime as dt
import re
from dataclasses import dataclass

from jobmatch_assets.dates import ONE_DAY, DateRange
from jobmatch_assets.errors import RequestError

_WRITTEN = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_WEEK = 7 * ONE_DAY


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week.

    Attributes:
        monday: Its first day.
    """

    monday: dt.date

    @classmethod
    def of_date(cls, day: dt.date) -> "Week":
        """The week that a day lies in."""
        return cls(day - ONE_DAY * day.weekday())

    @classmethod
    def of_text(cls, text: str) -> "Week":
        """Read a week as it is written.

        Raises:
            RequestError: It is no week; the message says how one is written.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if not found:
            raise RequestError(
                f"{text!r} is no week. Write the year and the number of the ISO week, as in 2026-W10."
            )
        year, number = int(found[1]), int(found[2])
        try:
            week = cls(dt.date.fromisocalendar(year, number, 1))
            _ = week.sunday, week.before
        except (ValueError, OverflowError):
            raise RequestError(
                f"There is no week {text.strip()}: {_weeks_of(year)}. A week is written as in 2026-W10."
            ) from None
        return week

    @property
    def sunday(self) -> dt.date:
        """Its last day."""
        return self.monday + 6 * ONE_DAY

    @property
    def days(self) -> DateRange:
        """Its days."""
        return DateRange(self.monday, self.sunday)

    @property
    def before(self) -> "Week":
        """The week before."""
        return Week(self.monday - _WEEK)

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year:04}-W{number:02}"


def _weeks_of(year: int) -> str:
    """How many weeks a year has, as a sentence; 28 December is always in the last one."""
    if not dt.MINYEAR < year < dt.MAXYEAR:
        return "the calendar does not reach that far"
    return f"{year} has the weeks 01 to {dt.date(year, 12, 28).isocalendar().week}"
