"""The history that a snapshot and a log tell, in plain Python: row by row in the order of the log."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jobmatch_assets_tests.bench.logical_log import UNCHANGED, Row, Transaction
from jobmatch_assets_tests.postgres.product_database import KEYS, TABLES, as_shown

Entity = tuple[str, str]
"""A table, and a key as text."""


@dataclass(frozen=True)
class Version:
    """A period in which the tracked columns of an entity stayed the same."""

    row: Row
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    ended_by: str | None


@dataclass(frozen=True)
class Reads:
    """A first snapshot: rows of each table, and when they were read."""

    rows: Mapping[str, Sequence[Row]]
    at: Mapping[str, dt.datetime]


class Replay:
    """What was there when, of each entity.

    Attributes:
        rows: The rows that are there at the end, with all values known.
    """

    def __init__(self, reads: Reads, log: Iterable[Transaction]) -> None:
        self.rows: dict[Entity, Row] = {}
        self._clock: dict[Entity, dt.datetime] = {}
        self._states: defaultdict[Entity, dict[dt.datetime, Row | None]] = defaultdict(dict)
        for table, rows in reads.rows.items():
            for row in rows:
                self._read(table, row, reads.at[table])
        for transaction in log:
            for change in transaction.changes:
                if change.key is not None:
                    self._set(change.table, change.key, None, transaction.committed_at)
                if change.row is not None:
                    self._set(change.table, change.row, change.row, transaction.committed_at)

    def _read(self, table: str, row: Row, at: dt.datetime) -> None:
        """A row that was there already may say since when."""
        claimed = row["updated_at"]
        self._set(table, row, row, at)
        if claimed is not None and claimed < at:
            states = self._states[_entity(table, row)]
            states[claimed] = states.pop(at)

    def _set(self, table: str, key: Row, row: Row | None, at: dt.datetime) -> None:
        entity = _entity(table, key)
        # A clock that went back does not take back what happened.
        self._clock[entity] = max(at, self._clock.get(entity, at))
        if row is None:
            self.rows.pop(entity, None)
        else:
            before = self.rows.get(entity, {})
            row = {name: before.get(name) if value is UNCHANGED else value for name, value in row.items()}
            self.rows[entity] = row
        self._states[entity][self._clock[entity]] = row

    def versions(self, table: str) -> dict[str, list[Version]]:
        """The versions of each key of a table that ever had one, by time."""
        found = {
            key: list(_versions(table, states))
            for (name, key), states in self._states.items()
            if name == table
        }
        return {key: versions for key, versions in found.items() if versions}


def _entity(table: str, row: Row) -> Entity:
    return table, str(row[KEYS[table]])


def _versions(table: str, states: Mapping[dt.datetime, Row | None]) -> Iterator[Version]:
    """Periods of equal tracked columns, each with the row as it was last known in it."""
    tracked = [column.name for column in TABLES[table].tracked]
    periods: list[tuple[dt.datetime, Row | None]] = []
    for at, state in states.items():
        row = None if state is None else as_shown(table, state)
        before = periods[-1][1] if periods else None
        if row is not None and before is not None and all(row[name] == before[name] for name in tracked):
            periods[-1] = (periods[-1][0], row)
        elif row is not None or before is not None:
            periods.append((at, row))
    for number, (at, row) in enumerate(periods):
        if row is not None:
            valid_to, after = periods[number + 1] if number + 1 < len(periods) else (None, None)
            ended_by = None if valid_to is None else "delete" if after is None else "version"
            yield Version(row, at, valid_to, ended_by)
