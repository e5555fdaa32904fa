"""The history that a snapshot and a log tell, in plain Python: row by row in the order of the log."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

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
    """A first snapshot: rows of each table, when the transaction that read them began, and where the log begins."""

    rows: Mapping[str, Sequence[Row]]
    at: dt.datetime
    lsn: int


State = tuple[dt.datetime, Row | None]
"""Since when, and the row; None where there is none."""


class Replay:
    """What was there since when, of each entity.

    Attributes:
        rows: The rows that are there at the end, with all values known.
    """

    def __init__(self, reads: Reads, log: Iterable[Transaction]) -> None:
        self.rows: dict[Entity, Row] = {}
        self._clock: dict[Entity, dt.datetime] = {}
        self._states: defaultdict[Entity, list[State]] = defaultdict(list)
        for table, rows in reads.rows.items():
            for row in rows:
                self._read(table, row, reads.at)
        for transaction in log:
            for change in transaction.changes:
                if change.key is not None:
                    self._set(change.table, change.key, None, transaction.committed_at)
                if change.row is not None:
                    self._set(change.table, change.row, change.row, transaction.committed_at)

    def _read(self, table: str, row: Row, at: dt.datetime) -> None:
        """A row that was there already may say since when."""
        self._set(table, row, row, at)
        if row["updated_at"] is not None and row["updated_at"] <= at:
            self._states[_entity(table, row)] = [(row["updated_at"], row)]

    def _set(self, table: str, key: Row, row: Row | None, at: dt.datetime) -> None:
        entity = _entity(table, key)
        # A clock that went back does not take back what happened.
        self._clock[entity] = max(at, self._clock.get(entity, at))
        before = self.rows.pop(entity, {})
        if row is not None:
            row = {name: before.get(name) if value is UNCHANGED else value for name, value in row.items()}
            self.rows[entity] = row
        self._states[entity].append((self._clock[entity], row))

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


def _versions(table: str, states: Iterable[State]) -> Iterator[Version]:
    """Periods of equal tracked columns, each with the row as it was last known in it."""
    periods = _periods(table, states)
    # What lasted no time was never seen, and what it stood between may be one.
    lasting = [one for one, after in pairwise([*periods, (None, None)]) if one[0] != after[0]]
    for (since, row), (until, after) in pairwise([*_periods(table, lasting), (None, None)]):
        if row is not None:
            ended_by = None if until is None else "delete" if after is None else "version"
            yield Version(as_shown(table, row), since, until, ended_by)


def _periods(table: str, states: Iterable[State]) -> list[State]:
    """Neighbours with equal tracked columns become one: since the first, with the last one's row."""
    tracked = [column.name for column in TABLES[table].tracked]

    def seen(state: State) -> object:
        return state[1] and [state[1][name] for name in tracked]

    return [(run[0][0], run[-1][1]) for run in (list(run) for _, run in groupby(states, seen))]
