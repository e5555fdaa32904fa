"""The partitions of assets, and how they depend on each other's days."""

import warnings

import dagster as dg

from jobmatch_assets.contracts.clock import By, Clock, Whole
from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.settings import Settings


def days_around_a_day(before: int, after: int) -> dg.TimeWindowPartitionMapping:
    """The days from `before` days earlier to `after` days later; the last partition has none after it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # allow_nonexistent_upstream_partitions
        return dg.TimeWindowPartitionMapping(
            start_offset=-before, end_offset=after, allow_nonexistent_upstream_partitions=True
        )


def partitions_of(clock: Clock, settings: Settings) -> dg.TimeWindowPartitionsDefinition | None:
    """The partitions of a table; None where it has none."""
    if isinstance(clock, Whole):
        return None
    unit = clock.unit if isinstance(clock, By) else "day"
    return daily_partitions(settings) if unit == "day" else _longer_partitions(unit, settings)


def ended_weeks(settings: Settings) -> dg.TimeWindowPartitionsDefinition:
    """One partition a week from Monday on, when it has ended."""
    return _longer_partitions("week", settings, end_offset=0)


def daily_partitions(settings: Settings) -> dg.DailyPartitionsDefinition:
    """One partition a UTC day, from the first day that is kept to tomorrow (or the configured last day).

    Tomorrow has one because a file may hold events of the day after its own.
    """
    if settings.partitions_end:
        return dg.DailyPartitionsDefinition(
            start_date=settings.partitions_start.isoformat(),
            end_date=(settings.partitions_end + ONE_DAY).isoformat(),
        )
    return dg.DailyPartitionsDefinition(start_date=settings.partitions_start.isoformat(), end_offset=2)


def _longer_partitions(
    unit: str, settings: Settings, end_offset: int = 1
) -> dg.TimeWindowPartitionsDefinition:
    """One partition a week from Monday on, or a month, each with its first days and those to come."""
    (start,) = By("", "week" if unit == "week" else "month").partitions_of([settings.partitions_start])
    end = settings.partitions_end.isoformat() if settings.partitions_end else None
    if unit == "week":
        return dg.WeeklyPartitionsDefinition(
            start.isoformat(), day_offset=1, end_date=end, end_offset=end_offset
        )
    return dg.MonthlyPartitionsDefinition(start.isoformat(), end_date=end, end_offset=1)
