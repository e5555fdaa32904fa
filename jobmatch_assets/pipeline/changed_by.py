"""What changed a partition of a table: the files it is made of and when they came, what waits and fails."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.landed_lines import STAGING_DATE
from jobmatch_assets.contracts.registry import is_table
from jobmatch_assets.dates import DateRange
from jobmatch_assets.errors import RequestError
from jobmatch_assets.pipeline.linked_dates import linked_dates
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE
from jobmatch_assets.warehouse.control.ledger import LOADED, WITHDRAWN

_MOST_FILES = 1_000_000


class ExplanationError(RequestError):
    """Nothing can be said of what was asked for; the message says of what something can."""


@dataclass(frozen=True)
class FileOfDate:
    """A file that a partition is made of, or was.

    Attributes:
        feed: Its feed.
        source_file: Its path below the feed's folder.
        load_id: The load that took it.
        loaded_at: When.
        lines: How many of its lines are of the dates that the partition reads; None where it was withdrawn.
        is_withdrawn: Whether it was taken back.
    """

    feed: str
    source_file: str
    load_id: str
    loaded_at: dt.datetime
    lines: int | None
    is_withdrawn: bool = False


@dataclass
class Origin:
    """What a partition is made of.

    Attributes:
        table: The table.
        partition: Its partition: the date, or the first day of its week.
        reads: The dates that it is counted from.
        files: The files, the newest load first.
        waits: Whether the partition waits to be built again.
        failing: The checks that fail for it, as they say it.
    """

    table: PlannedTable
    partition: dt.date
    reads: DateRange
    files: list[FileOfDate] = field(default_factory=list)
    waits: bool = False
    failing: list[str] = field(default_factory=list)


def origin_of(session: Session, name: str, date: dt.date) -> Origin:
    """What a partition of a table is made of.

    Args:
        session: The warehouse.
        name: The table.
        date: A date of the partition.

    Raises:
        ExplanationError: There is no such table, or it has no dates.
        WarehouseError: The warehouse cannot be used.
    """
    plan = session.plan
    if not is_table(name) or name not in plan.tables:
        raise ExplanationError(f"There is no table {name}. There are: {', '.join(plan.tables)}.")
    table = plan.tables[name]
    if table.contract.date_column is None:
        dated = [parent for parent in plan.read_by([table]) if plan.tables[parent].contract.date_column]
        raise ExplanationError(
            f"{name} has no dates: any file of {_and(feed.name for feed in plan.feeds_of(name))} may change "
            f"any of its rows. It is made of these tables, which have some: {', '.join(sorted(dated))}."
        )
    stage = table.stage
    partition = min(stage.partitions_of([date]))
    feeds = sorted(plan.feeds_of(name), key=FEEDS.index)
    days = _days_read(session, table, partition, feeds)
    origin = Origin(table, partition, DateRange(min(days), max(days)))
    ready = session.ready()
    for feed in feeds:
        origin.files += _files(session, table, feed, days)
        origin.waits = origin.waits or any(
            partition in stage.partitions_of([entry.event_date]) or (stage.since and entry.event_date <= date)
            for entry in ready.waiting(stage, feed)
        )
    origin.files.sort(key=lambda file: (file.loaded_at, file.source_file), reverse=True)
    origin.failing = [
        f"{check.check_name}: {check.description}"
        for check in ready.failing
        if (check.asset, check.partition_date) == (str(table.key), partition)
    ]
    return origin


def _days_read(
    session: Session, table: PlannedTable, partition: dt.date, feeds: Collection[Feed]
) -> set[dt.date]:
    stage = table.stage
    if table.contract.date_column == STAGING_DATE:
        return {partition}
    if stage.since:
        return set(DateRange(min(session.partitions.first, partition), partition).days)
    days = stage.whole([partition])
    for feed in feeds:
        days |= session.ready().days_read(stage, feed, partition)
        if session.plan.reach(stage, feed).links and session.warehouse.has_table(feed.staged):
            days |= linked_dates(session, feed, days)
    return days


def _files(session: Session, table: PlannedTable, feed: Feed, days: Collection[dt.date]) -> list[FileOfDate]:
    by_day_of_file = table.contract.date_column == STAGING_DATE or not session.plan.is_staged(feed)
    if by_day_of_file:
        lines = {
            (file.dt, file.source_file, file.sha256): file.lines
            for file in session.ledger.files(feed=feed.name, dt=days, outcome=LOADED)
        }
    elif table.stage != BRONZE and session.warehouse.has_table(feed.staged):
        query = session.dbt.compile("files_of_dates", days, feed=feed.name)
        lines = {
            (row["_source_dt"], row["_source_file"], row["_source_sha256"]): row["lines_of_dates"]
            for row in session.warehouse.query(query, _MOST_FILES)
        }
    else:
        lines = {}
    times = session.ledger.load_times(feed)
    first = min(days) - dt.timedelta(days=0 if by_day_of_file else 1)
    found = []
    for file in session.ledger.files(feed=feed.name):
        count = lines.get((file.dt, file.source_file, file.sha256))
        # Which dates a withdrawn file had lines of is not known; none that is after the day after its own.
        withdrawn = file.outcome == WITHDRAWN and (file.dt in days if by_day_of_file else file.dt >= first)
        if (count is not None and file.outcome != WITHDRAWN) or withdrawn:
            found.append(
                FileOfDate(
                    *(feed.name, file.source_file, file.load_id, times[file.load_id]),
                    lines=None if withdrawn else count,
                    is_withdrawn=withdrawn,
                )
            )
    return found


def _and(names: Iterable[str]) -> str:
    return " and ".join(sorted(names))
