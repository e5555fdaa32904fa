"""Events and lines of a test's own."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any


def event(name: str, user: str, at: str, **fields: Any) -> dict[str, Any]:
    """A valid version 2 event; `at` is a time without its offset."""
    return {
        "event_id": f"{user}-{name}-{at}-{fields.get('job_id')}",
        "schema_version": 2,
        "event_name": name,
        "user_id": user,
        "event_ts": f"{at}Z",
        **fields,
    }


def stamped(*pairs: tuple[str, str]) -> dict[str, Any]:
    """The field of the experiments that an event is in, from (experiment, variant)."""
    return {"experiments": [{"experiment_id": e, "variant": v} for e, v in pairs]}


def line(event_id: str, at: dt.date | str, name: str = "search", **fields: Any) -> str:
    """A valid line with little in it, of the user `u`; `at` is a date, or a time without its offset."""
    moment = f"{at}" if "T" in str(at) else f"{at}T10:00:00"
    sent = {"event_id": event_id, "event_name": name, "event_ts": f"{moment}Z", "user_id": "u"}
    return json.dumps(sent | fields, separators=(",", ":"))


def unit_line(event_id: str, date: dt.date | str, variant: str = "") -> str:
    """The same of a user called like the event, in a variant of the experiment `exp` if one is named."""
    stamp = {"experiment_id": "exp", "variant": variant} if variant else {}
    return line(event_id, date, user_id=event_id, **stamp)


def lines(date: str, good: int, bad: int, name: str = "") -> list[str]:
    """So many lines of a date, each of a user of its own, and so many that are broken, no two alike if named."""
    valid = [line(f"{date}-{name}{n}", date, user_id=f"u{n}") for n in range(good)]
    return [*valid, *(f"{{{name}{n if name else ''}" for n in range(bad))]


def encoded(sent: Iterable[bytes | str | Mapping[str, Any]]) -> bytes:
    """The content of an events file."""
    return b"".join(_bytes(one) + b"\n" for one in sent)


def _bytes(one: bytes | str | Mapping[str, Any]) -> bytes:
    if isinstance(one, bytes):
        return one
    return (one if isinstance(one, str) else json.dumps(one)).encode()
