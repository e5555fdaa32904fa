"""The ledger of files: which were loaded, under which names, and whether their lines are staged."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from jobmatch_assets.contracts.control_tables import FILES
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.warehouse.port import Row, Warehouse


@dataclass(frozen=True)
class FileRecord:
    """A file that a load has seen: what the ledger says of it."""

    feed: str
    source_file: str
    sha256: str
    dt: dt.date
    fingerprint: str
    outcome: Literal["loaded", "same_content", "withdrawn"]
    same_as: str | None
    lines: int
    bytes: int
    load_id: str


LOAD = "load-"
"""What the name of a load begins with."""

_LOADS = "loads-"

_FIELDS = tuple(FileRecord.__dataclass_fields__)

LOADED, WITHDRAWN = "loaded", "withdrawn"
_OF_LINES = (LOADED, WITHDRAWN)
"""Outcomes of files whose lines are staged, or have to leave what is staged."""


class Ledger:
    """The files of a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def known_files(self, feed: Feed, days: Collection[dt.date]) -> list[FileRecord]:
        """The entries of a feed's files of these days."""
        if not days:
            return []
        rows = self._warehouse.records(FILES, feed=feed.name, dt=days)
        return _records(rows)

    def files(self, **where: object) -> list[FileRecord]:
        """The entries that meet conditions, {column: the value that it has; of a collection one of them}."""
        return _records(self._warehouse.records(FILES, **where))

    def loaded_files(self) -> dict[tuple[str, str], int]:
        """{(feed, name) of every file that was loaded: its size in bytes, as it was loaded last}."""
        rows = self._warehouse.records(FILES, outcome=LOADED)
        rows.sort(key=lambda row: row["ingested_at"])
        return {(row["feed"], row["source_file"]): row["bytes"] for row in rows}

    def load_times(self, feed: Feed) -> dict[str, dt.datetime]:
        """{load: when it began}, of all loads of a feed."""
        return {row["load_id"]: row["ingested_at"] for row in self._warehouse.records(FILES, feed=feed.name)}

    def last_load(self, feed: Feed) -> dt.datetime | None:
        """When files of a feed were loaded last; None where none were."""
        rows = self._warehouse.records(FILES, feed=feed.name, outcome=_OF_LINES)
        return max((row["ingested_at"] for row in rows), default=None)

    def unstaged_days(self, feed: Feed) -> list[dt.date]:
        """Days with files whose lines are not staged yet, or staged and withdrawn, ascending."""
        rows = self._warehouse.records(FILES, feed=feed.name, staged=False, outcome=_OF_LINES)
        return sorted({row["dt"] for row in rows})

    def withdrawn_days(self, feed: Feed) -> list[dt.date]:
        """Days with files that were withdrawn and whose lines are staged still, ascending."""
        rows = self._warehouse.records(FILES, feed=feed.name, staged=False, outcome=WITHDRAWN)
        return sorted({row["dt"] for row in rows})

    def has_staged(self, feed: Feed, days: Collection[dt.date]) -> bool:
        """Whether lines of files of these days are staged."""
        return bool(self._warehouse.records(FILES, feed=feed.name, staged=True, outcome=LOADED, dt=days))

    def unstaged_loads(self, feed: Feed, days: Collection[dt.date]) -> list[str]:
        """The loads that brought what is not staged yet of these days, in order."""
        rows = self._warehouse.records(FILES, feed=feed.name, staged=False, outcome=_OF_LINES, dt=days)
        return sorted({row["load_id"] for row in rows})

    def set_staged(self, feed: Feed, days: Collection[dt.date], staged: bool) -> None:
        """Note of all files of these days whether what is staged is what they hold.

        What was withdrawn, and is not staged any more, need not be looked at again.
        """
        outcome = _OF_LINES if staged else LOADED
        self._warehouse.update(
            FILES, {"staged": staged}, feed=feed.name, staged=not staged, outcome=outcome, dt=days
        )

    def set_outcome(self, record: FileRecord, outcome: str) -> None:
        """Note that a file was withdrawn, or is loaded again: either way its day is to be staged."""
        self._warehouse.update(
            FILES,
            {"outcome": outcome, "staged": False},
            feed=record.feed,
            dt=record.dt,
            source_file=record.source_file,
            sha256=record.sha256,
            outcome=_OF_LINES,
        )


def _records(rows: Iterable[Row]) -> list[FileRecord]:
    return [FileRecord(**{name: row[name] for name in _FIELDS}) for row in rows]


def is_of_loads(request: str) -> bool:
    """Whether it is files that ask, under the name that `request_of` gives."""
    return request.startswith((LOAD, _LOADS))


def request_of(load_ids: Sequence[str]) -> str:
    """Names what several loads ask for together; one load asks under its own name."""
    if len(load_ids) == 1:
        return load_ids[0]
    return f"{_LOADS}{hashlib.sha256('+'.join(load_ids).encode()).hexdigest()[:16]}"
