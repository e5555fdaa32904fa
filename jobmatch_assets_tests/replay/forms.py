"""Forms of a record: rows, changes as envelopes, changes that were flattened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobmatch_assets_tests.replay import sent_json, times
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.values import BLANKS

Op = Literal["upsert", "delete"]

_OPS: dict[str, Op] = {"c": "upsert", "u": "upsert", "r": "upsert", "d": "delete"}


@dataclass(frozen=True)
class Form:
    """A record as a statement.

    Attributes:
        is_change: A change, not a row.
        is_read: A connector's read of what was there, not a change of it.
        op: None where there is no such operation.
        state: The columns, of a delete those of before; None where they are missing.
        source_ts: The commit time of a change.
        stream: The name of the log.
        position: The place in the log, empty without one.
    """

    is_change: bool
    is_read: bool
    op: Op | None
    state: Mapping[str, Any] | None
    source_ts: int | None = None
    stream: str = ""
    position: tuple[int, ...] = ()


def form_of(content: Mapping[str, Any], in_cell: bool) -> Form:
    """What a record says, whatever it is wrapped in."""
    if isinstance(content.get("payload"), dict) and "schema" in content:
        content = content["payload"]
    if "op" in content and ("before" in content or "after" in content):
        return _envelope(content, in_cell)
    if "__op" in content or "__deleted" in content:
        return _flattened(content, in_cell)
    return Form(is_change=False, is_read=False, op="upsert", state=content)


def _envelope(content: Mapping[str, Any], in_cell: bool) -> Form:
    source = content.get("source")
    source = source if isinstance(source, dict) else {}
    op = _OPS.get(_text(content["op"]))
    state = content.get("before" if op == "delete" else "after")
    is_snapshot = _text(source.get("snapshot")) not in ("", "false", "0")
    return Form(
        is_change=True,
        is_read=op == "upsert" and (_text(content["op"]) == "r" or is_snapshot),
        op=op,
        state=state if isinstance(state, dict) else None,
        source_ts=_time(source, "ts_us", "ts_ms", in_cell),
        stream=_text(source.get("name")),
        position=_position(source, in_cell),
    )


def _flattened(content: Mapping[str, Any], in_cell: bool) -> Form:
    written = _text(content.get("__op"))
    op = _OPS.get(written) if written else "upsert"
    if op and _text(content.get("__deleted")).lower() == "true":
        op = "delete"
    lsn = _whole(content.get("__lsn"), in_cell)
    return Form(
        is_change=True,
        is_read=op == "upsert" and written == "r",
        op=op,
        state={name: value for name, value in content.items() if not name.startswith("__")},
        source_ts=_time(content, "__source_ts_us", "__source_ts_ms", in_cell),
        stream=_text(content.get("__name")),
        position=() if lsn is None else (lsn,),
    )


def _position(source: Mapping[str, Any], in_cell: bool) -> tuple[int, ...]:
    lsn = _whole(source.get("lsn"), in_cell)
    if lsn is not None:
        return (lsn,)
    file = re.sub(r"\D", "", _text(source.get("file")))
    offset = _whole(source.get("pos"), in_cell)
    if not file or offset is None:
        return ()
    return (int(file), offset, _whole(source.get("row"), in_cell) or 0)


def _time(members: Mapping[str, Any], first: str, second: str, in_cell: bool) -> int | None:
    sent = members.get(first)
    number = _number(members.get(second) if _text(sent) == "" else sent, in_cell)
    return None if number is None else times.moment_of_number(number)


def _whole(sent: Any, in_cell: bool) -> int | None:
    number = _number(sent, in_cell)
    return None if number is None else number.whole


def _number(sent: Any, in_cell: bool) -> Number | None:
    if in_cell and isinstance(sent, str):
        return sent_json.number_in(sent.strip(BLANKS))
    return sent if isinstance(sent, Number) else None


def _text(sent: Any) -> str:
    """A text, trimmed; other values as they are written; empty where there is none."""
    if sent is None:
        return ""
    return sent.strip(BLANKS) if isinstance(sent, str) else sent_json.written(sent)
