"""Rows of dates after the last partition, which an earlier version built, or an earlier setting let in."""

import datetime as dt

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS, AB_UNITS_DAILY
from jobmatch_assets.contracts.feed import EVENTS, FEEDS, Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import ONE_DAY, days_around
from jobmatch_assets.pipeline.linked_dates import linked_dates
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, EXPERIMENTS, PUBLICATION, SILVER, STAGES
from jobmatch_assets.warehouse.control.queue import QueuedDate

_REQUEST = "partitions"


def withdraw_early_rows(session: Session) -> None:
    """Take rows of dates that have no partition yet out of silver and gold, and queue their dates.

    So tables are as if their lines had not come, and when a date has a partition it is built.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    warehouse, last = session.warehouse, session.settings.last_partition
    first = last + ONE_DAY
    queued = []
    for feed in FEEDS:
        # A file holds no date later than the day after its own, and mostly there is no file of such a day.
        if warehouse.rows_by_date(table_named(feed.raw.name), last, dt.date.max):
            queued += _queued(session, feed, first)
    if not queued:
        return
    with warehouse.transaction():
        session.queue.add(queued)
        # Where a run is stopped in between, the rows of what is looked at last tell the next one.
        for table in sorted(
            _dated_tables(session), key=lambda table: STAGES.index(table.stage), reverse=True
        ):
            warehouse.delete_since(table.contract, first)
        session.queue.add([(PUBLICATION, QueuedDate(last, last, _REQUEST, FEEDS[0].name))])


def _queued(session: Session, feed: Feed, first: dt.date) -> list[tuple[str, QueuedDate]]:
    """What is to be built again, now without these rows, and when their day has come with them."""
    warehouse, plan, last = session.warehouse, session.plan, first - ONE_DAY
    dates = {
        date
        for table in plan.of_stage(SILVER, feed)
        if isinstance(table.contract.clock, By) and warehouse.has_table(table.key)
        for date in warehouse.rows_by_date(table.contract, first, dt.date.max)
    }
    units, sums = (
        warehouse.dates_by_value(table, "experiment_id", first, dt.date.max, None) if feed == EVENTS else {}
        for table in (AB_UNITS_DAILY, AB_CUMULATIVE_SUMS)
    )
    if not (dates or sums):
        return []
    found = [(SILVER.name, QueuedDate(date, date, _REQUEST, feed.name)) for date in sorted(dates)]
    for stage in plan.follows(feed, session.feeds_there()):
        if stage.is_scoped:
            continue
        reach = plan.reach(stage, feed)
        near = {day for date in dates for day in days_around(date, reach.days_after, reach.days_before)}
        reached = near | (linked_dates(session, feed, dates) if reach.links and dates else set()) | {last}
        found += [(stage.name, QueuedDate(date, date, _REQUEST, feed.name)) for date in sorted(dates)]
        found += [
            (stage.name, QueuedDate(date, cause, _REQUEST, feed.name))
            for date in sorted({day for day in reached if day <= last})
            for cause in (date, min(dates, default=date))
        ]
    for name in sorted(units):
        found += [
            (EXPERIMENTS.name, QueuedDate(date, date, _REQUEST, feed.name, name))
            for date in sorted(units[name])
        ]
    # What was built up to there ends with the last event before.
    found += [
        (EXPERIMENTS.name, QueuedDate(last, last, _REQUEST, feed.name, name))
        for name in sorted(units.keys() | sums.keys())
    ]
    return found


def _dated_tables(session: Session) -> list[PlannedTable]:
    """Tables of silver and gold with a date, but for what is partitioned by the day of a file."""
    return [
        table
        for table in session.plan.tables.values()
        if table.stage != BRONZE and table.contract.date_column and session.warehouse.has_table(table.key)
    ]
