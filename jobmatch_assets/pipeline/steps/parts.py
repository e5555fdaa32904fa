"""How many dates are built at once: no more than there is memory for, however long the range is."""

import datetime as dt
from collections.abc import Collection

from jobmatch_assets.contracts.clock import days_of
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, Stage


def in_parts(session: Session, stage: Stage, feed: Feed, days: Collection[dt.date]) -> list[list[dt.date]]:
    """The dates of a stage in ascending parts, each of about as many lines of the feed as are built at once.

    A partition is never divided. What adds up all dates before stays in one part, and so does everything
    where the engine has room for any number of lines.
    """
    most, source = session.warehouse.lines_at_once, feed.raw if stage == BRONZE else feed.staged
    partitions = sorted(stage.partitions_of(days))
    if most is None or stage.since or len(partitions) < 2 or not session.warehouse.has_table(source):
        return [sorted(days)]
    lines = session.warehouse.rows_by_date(table_named(source.name), min(days), max(days))
    parts: list[list[dt.date]] = []
    room = 0
    for first in partitions:
        of_partition = days_of(stage.unit, first)
        needed = sum(lines.get(day, 0) for day in of_partition)
        if needed > room or not parts:
            parts.append([])
            room = most
        room -= needed
        parts[-1] += [day for day in of_partition if day in days]
    return parts
