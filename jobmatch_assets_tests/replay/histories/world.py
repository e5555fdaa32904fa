"""The small world of a history: its entities, sources, logs, moments, and what was last said of each entity."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from jobmatch_assets_tests.replay.histories import moments, pools
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import TABLES, Column, Table

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")

REFERENCES = {"reposted_from": "job", **{table.key.name: name for name, table in TABLES.items()}}
"""{column: the table that its ids are of}"""


@dataclass(frozen=True)
class Log:
    """A log that changes come from.

    Attributes:
        name: Its stream, empty without one.
        database: What its positions look like, None without any.
    """

    name: str
    database: str | None


class World:
    """What a seed makes.

    Attributes:
        rng: What decides everything else.
        prefix: What all names of this world begin with.
        sources: {source: its time zone}
        currencies: {source: its default currency, empty where it has none}
        ids: {table: ids of its entities, as texts}
        columns: {table: the columns that records speak of, besides required ones}
        moments: When things happen.
        logs: Where changes come from.
    """

    def __init__(self, seed: int, is_product: bool) -> None:
        self.rng = rng = Random(f"history {seed}")
        self.seed = seed
        self.prefix = f"h{seed}"
        self.moments = moments.moments(rng)
        local = f"{self.prefix}-local"
        self.sources = {"product" if is_product else self.prefix: "UTC", local: rng.choice(ZONES)}
        self.currencies = {local: rng.choice(["", "USD"])}
        hiring = ["job", "application", *rng.sample(["company", "placement", "timesheet"], 1)]
        others = rng.sample(list(TABLES), rng.randint(2, 4))
        tables = list(dict.fromkeys([*(hiring if rng.random() < 0.6 else []), *others]))
        self.ids = {name: self._ids(TABLES[name]) for name in tables}
        self.columns = {name: self._columns(TABLES[name]) for name in tables}
        self.logs = [
            Log("", rng.choice(["postgresql", None])),
            Log("db-a", "postgresql"),
            Log(rng.choice(["DB-z", "db-ö"]), rng.choice(["mysql", "postgresql"])),
        ]
        self._said: dict[tuple[str, str, str], dict[str, Any]] = {}

    def said(self, table: Table, source: str, key: str) -> dict[str, Any]:
        """What a record says of an entity: often the same as the last one, or almost."""
        rng = self.rng
        last = self._said.get((table.name, source, key))
        if last is None or rng.random() < 0.15:
            last = {column.name: self.value(column, source) for column in self.columns[table.name]}
        state = dict(last)
        for column in rng.sample(self.columns[table.name], min(len(last), rng.choice([0, 0, 1, 1, 2]))):
            state[column.name] = self.value(column, source)
        if rng.random() < 0.1:
            # What was said before may come back.
            state = last
        self._said[table.name, source, key] = state
        return state

    def value(self, column: Column, source: str) -> Any:
        """A value of a column: mostly good, at times none, odd or unchanged."""
        rng = self.rng
        chance = rng.random()
        if chance < 0.06 and not column.is_required:
            return rng.choice([None, "", " "])
        if chance < 0.10 and not column.is_required:
            return pools.odd(rng, column)
        if chance < 0.13:
            return rng.choice(pools.PLACEHOLDERS)
        if column.kind == "timestamp":
            return self.time(source)
        if column.name in REFERENCES and not column.is_list:
            return self.reference(column)
        return pools.good(rng, column)

    def time(self, source: str, not_after: dt.date | None = None) -> Any:
        """One of the moments, as it is written at a source."""
        rng = self.rng
        zone = self.sources[source]
        if not_after is None and rng.random() < 0.05:
            return rng.choice(moments.LOCAL_ODDITIES)
        return moments.written(rng, self.moment(not_after), zone)

    def moment(self, not_after: dt.date | None = None) -> dt.datetime:
        """One of the moments, with dates up to one."""
        possible = [one for one in self.moments if not_after is None or one.date() <= not_after]
        return self.rng.choice(possible or self.moments)

    def reference(self, column: Column) -> Any:
        """The id of an entity, one of no entity at times."""
        known = self.ids.get(REFERENCES[column.name], [])
        unknown = str(self._number(99)) if column.kind == "integer_id" else f"{self.prefix}-nobody"
        key = self.rng.choice([*known, *known, unknown])
        return self.sent_id(column, key)

    def sent_id(self, column: Column, key: str) -> Any:
        """An id as it is sent."""
        if column.kind == "integer_id" or (key.isdecimal() and self.rng.random() < 0.3):
            return Number(self.rng.choice([key, key, f"{key}.0"]))
        return key

    def _ids(self, table: Table) -> list[str]:
        numbers = range(1, self.rng.randint(2, 4))
        if table.key.kind == "integer_id":
            return [str(self._number(number)) for number in numbers]
        letters = table.name[:2]
        texts = ["", f"{self.prefix}-{letters}2", f"{self.prefix}-{letters.upper()} Ü3"]
        return [str(self._number(number)) if number == 1 else texts[number - 1] for number in numbers]

    def _number(self, number: int) -> int:
        return (self.seed + 1) * 100 + number

    def _columns(self, table: Table) -> list[Column]:
        possible = [column for column in table.others if column.name != "updated_at"]
        needed = [column for column in possible if column.is_required]
        count = len(possible) if self.rng.random() < 0.15 else self.rng.randint(3, 7)
        kept = {column.name for column in [*needed, *self.rng.sample(possible, min(count, len(possible)))]}
        if "status" in table.by_name and table.name == "application":
            kept.add("status")
        return [column for column in possible if column.name in kept]


def extras(rng: Random, table: Table) -> Mapping[str, Any]:
    """Members that are no columns, some of them personal."""
    if rng.random() < 0.8:
        return {}
    return rng.choice([*pools.EXTRAS, *pools.PERSONAL_OF.get(table.name, ())])
