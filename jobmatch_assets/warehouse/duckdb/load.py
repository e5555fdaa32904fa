"""An open transaction on DuckDB that appends files to bronze."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.control_tables import FILES
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.control.ledger import FileRecord


class DuckDBLoad:
    """An open transaction that appends files to bronze."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, feed: Feed) -> None:
        self._connection = connection
        self._feed = feed

    def add_lines(self, lines: pa.RecordBatchReader, load_id: str, ingested_at: dt.datetime) -> None:
        """Append lines in one pass."""
        with self._registered("incoming_lines", lines):
            self._connection.execute(
                f"insert into {BRONZE_SCHEMA}.{self._feed.raw.name} by name "
                "select *, $load_id as _load_id, $ingested_at as ingested_at from incoming_lines",
                {"load_id": load_id, "ingested_at": ingested_at},
            )

    def add_files(self, records: Sequence[FileRecord], ingested_at: dt.datetime) -> None:
        """Note files in the ledger."""
        with self._registered("incoming_files", _as_table(records)):
            self._connection.execute(
                f"insert into {BRONZE_SCHEMA}.{FILES.name} by name "
                "select *, $ingested_at as ingested_at, outcome <> 'loaded' as staged from incoming_files",
                {"ingested_at": ingested_at},
            )

    def renew_fingerprints(self, records: Sequence[FileRecord]) -> None:
        """Note that known files were touched without a change of their content."""
        with self._registered("touched_files", _as_table(records)):
            self._connection.execute(
                f"update {BRONZE_SCHEMA}.{FILES.name} as files set fingerprint = touched_files.fingerprint "
                "from touched_files where files.feed = touched_files.feed "
                "and files.source_file = touched_files.source_file "
                "and files.sha256 = touched_files.sha256"
            )

    @contextmanager
    def _registered(self, name: str, data: pa.Table | pa.RecordBatchReader) -> Iterator[None]:
        self._connection.register(name, data)
        try:
            yield
        finally:
            self._connection.unregister(name)


_RECORD_SCHEMA = pa.schema(
    [
        ("feed", pa.string()),
        ("source_file", pa.string()),
        ("sha256", pa.string()),
        ("dt", pa.date32()),
        ("fingerprint", pa.string()),
        ("outcome", pa.string()),
        ("same_as", pa.string()),
        ("lines", pa.int64()),
        ("bytes", pa.int64()),
        ("load_id", pa.string()),
    ]
)


def _as_table(records: Sequence[FileRecord]) -> pa.Table:
    return pa.Table.from_pylist([asdict(record) for record in records], schema=_RECORD_SCHEMA)
