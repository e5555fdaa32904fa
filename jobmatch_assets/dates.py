"""Days: ranges of them, their neighbours, and how they are shown."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)

NO_DATE = dt.date.min
"""Stands for all rows of what has no date."""

_MOST_SHOWN = 8

MOST_RANGES = 20
"""A condition with more is slower than a list of days."""


@dataclass(frozen=True)
class DateRange:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    @property
    def end(self) -> dt.date:
        """The day after the last."""
        return self.last + ONE_DAY

    @property
    def days(self) -> list[dt.date]:
        """All days of the range."""
        return [self.first + ONE_DAY * n for n in range((self.end - self.first).days)]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, dt.date) and self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}…{self.last}"

    @classmethod
    def of_text(cls, text: str) -> "DateRange":
        """A date, YYYY-MM-DD, or two with `..` or `…` between them.

        Raises:
            ValueError: It is neither.
        """
        first, _, last = text.strip().replace("…", "..").partition("..")
        days = cls(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
        if days.last < days.first:
            raise ValueError(f"{days.last} lies before {days.first}")
        return days

    @classmethod
    def of_partition_keys(cls, keys: Iterable[str]) -> "DateRange":
        """The range that a run builds, from its partition keys."""
        days = [dt.date.fromisoformat(key) for key in keys]
        return cls(min(days), max(days))


def days_around(day: dt.date, before: int, after: int) -> set[dt.date]:
    """The day and its neighbours, as far as the calendar goes."""
    return {
        dt.date.fromordinal(number)
        for number in range(day.toordinal() - before, day.toordinal() + after + 1)
        if dt.date.min.toordinal() <= number <= dt.date.max.toordinal()
    }


def ranges_of(days: Collection[dt.date]) -> list[DateRange]:
    """The days as ranges that have no gaps, ascending."""
    ranges: list[DateRange] = []
    for day in sorted(set(days)):
        if ranges and ranges[-1].end == day:
            ranges[-1] = DateRange(ranges[-1].first, day)
        else:
            ranges.append(DateRange(day, day))
    return ranges


def is_of_days(column: str, days: Collection[dt.date]) -> str:
    """The date is one of the days: in SQL that all engines read, as ranges where these are few."""
    ranges = ranges_of(days)
    if len(ranges) > MOST_RANGES:
        listed = ", ".join(f"date '{day}'" for day in sorted(days))
        return f"{column} in ({listed})"
    between = (f"{column} between date '{span.first}' and date '{span.last}'" for span in ranges)
    return f"({' or '.join(between)})" if ranges else "false"


def shown(days: Collection[dt.date]) -> str:
    """The days for people, as ranges; of many the first, and how many more."""
    ranges = [
        "all of it" if days_range.last == NO_DATE else str(days_range) for days_range in ranges_of(days)
    ]
    more = f" and {len(ranges) - _MOST_SHOWN} more" if len(ranges) > _MOST_SHOWN else ""
    return ", ".join(ranges[:_MOST_SHOWN]) + more
