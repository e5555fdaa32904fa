"""Taking a file back: its lines leave bronze for an archive, and what they touched is queued; and undoing it.

The ledger keeps the file, as withdrawn, so that it does not come back while it lies in the landing root. Its
day is staged again, which finds the lines that are gone and queues the dates that they touched, just as for
lines that change.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED
from jobmatch_assets.contracts.feed import FEEDS, Feed, feed_named
from jobmatch_assets.pipeline.archived_lines import add_from_archive, bring_back_days, copied_to_archive
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import SILVER
from jobmatch_assets.pipeline.steps.staging import keep_staged, queue_unfinished
from jobmatch_assets.warehouse.control.archived import WITHDRAWN as WITHDRAWN_LINES
from jobmatch_assets.warehouse.control.archived import ArchivedLines
from jobmatch_assets.warehouse.control.ledger import LOADED, WITHDRAWN, FileRecord
from jobmatch_assets.warehouse.control.queue import QueuedDate

_MOST_DATES = 100_000


@dataclass(frozen=True)
class Moved:
    """A file whose lines were taken out of bronze, or put back.

    Attributes:
        file: The file.
        archive: The folder with its lines; where they were put back, that they came from.
        dates: The dates that its lines are of, as they were staged.
    """

    file: FileRecord
    archive: str
    dates: frozenset[dt.date]


def withdraw(session: Session, files: Sequence[FileRecord]) -> list[Moved]:
    """Take the lines of loaded files out of bronze, file by file: each is withdrawn as a whole or not at all.

    Args:
        session: The warehouse.
        files: Entries of the ledger; those that are withdrawn already are left.

    Raises:
        ArchiveError: The lines cannot be archived; the file was left.
        WarehouseError: The warehouse cannot be used.
    """
    return [_withdraw(session, file) for file in files if file.outcome == LOADED]


def undo(session: Session, files: Sequence[FileRecord]) -> list[Moved]:
    """Put the lines of withdrawn files into bronze again, file by file.

    Args:
        session: The warehouse.
        files: Entries of the ledger; those that are loaded are left.

    Raises:
        ArchiveError: The archive is missing or damaged; the file stays withdrawn.
        WarehouseError: The warehouse cannot be used.
    """
    return [_undo(session, file) for file in files if file.outcome == WITHDRAWN]


def _withdraw(session: Session, file: FileRecord) -> Moved:
    feed, warehouse = feed_named(file.feed), session.warehouse
    bring_back_days(session, feed, [file.dt])
    dates = _dates_of(session, feed, file)
    archive = copied_to_archive(session, "withdrawn", feed, file.dt, **_lines_of(file))
    entry = ArchivedLines(
        *(file.feed, file.dt, WITHDRAWN_LINES, archive.name, archive.manifest.rows),
        source_file=file.source_file,
        sha256=file.sha256,
    )
    with warehouse.transaction():
        queue_unfinished(session, feed, [file.dt])
        keep_staged(session, feed, [file.dt])
        _touch(session, feed, file)
        warehouse.remove_raw_lines(feed, _source_dt=file.dt, **_lines_of(file))
        if feed.layout.files:
            warehouse.change(feed.layout.files, remove=[_lines_of(file)])
        session.archived.note([entry])
        session.ledger.set_outcome(file, WITHDRAWN)
    return Moved(file, str(archive.folder), dates)


def _undo(session: Session, file: FileRecord) -> Moved:
    feed, warehouse = feed_named(file.feed), session.warehouse
    bring_back_days(session, feed, [file.dt])
    (entry,) = session.archived.entries(
        feed=file.feed, dt=file.dt, kind=WITHDRAWN_LINES, source_file=file.source_file, sha256=file.sha256
    )
    with warehouse.transaction():
        keep_staged(session, feed, [file.dt])
        add_from_archive(session, feed, entry)
        if feed.layout.files:
            row = session.landing(feed).layout.file_row(file.source_file)
            warehouse.change(
                feed.layout.files,
                remove=[_lines_of(file)],
                add=[{**_lines_of(file), "_source_dt": file.dt, **row, "_load_id": file.load_id}],
            )
        _touch(session, feed, file)
        session.archived.forget([entry])
        session.ledger.set_outcome(file, LOADED)
    session.archives.remove(entry.archive)
    return Moved(file, str(session.archives.root / entry.archive), frozenset())


def _touch(session: Session, feed: Feed, file: FileRecord) -> None:
    """Queue what no line tells: a file of entities counts by its name, and a dump by what it does not say."""
    if not (session.plan.is_staged(feed) and session.plan.tells_of_entities(feed)):
        return
    if not session.warehouse.has_table(feed.staged):
        return
    request = f"{WITHDRAWN}-{file.sha256[:16]}"
    dumps = session.dbt.compile("entities_of_dumps", [file.dt])
    session.warehouse.append_query(ENTITIES_TOUCHED.name, dumps, request_id=request)
    there = session.feeds_there()
    entries = [(SILVER.name, QueuedDate(file.dt, file.dt, request, feed.name))]
    # The day of its newest file is part of tables that are made of other feeds.
    entries += [
        (stage.name, QueuedDate(file.dt, file.dt, request, other.name))
        for other in FEEDS
        if other in there
        for stage in session.plan.follows(other, there)
        if stage.is_whole
    ]
    session.queue.add(entries)


def _dates_of(session: Session, feed: Feed, file: FileRecord) -> frozenset[dt.date]:
    """The dates that the lines of a file are of, as they are staged."""
    if not (session.plan.is_staged(feed) and session.warehouse.has_table(feed.staged)):
        return frozenset()
    query = session.dbt.compile("dates_of_file", [file.dt], feed=feed.name, sha256=file.sha256)
    return frozenset(row["date_of_lines"] for row in session.warehouse.query(query, _MOST_DATES))


def _lines_of(file: FileRecord) -> dict[str, str]:
    return {"_source_file": file.source_file, "_source_sha256": file.sha256}
