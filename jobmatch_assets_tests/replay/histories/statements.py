"""Records of a history as objects: rows and changes in all their forms, some of them broken on purpose."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from jobmatch_assets_tests.replay.histories import moments
from jobmatch_assets_tests.replay.histories.world import Log, World, extras
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import TABLES, Table

Sent = dict[str, Any]


class Teller:
    """Tells about the entities of one table at one source, in files of one day.

    Attributes:
        world: Whose entities they are.
        table: Which table.
        source: Which source.
        day: The day of the file; times are mostly not later than the day after.
    """

    def __init__(self, world: World, table: str, source: str, day: dt.date) -> None:
        self.world = world
        self.rng = world.rng
        self.table: Table = TABLES[table]
        self.source = source
        self.day = day

    def key(self) -> str:
        return self.rng.choice(self.world.ids[self.table.name])

    def row(self, key: str, updates: float = 0.8, some: float = 0.1) -> Sent:
        """A row; some lack columns, some an updated_at."""
        said = self.world.said(self.table, self.source, key)
        state = {self.table.key.name: self.world.sent_id(self.table.key, key), **said}
        if self.rng.random() < some:
            state = self._partial(state)
        if self.rng.random() < updates:
            state["updated_at"] = self.world.time(self.source, self._last_date)
        return {**state, **extras(self.rng, self.table)}

    def envelope(self, key: str) -> Sent:
        """A change as Debezium sends it."""
        rng = self.rng
        log = rng.choice(self.world.logs)
        op = rng.choice(["c", "u", "u", "u", "r", "d"])
        state = self._changed(key)
        sent: Sent = {"op": op, "before": None, "after": state}
        if op == "d":
            sent = {"before": self._key_of(state), "after": None, "op": op}
        source = {**self._log_time("ts_ms", "ts_us"), **self._position(log)}
        if log.name or rng.random() < 0.5:
            source["name"] = log.name
        if op != "d" and rng.random() < 0.4:
            source["snapshot"] = rng.choice([True, "last", "incremental", False, "false", None, ""])
        # The connector's own clock, which never counts.
        return {**sent, "source": source, "ts_ms": Number("1")}

    def flattened(self, key: str) -> Sent:
        """A change that was flattened."""
        rng = self.rng
        log = rng.choice([log for log in self.world.logs if log.database != "mysql"])
        op = rng.choice(["c", "u", "u", "r", "d", None])
        state = self._changed(key)
        meta: Sent = {} if op is None and rng.random() < 0.5 else {"__op": op}
        if op == "d" or "__op" not in meta or rng.random() < 0.3:
            is_deleted = op == "d" or (op is None and rng.random() < 0.3)
            meta["__deleted"] = rng.choice([is_deleted, str(is_deleted).lower()])
        meta |= self._log_time("__source_ts_ms", "__source_ts_us")
        if log.database:
            meta["__lsn"] = self._place()
        if log.name:
            meta["__name"] = log.name
        if op == "d":
            state = self._key_of(state)
        return {**state, **meta} if rng.random() < 0.5 else {**meta, **state}

    def told(self, key: str, how: str) -> Sent:
        """A statement of one of the forms `row`, `bare` (without updated_at), `dumped`, `envelope`, `flattened`."""
        tell: dict[str, Callable[[], Sent]] = {
            "row": lambda: self.row(key),
            "bare": lambda: self.row(key, updates=0.1),
            "dumped": lambda: self.row(key, updates=0.4),
            "envelope": lambda: self.envelope(key),
            "flattened": lambda: self.flattened(key),
        }
        sent = tell[how]()
        if self.rng.random() < 0.05:
            sent = {"schema": {"type": "struct"}, "payload": sent}
        return sent

    @property
    def _last_date(self) -> dt.date | None:
        return None if self.rng.random() < 0.02 else self.day + dt.timedelta(days=1)

    def _changed(self, key: str) -> Sent:
        return self.row(key, updates=0.3, some=0.4)

    def _partial(self, state: Sent) -> Sent:
        key = self.table.key.name
        return {name: sent for name, sent in state.items() if name == key or self.rng.random() < 0.6}

    def _key_of(self, state: Sent) -> Sent:
        key = self.table.key.name
        return {name: sent for name, sent in state.items() if name == key or self.rng.random() < 0.3}

    def _log_time(self, milliseconds: str, microseconds: str) -> Sent:
        moment = self.world.moment(self._last_date)
        sent: Sent = {milliseconds: Number(str(int(moment.timestamp() * 1000)))}
        if moment.microsecond % 1000 or self.rng.random() < 0.5:
            sent[microseconds] = moments.number(self.rng, moment)
        elif self.rng.random() < 0.2:
            sent[microseconds] = None
        return sent

    def _position(self, log: Log) -> Sent:
        if log.database is None:
            return {}
        if log.database == "postgresql":
            return {"lsn": self._place()}
        file = f"binlog.{self.rng.choice([9, 10]):06}"
        row = {"row": Number(str(self.rng.choice([0, 1])))} if self.rng.random() < 0.5 else {}
        return {"file": file, "pos": self._place(), **row}

    def _place(self) -> Number:
        return Number(str(self.rng.choice([5, 9, 10, 40, 100, 101, 2**40])))
