"""Lines on their way to archives, where a copy is read back first, and back, before a day is staged."""

import datetime as dt
import logging
from collections.abc import Collection
from typing import Any

from jobmatch_assets.archives.archive import Archive
from jobmatch_assets.archives.comparing import are_same
from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.contracts.control_tables import ArchiveKind
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.dates import shown
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.warehouse.control.archived import ArchivedLines

_log = logging.getLogger(__name__)


def copied_to_archive(session: Session, kind: ArchiveKind, feed: Feed, day: dt.date, **where: Any) -> Archive:
    """An archive with lines of a day, read back and compared; bronze is left as it is.

    Args:
        session: The warehouse.
        kind: Why they are put away.
        feed: Their feed.
        day: The day that their files were written for.
        **where: Which of its lines, as of `Warehouse.raw_lines`.

    Raises:
        ArchiveError: It cannot be written, or does not hold what was written.
        WarehouseError: The warehouse cannot be used.
    """
    warehouse = session.warehouse
    with warehouse.raw_lines(feed, _source_dt=day, **where) as lines:
        archive = session.archives.write(kind, feed, day, lines)
    with warehouse.raw_lines(feed, _source_dt=day, **where) as lines, archive.lines() as copied:
        if not are_same(lines, copied):
            raise ArchiveError(
                f"The archive {archive.folder} does not hold what was written to it. Nothing was taken out "
                "of the warehouse. Look whether the disk is sound, or let JOBMATCH_ARCHIVE_PATH name another."
            )
    return archive


def add_from_archive(session: Session, feed: Feed, entry: ArchivedLines) -> None:
    """Put the lines of an archive into bronze; within a transaction, since who calls notes it, too.

    Raises:
        ArchiveError: The archive is missing or damaged, or holds other lines.
        WarehouseError: The warehouse cannot be used.
    """
    archive = session.archives.named(entry.archive)
    if archive.manifest.rows != entry.lines:
        raise ArchiveError(
            f"The archive {archive.folder} has {archive.manifest.rows:,} lines, and {entry.lines:,} were put "
            "there. Put it back from a backup."
        )
    with archive.lines() as lines:
        session.warehouse.add_raw_lines(feed, lines)


def bring_back_days(session: Session, feed: Feed, days: Collection[dt.date]) -> set[dt.date]:
    """Put the archived lines of days into bronze again, where they have some, and remove the archives.

    A day is staged from all of its lines, so whoever stages one asks first.

    Returns:
        The days that had archived lines.

    Raises:
        ArchiveError: An archive is missing or damaged; what was brought back before it stays.
        WarehouseError: The warehouse cannot be used.
    """
    entries = session.archived.retained(feed, dt=days) if days else []
    for entry in entries:
        try:
            with session.warehouse.transaction():
                add_from_archive(session, feed, entry)
                session.archived.forget([entry])
        except ArchiveError as error:
            raise ArchiveError(
                f"The lines of files of {entry.dt} are needed again, and cannot be had from their archive: "
                f"{error} Until then leave new files of that day out of the landing root, and do not "
                "build it again. Its tables stay as they are."
            ) from None
        session.archives.remove(entry.archive)
    found = {entry.dt for entry in entries}
    if found:
        _log.info("lines of files of %s were brought back from archives", shown(found))
    return found
