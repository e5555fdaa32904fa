"""What Debezium's connector for PostgreSQL makes of a log and of a first snapshot, with decimals as strings."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jobmatch_assets_tests.bench.logical_log import UNCHANGED, Change, Row, Transaction

STREAM = "jobmatch"
TOMBSTONE = "null"
UNAVAILABLE = "__debezium_unavailable_value"

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Message:
    """What is sent of one row.

    Attributes:
        table: Its table.
        at: The time of the database that it bears.
        envelope: What is said.
    """

    table: str
    at: dt.datetime
    envelope: Mapping[str, Any]

    def line(self, delay: int = 250) -> str:
        """The message as a line, sent so many milliseconds later, by the connector's clock."""
        sent = _micros(self.at) + delay * 1000
        return json.dumps(
            {**self.envelope, "ts_ms": sent // 1000, "ts_us": sent, "ts_ns": sent * 1000}, ensure_ascii=False
        )


@dataclass(frozen=True)
class Connector:
    """A connector that reads some tables.

    Attributes:
        types: Of each table, the columns with their types.
        keys: Of each table, the key column.
    """

    types: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, str]

    def changes(self, log: Iterable[Transaction]) -> Iterator[Message]:
        """The changes of a log; one that gives a row another key is a delete and an insert."""
        for transaction in log:
            for change in transaction.changes:
                yield from self._change(transaction, change)

    def reads(self, rows: Mapping[str, Sequence[Row]], at: dt.datetime, lsn: int) -> Iterator[Message]:
        """The rows of a first snapshot: when its transaction began, and where the slot's log begins."""
        read = [(table, row) for table, found in rows.items() for row in found]
        for number, (table, row) in enumerate(read):
            mark = "first" if number == 0 else "last" if number == len(read) - 1 else "true"
            yield self._message(table, "r", None, self._sent(table, row), at, lsn, mark, None)

    def _change(self, transaction: Transaction, change: Change) -> Iterator[Message]:
        table, at = change.table, transaction.committed_at
        moves = change.kind == "UPDATE" and change.key is not None
        if change.key is not None:
            # Without REPLICA IDENTITY FULL, the log has no more of it than the key.
            before = self._sent(table, dict.fromkeys(self.types[table]) | change.key)
            yield self._message(table, "d", before, None, at, change.lsn, "false", transaction.xid)
        if change.row is not None:
            op = "c" if moves or change.kind == "INSERT" else "u"
            after = self._sent(table, change.row)
            yield self._message(table, op, None, after, at, change.lsn, "false", transaction.xid)

    def _message(
        self,
        table: str,
        op: str,
        before: Row | None,
        after: Row | None,
        at: dt.datetime,
        lsn: int,
        snapshot: str,
        xid: int | None,
    ) -> Message:
        micros = _micros(at)
        source = {
            **{"version": "3.0.0.Final", "connector": "postgresql", "name": STREAM, "snapshot": snapshot},
            **{"ts_ms": micros // 1000, "ts_us": micros, "ts_ns": micros * 1000, "db": "postgres"},
            **{"schema": "public", "table": table, "txId": xid, "lsn": lsn, "xmin": None},
        }
        return Message(
            table, at, {"before": before, "after": after, "source": source, "transaction": None, "op": op}
        )

    def _sent(self, table: str, row: Row) -> Row:
        types = self.types[table]
        return {column: _sent_value(types[column], value) for column, value in row.items()}


def _sent_value(type_name: str, value: Any) -> Any:
    """A value as it is sent; types are those of the table, since a time means another number in each."""
    if value is UNCHANGED:
        return [UNAVAILABLE] if type_name.endswith("[]") else UNAVAILABLE
    if value is None or type_name.endswith("[]"):
        return value
    match type_name:
        case "date":
            return (value - _EPOCH.date()).days
        case "timestamp without time zone":
            return _micros(value)
        case "timestamp with time zone":
            return value.isoformat().replace("+00:00", "Z")
        case "numeric":
            return str(value)
        case "double precision":
            return float(value)
        case "jsonb":
            return json.dumps(value, ensure_ascii=False, default=_number)
    return value


def _number(value: Any) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def _micros(at: dt.datetime) -> int:
    return (at - _EPOCH) // dt.timedelta(microseconds=1)
