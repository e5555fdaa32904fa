"""Lines of old days: moved from bronze to archives, a day at a time, and brought back.

How old a day is, is measured by the newest day that files were written for, and never by a clock. Only lines
of feeds that nothing reads once they are staged are moved: what is built of the others reads bronze whenever
something changes. Tables are not touched, and nothing is queued.
"""

import datetime as dt
from dataclasses import dataclass, field

from jobmatch_assets.contracts.feed import FEEDS, Feed, feed_named
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import DateRange
from jobmatch_assets.errors import RequestError
from jobmatch_assets.interruption import stop_where_asked
from jobmatch_assets.pipeline.archived_lines import bring_back_days, copied_to_archive
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE
from jobmatch_assets.warehouse.control.archived import RETAINED, ArchivedLines
from jobmatch_assets.warehouse.control.ledger import LOADED


class RetentionError(RequestError):
    """Days cannot be moved or brought back as asked; the message says why."""


@dataclass
class Retained:
    """What was moved to archives.

    Attributes:
        last: The last date of the data; None where there is none.
        moved: The archived days, as control tables have them.
        left: Old days that were left, since they are not staged yet.
        kept: Feeds whose lines are needed again, and stay.
    """

    last: dt.date | None = None
    moved: list[ArchivedLines] = field(default_factory=list)
    left: set[dt.date] = field(default_factory=set)
    kept: list[Feed] = field(default_factory=list)


def is_archivable(plan: Plan, feed: Feed) -> bool:
    """Whether lines of a feed are read when they are staged, and never again."""
    return all(
        table.stage == BRONZE for table in plan.tables.values() if feed.raw.name in table.parents
    ) and plan.is_staged(feed)


def last_date(session: Session) -> dt.date | None:
    """The last date of the data: the newest day that a loaded file with lines was written for."""
    return max((file.dt for file in session.ledger.files(outcome=LOADED) if file.lines), default=None)


def retain(session: Session, days: int) -> Retained:
    """Move lines of files of all days that lie more than some days before the last date of the data.

    Each day is archived, read back and compared, then taken out of bronze, at once with a note of where it
    is: who is killed in between has archived it, and does so again next time.

    Args:
        session: The warehouse.
        days: How many days stay, besides the last.

    Raises:
        ArchiveError: A day cannot be archived; it was left, those before it are moved.
        WarehouseError: The warehouse cannot be used, or keeps its lines.
    """
    retained = Retained(last=last_date(session))
    if retained.last is None:
        return retained
    first_kept = retained.last - dt.timedelta(days=days)
    for feed in FEEDS:
        table = table_named(feed.raw.name)
        old = session.warehouse.rows_by_date(table, dt.date.min, first_kept - dt.timedelta(days=1))
        if not is_archivable(session.plan, feed):
            retained.kept += [feed] if old else []
            continue
        unsettled = {*session.ledger.unstaged_days(feed), *session.ready().blocked(BRONZE, feed)}
        retained.left |= unsettled & old.keys()
        for day in sorted(old.keys() - unsettled):
            stop_where_asked()
            retained.moved.append(_moved(session, feed, day))
    return retained


def _moved(session: Session, feed: Feed, day: dt.date) -> ArchivedLines:
    # What was archived of the day before joins what came since.
    bring_back_days(session, feed, [day])
    archive = copied_to_archive(session, "retained", feed, day)
    entry = ArchivedLines(feed.name, day, RETAINED, archive.name, archive.manifest.rows)
    with session.warehouse.transaction():
        session.warehouse.remove_raw_lines(feed, _source_dt=day)
        session.archived.note([entry])
    return entry


def restore(session: Session, dates: DateRange | None) -> list[ArchivedLines]:
    """Bring the archived lines of days back to bronze, of all days where none are named.

    Returns:
        What was brought back.

    Raises:
        RetentionError: The days have no archived lines.
        ArchiveError: An archive is missing or damaged; days before it are back.
        WarehouseError: The warehouse cannot be used.
    """
    entries = [
        entry
        for feed in FEEDS
        for entry in session.archived.retained(feed)
        if dates is None or entry.dt in dates
    ]
    if dates is not None and not entries:
        raise RetentionError(f"Lines of files of {dates} are in no archive: there is nothing to bring back.")
    for entry in entries:
        stop_where_asked()
        bring_back_days(session, feed_named(entry.feed), [entry.dt])
    return entries
