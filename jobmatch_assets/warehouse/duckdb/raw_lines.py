"""Lines of bronze on DuckDB as they are stored, for what takes some of them out and brings them back."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.duckdb.rows import conditions_of

_BATCH_ROWS = 16_384


def read(connection: duckdb.DuckDBPyConnection, feed: Feed, where: Mapping[str, Any]) -> pa.RecordBatchReader:
    """Lines in the order of their files and numbers; the connection is busy until they are read."""
    conditions, values = conditions_of(where)
    return connection.execute(
        f"select {_columns(feed)} from {_place(feed)}{conditions} "
        "order by _source_dt, _source_file, _source_sha256, _source_line",
        values,
    ).to_arrow_reader(_BATCH_ROWS)


def add(connection: duckdb.DuckDBPyConnection, feed: Feed, lines: pa.RecordBatchReader) -> None:
    """Append lines in one pass."""
    connection.register("lines_again", lines)
    try:
        connection.execute(f"insert into {_place(feed)} by name select {_columns(feed)} from lines_again")
    finally:
        connection.unregister("lines_again")


def remove(connection: duckdb.DuckDBPyConnection, feed: Feed, where: Mapping[str, Any]) -> int:
    """Delete lines; how many there were."""
    conditions, values = conditions_of(where)
    ((count,),) = connection.execute(f"delete from {_place(feed)}{conditions}", values).fetchall()
    return int(count)


def _place(feed: Feed) -> str:
    return f"{BRONZE_SCHEMA}.{feed.raw.name}"


def _columns(feed: Feed) -> str:
    return ", ".join(column.name for column in feed.layout.columns)
