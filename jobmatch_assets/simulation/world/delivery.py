"""Histories become files, in one of four ways that tell the same."""

import datetime as dt
from collections import Counter
from pathlib import Path

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.world.cdc import envelopes
from jobmatch_assets.simulation.world.cells import csv_header, csv_rows, json_rows
from jobmatch_assets.simulation.world.changes import DELETED, History, Period
from jobmatch_assets.simulation.world.files import EntityFiles
from jobmatch_assets.simulation.world.options import WorldOptions
from jobmatch_assets.simulation.world.tables import APPLICATION, JOB, TABLES
from jobmatch_assets.simulation.world.values import DAY, share_of

PARTS = {APPLICATION.name: 3}
"""Tables whose dumps come in so many parts."""

_LATEST = 3
_TRUNCATED = 9
_KEPT_OF_TRUNCATED = 0.4


class Delivery:
    """Writes histories and counts what it writes.

    Args:
        scenario: What is simulated.
        options: How it is delivered.
        period: From when to when.
        files: Where to.
    """

    def __init__(self, scenario: Scenario, options: WorldOptions, period: Period, files: EntityFiles) -> None:
        self._scenario = scenario
        self._options = options
        self._period = period
        self._files = files
        self._blocks: Counter[str] = Counter()
        self.records: Counter[str] = Counter()
        self.repeated = 0
        self.late: Counter[int] = Counter()
        self.truncated: Counter[str] = Counter()

    def write(self, history: History) -> None:
        """Write what became of a block of entities."""
        table = history.table
        place = (TABLES.index(table), self._blocks[table.name])
        self._blocks[table.name] += 1
        rng = generator(self._scenario.seed, Stream.DELIVERY, *place)
        {"cdc": self._changes, "upserts": self._rows, "dumps": self._dumps, "csv": self._tables}[
            self._options.delivery
        ](rng, history)

    def _day_of(self, history: History) -> Ints:
        return np.maximum(history.happened - self._period.start, 0) // DAY

    def _changes(self, rng: np.random.Generator, history: History) -> None:
        lines = envelopes(history, self._period)
        lines[history.kind == DELETED] += "\nnull"
        self._send(rng, history, lines, self._day_of(history), "cdc.ndjson")

    def _rows(self, rng: np.random.Generator, history: History) -> None:
        """States that another one replaced within the same time of the clock are never exported."""
        history = history.where(~history.is_replaced())
        late = np.where(
            rng.random(len(history)) < self._options.late_row_rate,
            rng.integers(1, _LATEST, len(history), endpoint=True),
            0,
        )
        day = self._day_of(history)
        late = np.minimum(day + late, self._scenario.days - 1) - day
        self.late.update(late[late > 0].tolist())
        lines = np.where(history.kind == DELETED, _tombstones(history), json_rows(history))
        self._send(rng, history, lines, day + late, "upserts.ndjson")

    def _send(self, rng: np.random.Generator, history: History, lines: Texts, day: Ints, name: str) -> None:
        again = np.nonzero(rng.random(len(lines)) < self._options.record_repeat_rate)[0]
        later = np.minimum(day[again] + rng.integers(0, 2, len(again)), self._scenario.days - 1)
        self.repeated += len(again)
        lines, day = np.concatenate([lines, lines[again]]), np.concatenate([day, later])
        for number in np.unique(day).tolist():
            chosen = lines[day == number].tolist()
            path = self._files.path(history.table.name, self._date(number), name)
            self._append(history, path, chosen)

    def _dumps(self, _: np.random.Generator, history: History) -> None:
        table, parts = history.table, PARTS.get(history.table.name, 1)
        lines, until = json_rows(history), history.until()
        for number in range(self._scenario.days):
            is_there = self._at_close(history, until, number) & (history.kind != DELETED)
            is_there &= ~self._cut(history, is_there, number)
            for part in range(parts):
                chosen = lines[is_there & (history.entity % parts == part)].tolist()
                dump = f"{table.plural}.snapshot"
                dump += f"-{part + 1:02d}-of-{parts:02d}" if parts > 1 else ""
                path = self._files.path(table.name, self._date(number), f"{dump}.ndjson")
                self._append(history, path, chosen)

    def _cut(self, history: History, is_there: Bools, number: int) -> Bools:
        is_last = number == self._scenario.days - 1
        if not (self._options.truncated_dump and history.table == JOB and is_last):
            return np.zeros(len(history), dtype=np.bool_)
        digits = [int(name[5:-1]) for name in history.columns[JOB.key].tolist()]
        cut = (
            share_of(np.array(digits, dtype=np.int64), self._scenario.seed, _TRUNCATED) >= _KEPT_OF_TRUNCATED
        )
        self.truncated.update({"rows": int((is_there & ~cut).sum()), "missing": int((is_there & cut).sum())})
        return cut

    def _tables(self, _: np.random.Generator, history: History) -> None:
        """What changed on a day as it was at its close; deletes stand in a file of their own."""
        table, until, day = history.table, history.until(), self._day_of(history)
        exported = ~history.is_replaced()
        for number in np.unique(day).tolist():
            last = self._at_close(history, until, number) & (day == number) & exported
            rows = history.where(last & (history.kind != DELETED))
            gone = history.where(last & (history.kind == DELETED))
            date = self._date(number)
            path = self._files.path("", date, f"{table.plural}.csv", flat=True)
            self._append(rows, path, csv_rows(rows), csv_header(rows))
            path = self._files.path(table.name, date, "deleted.csv", flat=True)
            header = f"{table.key},__deleted,__source_ts_us\r\n".encode()
            keys = [key.strip('"') for key in gone.columns[table.key].tolist()]
            lines = [f"{key},true,{at}" for key, at in zip(keys, gone.stamped.tolist(), strict=True)]
            if lines:
                self._append(gone, path, lines, header)

    def _append(self, history: History, path: Path, lines: list[str], header: bytes = b"") -> None:
        end = "\r\n" if header else "\n"
        self._files.append(path, "".join(line + end for line in lines).encode(), header)
        self.records[history.table.name] += len(lines)

    def _at_close(self, history: History, until: Ints, number: int) -> Bools:
        """The states at the end of a day."""
        close = self._period.start + (number + 1) * DAY
        holds: Bools = (history.happened < close) & (until >= close)
        return holds

    def _date(self, number: int) -> dt.date:
        return self._scenario.start + dt.timedelta(days=number)


def _tombstones(history: History) -> Texts:
    """A deleted row, as Debezium's flattened form tells of it."""
    key = history.table.key
    return texts(
        f'{{"{key}":{name},"__deleted":true,"__source_ts_us":{at}}}'
        for name, at in zip(history.columns[key].tolist(), history.stamped.tolist(), strict=True)
    )
