"""The published copy of gold: a file of its own that readers may keep open while builds go on."""

import datetime as dt
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.bronze import GOLD_SCHEMA, PARTITION_COLUMNS
from jobmatch_assets.warehouse.port import WarehouseError


def publish_gold(
    connection: duckdb.DuckDBPyConnection, path: Path, held_back: Mapping[str, Collection[dt.date]]
) -> None:
    """Write all gold tables to a new file and put it in the place of the old one, at once.

    Who has the old file open goes on reading it as it was.

    Args:
        connection: The warehouse.
        path: The file.
        held_back: {table: dates whose new rows fail a check}; the rows published before stay for them.

    Raises:
        WarehouseError: The file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left_behind in (unfinished, unfinished.with_name(unfinished.name + ".wal")):
            left_behind.unlink(missing_ok=True)
        _copy_tables(connection, unfinished, path, held_back)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except (OSError, duckdb.IOException) as error:
        raise WarehouseError(
            f"JOBMATCH_PUBLISHED_PATH={path} cannot be written: {error}. Name a file in a folder that this "
            "user may write to. Gold itself is built; the copy follows with the next run."
        ) from None


def _copy_tables(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    before: Path,
    held_back: Mapping[str, Collection[dt.date]],
) -> None:
    _attach(connection, target, "published")
    try:
        connection.execute(f"create schema published.{GOLD_SCHEMA}")
        for table in _tables(connection, "current_database()"):
            connection.execute(
                f'create table published.{GOLD_SCHEMA}."{table}" as from {GOLD_SCHEMA}."{table}" '
                f"where not list_contains($dates, {PARTITION_COLUMNS.get(table, 'event_date')})",
                {"dates": list(held_back.get(table, ()))},
            )
        if held_back and before.exists():
            _keep_rows(connection, before, held_back)
    finally:
        connection.execute("detach published")


def _keep_rows(
    connection: duckdb.DuckDBPyConnection, before: Path, dates: Mapping[str, Collection[dt.date]]
) -> None:
    """Take the rows of some dates from the file that was published before."""
    _attach(connection, before, "published_before", "(read_only)")
    try:
        for table in dates.keys() & set(_tables(connection, "'published_before'")):
            connection.execute(
                f'insert into published.{GOLD_SCHEMA}."{table}" by name '
                f'from published_before.{GOLD_SCHEMA}."{table}" '
                f"where list_contains($dates, {PARTITION_COLUMNS.get(table, 'event_date')})",
                {"dates": list(dates[table])},
            )
    finally:
        connection.execute("detach published_before")


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, options: str = "") -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as {name} {options}")


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables "
        f"where table_schema = $schema and table_catalog = {catalog} order by table_name",
        {"schema": GOLD_SCHEMA},
    ).fetchall()
    return [name for (name,) in rows]
