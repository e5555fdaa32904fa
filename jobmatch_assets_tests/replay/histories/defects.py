"""Records that are broken on purpose: one for each reason of quarantine, and more."""

from random import Random
from typing import Any

from jobmatch_assets_tests.replay.histories.pools import PLACEHOLDERS
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import Table

Sent = dict[str, Any]

_LATE, _EARLY = ("2026-06-01T00:00:00Z", "1969-12-31T23:59:59Z")
_NO_KEYS = (None, "", *PLACEHOLDERS, True, [], {"id": "1"}, Number("1.5"))

LINES = (
    b'{"op": "u"',
    b'{"x": NaN}',
    b'{"x": 1,}',
    b"id,title",
    b"{'x': 1}",
    b"[" * 513 + b"]" * 513,
    b'{"x": ' + b"[" * 512 + b"]" * 512 + b"}",
    b'{"title": "\xff"}',
    b"5",
    b'"text"',
    b'[{"x": 1}]',
    b"true",
)
"""Lines that say nothing of any entity."""


def broken(rng: Random, table: Table, sent: Sent) -> Sent:
    """The statement with something wrong in it."""
    inner = sent.get("payload", sent)
    if "op" in inner:
        mended = _broken_envelope(rng, table, inner)
    elif "__op" in inner or "__deleted" in inner:
        mended = _broken_flattened(rng, table, inner)
    else:
        mended = _broken_row(rng, table, inner)
    return {**sent, "payload": mended} if "payload" in sent else mended


def broken_later(rng: Random, table: Table, row: Sent) -> Sent:
    """A row of a dump whose key can be read all the same."""
    if rng.random() < 0.5:
        return {**row, "updated_at": rng.choice(["soon", True, "2026-02-30T00:00:00Z"])}
    return _without_required(rng, table, row)


def _broken_row(rng: Random, table: Table, row: Sent) -> Sent:
    choice = rng.randrange(4)
    if choice == 0:
        return _without_key(rng, table, row)
    if choice == 1:
        return {**row, "updated_at": rng.choice([_LATE, _EARLY])}
    return broken_later(rng, table, row)


def _broken_envelope(rng: Random, table: Table, sent: Sent) -> Sent:
    side = "before" if sent["op"] == "d" else "after"
    choice = rng.randrange(6)
    if choice == 0:
        return {**sent, "op": rng.choice(["t", "m", "x", None, "C", Number("1")])}
    if choice == 1:
        return {**sent, side: rng.choice([None, "text", [sent[side]]])}
    if choice == 2:
        return {name: member for name, member in sent.items() if name != "source"}
    if choice == 3:
        return {**sent, "source": {**sent["source"], **_odd_time(rng, "ts_us")}}
    wrong = _without_key if choice == 4 else _without_required
    return {**sent, side: wrong(rng, table, sent[side])}


def _broken_flattened(rng: Random, table: Table, sent: Sent) -> Sent:
    choice = rng.randrange(4)
    if choice == 0:
        return {**sent, "__op": rng.choice(["t", "x", "D"])}
    if choice == 1:
        return {**sent, **_odd_time(rng, "__source_ts_us")}
    if choice == 2:
        return _without_key(rng, table, sent)
    return _without_required(rng, table, sent)


def _odd_time(rng: Random, name: str) -> Sent:
    return {name: rng.choice([Number("1780272000"), Number("-1"), Number("1e40"), True, "soon"])}


def _without_key(rng: Random, table: Table, state: Sent) -> Sent:
    if rng.random() < 0.5:
        return {name: sent for name, sent in state.items() if name != table.key.name}
    return {**state, table.key.name: rng.choice(_NO_KEYS)}


def _without_required(rng: Random, table: Table, state: Sent) -> Sent:
    required = [column.name for column in table.others if column.is_required]
    return state | {name: rng.choice([None, "", ["x"], {}]) for name in required}
