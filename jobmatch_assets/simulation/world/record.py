"""What is known of a world: every version, and what was planted."""

import hashlib
import json
from collections import Counter
from typing import IO, Any

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Texts, texts
from jobmatch_assets.simulation.world.changes import DELETED, History
from jobmatch_assets.simulation.world.values import moments, when

MEANING = {
    "versions": "Of cdc and upserts; dumps and csv show the state at the close of each day, the current "
    "versions of all four say the same. Columns without a value are left out.",
    "orphans": "Entities that are never delivered, and how many rows name them.",
    "drawn_transitions": "Steps of the Markov chain, those after the last day included; `to` the same "
    "status where it stays. Where an event tells of an answer, the first step is that answer, not drawn.",
    "campaigns.spent": "Sum of the bids of the campaign's jobs over the clicks that have landed.",
    "counts.superseded": "Changes whose successor bears the same time, because the clock was set back; "
    "only cdc delivers them.",
    "truncated_dump": "Rows of the last dump of jobs, and those that are missing from it.",
}


class VersionBook:
    """Collects the versions in a file beside memory.

    Args:
        spool: A temporary file, for lines of table and version.
    """

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self.versions: Counter[str] = Counter()
        self.current: Counter[str] = Counter()
        self.superseded: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()

    def add(self, history: History) -> None:
        """Add the versions of a block of entities."""
        table, key = history.table, history.table.key
        replaced = history.is_replaced()
        self.superseded[table.name] += int(replaced.sum())
        states = history.where(~replaced)
        opens = _opens(states)
        self.unchanged[table.name] += int((~opens).sum())
        turns = states.where(opens)
        lives = turns.kind != DELETED
        has_next = np.zeros(len(turns), dtype=np.bool_)
        has_next[:-1] = turns.entity[1:] == turns.entity[:-1]
        following = np.roll(np.arange(len(turns)), -1)
        valid_to = when(has_next, moments(turns.stamped)[following])
        ended_by = texts(
            "null" if not has else '"version"' if is_version else '"delete"'
            for has, is_version in zip(has_next.tolist(), lives[following].tolist(), strict=True)
        )
        line = f'"{table.name}":' + texts(["{"] * len(turns)) + f'"{key}":' + turns.columns[key]
        line = line + ',"valid_from":' + moments(turns.stamped) + ',"valid_to":' + valid_to
        line = line + ',"ended_by":' + ended_by
        for name in table.tracked:
            line = line + _member(name, turns.columns[name])
        if table.hashed:
            line = line + _member(f"{table.hashed}_sha256", _hashes(turns.columns[table.hashed]))
        chosen = line[lives].tolist()
        self._spool.write("".join(text + "}\n" for text in chosen).encode())
        self.versions[table.name] += len(chosen)
        self.current[table.name] += int((lives & ~has_next).sum())

    def copy_to(self, out: IO[bytes]) -> None:
        """Write the versions as a JSON object: a list for each table."""
        lists: dict[str, list[int]] = {}
        self._spool.seek(0)
        place = 0
        for line in self._spool:
            lists.setdefault(line[1 : line.index(b'":')].decode(), []).append(place)
            place += len(line)
        out.write(b"{")
        for n, (name, places) in enumerate(lists.items()):
            out.write((",\n" if n else "\n").encode() + json.dumps(name).encode() + b": [")
            for m, start in enumerate(places):
                self._spool.seek(start)
                line = self._spool.readline()[:-1]
                out.write((b",\n" if m else b"\n") + line[line.index(b"{") :])
            out.write(b"\n]")
        out.write(b"\n}")


def _opens(states: History) -> Bools:
    """States that differ from the one before in a tracked column; first ones and deletes, too."""
    table = states.table
    opens = np.ones(len(states), dtype=np.bool_)
    differs = np.zeros(max(len(states) - 1, 0), dtype=np.bool_)
    for name in (*table.tracked, *([table.hashed] if table.hashed else [])):
        column = states.columns[name]
        differs |= (column[1:] != column[:-1]).astype(np.bool_)
    opens[1:] = (states.entity[1:] != states.entity[:-1]) | differs | (states.kind[1:] == DELETED)
    return opens


def _member(name: str, values: Texts) -> Texts:
    return texts("" if value == "null" else f',"{name}":{value}' for value in values.tolist())


def _hashes(values: Texts) -> Texts:
    return texts(
        "null" if value == "null" else f'"{hashlib.sha256(json.loads(value).encode()).hexdigest()}"'
        for value in values.tolist()
    )


def document(planted: dict[str, Any], book: VersionBook) -> str:
    """What truth.json says of the world, without the versions and the last brace."""
    counts = {name: dict(getattr(book, name)) for name in ("versions", "current", "superseded", "unchanged")}
    text = json.dumps({"planted": planted, "counts": counts}, indent=1)
    return text.removesuffix("\n}") + ',\n "versions": '
