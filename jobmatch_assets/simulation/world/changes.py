"""Changes of entities become their histories: every state, in the order in which it came about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts
from jobmatch_assets.simulation.world.clock import Step, readings
from jobmatch_assets.simulation.world.tables import Table
from jobmatch_assets.simulation.world.values import moments

READ, CREATED, UPDATED, DELETED = range(4)


@dataclass(frozen=True)
class Period:
    """The time that is delivered, from `start`, before `end`, in microseconds; the clock's steps within."""

    start: int
    end: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Edits:
    """Changes of entities; arrays run over the changes.

    Attributes:
        entity: Number of the entity in its block.
        at: When, in microseconds (true time).
        values: The JSON of columns; None leaves the column as it is.
        is_delete: Whether the entities go.
    """

    entity: Ints
    at: Ints
    values: Mapping[str, Texts] = field(default_factory=dict)
    is_delete: bool = False


@dataclass(frozen=True)
class History:
    """States of the entities of one table, by entity and then by time; arrays run over the states.

    Attributes:
        table: What they are.
        entity: Number of the entity in its block.
        happened: When it came about, in microseconds (true time).
        stamped: What the database's clock showed: updated_at, which never falls for an entity.
        kind: READ (was there before), CREATED, UPDATED or DELETED.
        columns: The JSON of every column, the key first.
    """

    table: Table
    entity: Ints
    happened: Ints
    stamped: Ints
    kind: Ints
    columns: Mapping[str, Texts]

    def __len__(self) -> int:
        """Number of states."""
        return len(self.entity)

    def where(self, chosen: Bools) -> Self:
        """The chosen states."""
        return type(self)(
            self.table,
            self.entity[chosen],
            self.happened[chosen],
            self.stamped[chosen],
            self.kind[chosen],
            {name: column[chosen] for name, column in self.columns.items()},
        )

    def until(self) -> Ints:
        """When the next state of the entity came about; the end of time for the last."""
        after = np.full(len(self), np.iinfo(np.int64).max)
        after[:-1] = np.where(self.entity[1:] == self.entity[:-1], self.happened[1:], after[:-1])
        return after

    def is_replaced(self) -> Bools:
        """States whose successor bears the same time: the clock had been set back."""
        replaced = np.zeros(len(self), dtype=np.bool_)
        replaced[:-1] = (self.entity[1:] == self.entity[:-1]) & (self.stamped[1:] == self.stamped[:-1])
        return replaced


def history_of(table: Table, created: Edits, edits: Sequence[Edits], period: Period) -> History:
    """Put changes in order.

    What came before the period shows in the first state only, what would come after it does not
    happen. Nothing happens before an entity is created or after it is deleted.

    Args:
        table: What the entities are.
        created: Every entity once, in the order of their numbers, with all columns.
        edits: What happens to them.
        period: What is delivered.
    """
    parts = [created, *(part for part in edits if len(part.entity))]
    entity = np.concatenate([part.entity for part in parts])
    at = np.concatenate([part.at for part in parts])
    kind = np.concatenate(
        [np.full(len(p.entity), DELETED if p.is_delete else UPDATED, dtype=np.int64) for p in parts]
    )
    kind[: len(created.entity)] = CREATED
    columns = {name: np.concatenate([_given(part, name) for part in parts]) for name in created.values}
    happens = (at < period.end) & ((kind == CREATED) | (at > created.at[entity]))
    order = np.lexsort((at, entity))
    order = order[happens[order]]
    entity, at, kind = entity[order], _apart(entity[order], at[order]), kind[order]
    given = {name: column[order] for name, column in columns.items()}

    filled = {name: _filled(column) for name, column in given.items()}
    stamped = _rising(entity, readings(period.steps, at))
    first = np.concatenate([[True], entity[1:] != entity[:-1]]) if len(entity) else np.zeros(0, np.bool_)
    begun = np.maximum.accumulate(np.where(first, np.arange(len(entity)), 0))
    filled["created_at"] = moments(stamped[begun])
    filled["updated_at"] = moments(stamped)
    everything = History(table, entity, at, stamped, kind, filled)
    return _within(everything, begun, period)


def _given(part: Edits, name: str) -> Texts:
    nothing = np.full(len(part.entity), None, dtype=object)
    return part.values.get(name, nothing)


def _apart(entity: Ints, at: Ints) -> Ints:
    """The times, with those of one entity at least a microsecond apart."""
    moved = at.copy()
    while True:
        behind = np.nonzero((entity[1:] == entity[:-1]) & (moved[1:] <= moved[:-1]))[0]
        if not len(behind):
            return moved
        moved[behind + 1] = moved[behind] + 1


def _rising(entity: Ints, at: Ints) -> Ints:
    """The greatest time so far, by entity."""
    risen = at.copy()
    while True:
        behind = np.nonzero((entity[1:] == entity[:-1]) & (risen[1:] < risen[:-1]))[0]
        if not len(behind):
            return risen
        risen[behind + 1] = risen[behind]


def _filled(column: Texts) -> Texts:
    """Each change with what the last one before it gave; the first of an entity gives everything."""
    is_given = np.array([value is not None for value in column.tolist()], dtype=np.bool_)
    return column[np.maximum.accumulate(np.where(is_given, np.arange(len(column)), 0))]


def _within(history: History, begun: Ints, period: Period) -> History:
    is_deleted = history.kind == DELETED
    deletes = np.cumsum(is_deleted) - is_deleted
    lives = deletes == (deletes[begun] if len(history) else deletes)
    history = history.where(lives)
    is_before = history.happened < period.start
    kept = (~is_before) | ((history.until() >= period.start) & (history.kind != DELETED))
    history.kind[is_before] = READ
    return history.where(kept)
