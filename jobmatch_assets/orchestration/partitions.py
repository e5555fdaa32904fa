"""The partitions of assets, and how they depend on each other's days."""

import warnings

import dagster as dg

from jobmatch_assets.contracts.clock import Clock, Unit, Whole, first_of, last_of, unit_of
from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.settings import Settings

_SHORTEST: dict[Unit, int] = {"day": 1, "week": 7, "month": 28}


def days_around(unit: Unit, before: int, after: int) -> dg.TimeWindowPartitionMapping:
    """The days of a partition, from `before` days earlier to `after` days later, as far as there are such.

    Dagster widens in partitions: around a week or month, these are whole weeks or months.
    """
    before, after = (-(-days // _SHORTEST[unit]) for days in (before, after))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # allow_nonexistent_upstream_partitions
        return dg.TimeWindowPartitionMapping(
            start_offset=-before, end_offset=after, allow_nonexistent_upstream_partitions=True
        )


def partitions_of(clock: Clock, settings: Settings) -> dg.TimeWindowPartitionsDefinition | None:
    """The partitions of a table; None where it has none."""
    if isinstance(clock, Whole):
        return None
    unit = unit_of(clock)
    return daily_partitions(settings) if unit == "day" else _longer_partitions(unit, settings)


def ended_weeks(settings: Settings) -> dg.TimeWindowPartitionsDefinition:
    """One partition a week from Monday on, when it has ended."""
    return _longer_partitions("week", settings, ahead=0)


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


def _longer_partitions(unit: Unit, settings: Settings, ahead: int = 2) -> dg.TimeWindowPartitionsDefinition:
    """One partition a week from Monday on, or a month, from the first to that after the present one.

    Tomorrow, which has a partition, may belong to the next. A week or month that begins before the first day,
    or ends after the last, is one, too.
    """
    start = first_of(unit, settings.partitions_start).isoformat()
    if settings.partitions_end:
        end, offset = (last_of(unit, settings.partitions_end) + ONE_DAY).isoformat(), 0
    else:
        end, offset = None, ahead
    if unit == "week":
        return dg.WeeklyPartitionsDefinition(start, day_offset=1, end_date=end, end_offset=offset)
    return dg.MonthlyPartitionsDefinition(start, end_date=end, end_offset=offset)
