"""A DuckDB file of a moment's own that judges lines which are in no warehouse.

It is given the SQL of staging, and shows it the lines in bronze's place. What that says of each line goes to
the file, so that memory does not grow with the number of lines.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA


@dataclass(frozen=True)
class RejectedLine:
    """A line that goes to quarantine.

    Attributes:
        number: Its number in the file, from 1.
        reason: The first reason.
        event_id: Its event_id, None where it has none that can be read.
        raw_line: The line in the form that raw_form says.
        raw_form: As in bronze.events_raw.
    """

    number: int
    reason: str
    event_id: str | None
    raw_line: str
    raw_form: str


class ScratchDuckDB:
    """Lines of one day's file, and what staging says of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, staging: str, day: dt.date) -> None:
        self._connection = connection
        self._staging = staging
        self._day = day

    def judge(self, lines: pa.RecordBatchReader) -> None:
        """Judge every line of a stream, in one pass.

        Args:
            lines: raw_line, raw_form, line_bytes and _source_line, as in bronze.events_raw.
        """
        with self._in_place_of_bronze(lines):
            self._connection.execute(
                "create table judged as select _source_line, reason, event_id, "
                "case when reason is not null then raw_line end as raw_line, raw_form "
                f"from ({self._staging})"
            )

    def lines_by_reason(self) -> dict[str | None, int]:
        """How many lines have a reason, the most frequent first; None are the valid ones."""
        return dict(
            self._connection.execute(
                "select reason, count(*) as lines from judged group by reason order by lines desc, reason"
            ).fetchall()
        )

    def repeated_event_ids(self) -> tuple[int, int]:
        """(how many event_ids stand on more than one valid line, on how many lines together)."""
        (found,) = self._connection.execute(
            "select count(*), coalesce(sum(lines), 0)::bigint from ("
            "select count(*) as lines from judged where reason is null group by event_id having lines > 1)"
        ).fetchall()
        return found

    def rejected(self, most: int | None) -> Iterator[list[RejectedLine]]:
        """Rejected lines in the order of the file, a bounded number at a time; at most so many, or all."""
        last = 0
        while most is None or most > 0:
            wanted = _AT_A_TIME if most is None else min(most, _AT_A_TIME)
            rows = self._connection.execute(
                "select _source_line, reason, event_id, raw_line, raw_form from judged "
                "where reason is not null and _source_line > ? order by _source_line limit ?",
                [last, wanted],
            ).fetchall()
            if not rows:
                return
            yield [RejectedLine(*row) for row in rows]
            last = rows[-1][0]
            most = None if most is None else most - len(rows)

    def reasons_of(self, texts: Sequence[str]) -> list[str | None]:
        """The reason to reject each of these lines, None where there is none."""
        numbers = range(1, len(texts) + 1)
        lines = pa.table(
            {
                "raw_line": pa.array(texts, pa.large_string()),
                "raw_form": pa.array(["text"] * len(texts), pa.string()),
                "line_bytes": pa.array([len(text.encode()) for text in texts], pa.int64()),
                "_source_line": pa.array(numbers, pa.int64()),
            }
        )
        with self._in_place_of_bronze(lines):
            rows = self._connection.execute(f"select _source_line, reason from ({self._staging})").fetchall()
        reasons: dict[int, str | None] = dict(rows)
        return [reasons[number] for number in numbers]

    @contextmanager
    def _in_place_of_bronze(self, lines: pa.Table | pa.RecordBatchReader) -> Iterator[None]:
        self._connection.register("given_lines", lines)
        self._connection.execute(
            f"create or replace view {BRONZE_SCHEMA}.{EVENTS.raw.name} as select *, '' as _source_file, "
            f"date '{self._day}' as _source_dt, '' as _source_sha256 from given_lines"
        )
        try:
            yield
        finally:
            self._connection.unregister("given_lines")


@contextmanager
def scratch_duckdb(path: Path, staging: str, day: dt.date) -> Iterator[ScratchDuckDB]:
    """A scratch file, open until the block ends.

    Args:
        path: The file; its name is that of the warehouse for which the SQL was compiled.
        staging: The SQL of stg_events.
        day: The day that the lines were written for; the SQL was compiled for it, too.
    """
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"create schema {BRONZE_SCHEMA}")
        yield ScratchDuckDB(connection, staging, day)


_AT_A_TIME = 1000
