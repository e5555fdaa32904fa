"""PostgreSQL's write-ahead log as logical decoding tells it: the text of `test_decoding`, read back into changes."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

from jobmatch_assets_tests.bench.postgres import Session

PLUGIN = "test_decoding"

Row = dict[str, Any]


class Unchanged(Enum):
    """A large value that lies outside of its row, and was not written again."""

    UNCHANGED = "unchanged-toast-datum"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True)
class Change:
    """One row that was inserted, updated or deleted.

    Attributes:
        table: The table.
        kind: What happened.
        lsn: Where in the log it stands.
        key: The key columns as they were, of a delete and of an update that changes them.
        row: The row as it is then; None of a delete.
    """

    table: str
    kind: Literal["INSERT", "UPDATE", "DELETE"]
    lsn: int
    key: Row | None
    row: Row | None


@dataclass(frozen=True)
class Transaction:
    """A committed transaction; they stand in the order in which they were committed.

    Attributes:
        xid: Its number.
        committed_at: When, by the clock of the server.
        changes: What it changed.
    """

    xid: int
    committed_at: dt.datetime
    changes: tuple[Change, ...]


def read_log(session: Session, slot: str) -> list[Transaction]:
    """All that was committed since the slot was made, or read the last time."""
    return transactions_of(
        session.rows(
            f"select lsn, data from pg_logical_slot_get_changes('{slot}', null, null, 'include-timestamp', 'on')"
        )
    )


def transactions_of(entries: Iterable[Mapping[str, str]]) -> list[Transaction]:
    """The transactions of what the slot gives: an `lsn` and the text `data` each."""
    found: list[Transaction] = []
    changes: list[Change] = []
    for entry in entries:
        data = entry["data"]
        if data.startswith("BEGIN "):
            changes = []
        elif committed := _COMMIT.fullmatch(data):
            at = dt.datetime.fromisoformat(committed["at"])
            # A transaction of schema changes alone is empty here.
            if changes:
                found.append(Transaction(int(committed["xid"]), at, tuple(changes)))
        else:
            changes.append(_change(lsn_of(entry["lsn"]), data))
    return found


def lsn_of(text: str) -> int:
    """A place in the log as the number that connectors send."""
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)


_COMMIT = re.compile(r"COMMIT (?P<xid>\d+) \(at (?P<at>.+)\)")

_TABLE = re.compile(r'table public\.(?:"(?P<quoted>[^"]+)"|(?P<plain>\w+)): (?P<kind>INSERT|UPDATE|DELETE): ')

_COLUMN = re.compile(
    r"""
    (?:"(?P<quoted>[^"]+)"|(?P<plain>\w+))
    \[(?P<type>[\w ]+(?:\[\])?)\]:
    (?:'(?P<text>(?:[^']+|'')*)'|(?P<bare>[^' ]+))
    (?:\ |$)
    """,
    re.VERBOSE,
)


def _change(lsn: int, data: str) -> Change:
    begins = _TABLE.match(data)
    assert begins, data
    table, kind, rest = begins["quoted"] or begins["plain"], begins["kind"], data[begins.end() :]
    key = row = None
    if rest.startswith("old-key: "):
        key, end = _columns(rest, len("old-key: "))
        assert rest.startswith("new-tuple: ", end), data
        row, _ = _columns(rest, end + len("new-tuple: "))
    elif kind == "DELETE":
        key, _ = _columns(rest, 0)
    else:
        row, _ = _columns(rest, 0)
    return Change(table, kind, lsn, key, row)  # type: ignore[arg-type]


def _columns(text: str, position: int) -> tuple[Row, int]:
    """The columns from a position on, and where they end."""
    row: Row = {}
    while position < len(text) and not text.startswith("new-tuple: ", position):
        found = _COLUMN.match(text, position)
        assert found, text[position:]
        row[found["quoted"] or found["plain"]] = _value(found)
        position = found.end()
    return row, position


def _value(found: re.Match[str]) -> Any:
    if found["bare"] == "null":
        return None
    if found["bare"] == UNCHANGED.value:
        return UNCHANGED
    text = found["bare"] if found["text"] is None else found["text"].replace("''", "'")
    return value_of(found["type"], text)


def value_of(type_name: str, text: str) -> Any:
    """A value of a type of PostgreSQL from its text; times without a zone are UTC."""
    if type_name.endswith("[]"):
        return [value_of(type_name[:-2], element) for element in _elements(text)]
    return _READERS[type_name](text)


def _moment(text: str) -> dt.datetime:
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("text", "character", "character varying", "uuid"), str),
    **dict.fromkeys(("smallint", "integer", "bigint"), int),
    **dict.fromkeys(("numeric", "double precision"), Decimal),
    "boolean": lambda text: {"true": True, "false": False}[text],
    "date": dt.date.fromisoformat,
    "timestamp with time zone": _moment,
    "timestamp without time zone": _moment,
    "jsonb": lambda text: json.loads(text, parse_float=Decimal),
}

_ELEMENT = re.compile(r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^",{}]+))(?:,|$)', re.DOTALL)


def _elements(text: str) -> list[str]:
    """The elements of an array's text; none of them is NULL."""
    inside, position, found = text[1:-1], 0, []
    while position < len(inside):
        element = _ELEMENT.match(inside, position)
        assert element, text
        assert element["bare"] != "NULL", text
        quoted = element["quoted"]
        found.append(element["bare"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL))
        position = element.end()
    return found
