"""Which lines are in archives and not in bronze: of old days, and of files that were withdrawn."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from jobmatch_assets.contracts.control_tables import ARCHIVED_LINES, ArchiveKind
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.warehouse.port import Warehouse

RETAINED: ArchiveKind = "retained"
WITHDRAWN: ArchiveKind = "withdrawn"


@dataclass(frozen=True)
class ArchivedLines:
    """Lines of one day that an archive has.

    Attributes:
        feed: The feed.
        dt: The day that their files were written for.
        kind: Why they are there.
        archive: The name of the archive.
        lines: How many there are.
        source_file: Of withdrawn lines, the file.
        sha256: Of withdrawn lines, SHA-256 of its bytes.
    """

    feed: str
    dt: dt.date
    kind: ArchiveKind
    archive: str
    lines: int
    source_file: str | None = None
    sha256: str | None = None


class Archived:
    """What a warehouse knows of archives."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def entries(self, **where: Any) -> list[ArchivedLines]:
        """What is archived and meets conditions, as of `Warehouse.records`."""
        return [ArchivedLines(**row) for row in self._warehouse.records(ARCHIVED_LINES, **where)]

    def retained(self, feed: Feed, **where: Any) -> list[ArchivedLines]:
        """What is archived of old days of a feed, by day."""
        return self.entries(feed=feed.name, kind=RETAINED, **where)

    def note(self, entries: Sequence[ArchivedLines]) -> None:
        """Note that these lines are in archives."""
        self._warehouse.change(ARCHIVED_LINES, add=[asdict(entry) for entry in entries])

    def forget(self, entries: Sequence[ArchivedLines]) -> None:
        """Note that these lines are in bronze again."""
        self._warehouse.change(ARCHIVED_LINES, remove=[asdict(entry) for entry in entries])
