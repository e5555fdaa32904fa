"""The daily partitions of assets, and how they depend on each other's days."""

import warnings

import dagster as dg

from jobmatch_assets.dates import ONE_DAY
from jobmatch_assets.settings import Settings


def _neighbours(before: int, after: int) -> dg.TimeWindowPartitionMapping:
    """The days from `before` days earlier to `after` days later; the last partition has none after it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # allow_nonexistent_upstream_partitions
        return dg.TimeWindowPartitionMapping(
            start_offset=-before, end_offset=after, allow_nonexistent_upstream_partitions=True
        )


# A file holds events up to the day after its own; whatever comes later is found through the rebuild queue.
FILES_OF_AN_EVENT_DATE = _neighbours(1, 1)

# The 24 hours after a search or an impression reach into the next date.
EVENT_DATES_OF_A_METRIC = _neighbours(0, 1)


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
