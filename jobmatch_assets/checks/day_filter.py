"""Partitions as a condition on a column, in Ibis, and days around them."""

import datetime as dt
from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from jobmatch_assets.dates import MOST_RANGES, days_around, ranges_of


def on_days(column: Any, days: Collection[dt.date]) -> Any:
    """The date is one of the days; as ranges where these are few, so that engines skip the rest."""
    ranges = ranges_of(days)
    if len(ranges) > MOST_RANGES:
        return column.isin(sorted(days))
    return reduce(or_, (column.between(days_range.first, days_range.last) for days_range in ranges))


def widened(days: Collection[dt.date], by: int) -> set[dt.date]:
    """The days and those that lie up to so many days from one of them."""
    return {near for day in days for near in days_around(day, by, by)}
