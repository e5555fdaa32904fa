"""Putting a copy together, the same way for every engine, in a new file that replaces the old one at once."""

import datetime as dt
import logging
import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
from filelock import FileLock

from jobmatch_assets.contracts.clock import first_of
from jobmatch_assets.contracts.column import TYPES
from jobmatch_assets.contracts.health_tables import DATA_HEALTH_DAILY
from jobmatch_assets.contracts.published_tables import (
    FAILING,
    HELD_BACK,
    PUBLICATION,
    PUBLISHED_TABLES,
    PublishedTable,
    is_reserved,
)
from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted
from jobmatch_assets.warehouse.port import Row, Warehouse, WarehouseError
from jobmatch_assets.warehouse.publication.content import Content
from jobmatch_assets.warehouse.publication.databases import (
    attached,
    attached_copy,
    place_of,
    tables_of,
    transaction,
    two_at_a_time,
)
from jobmatch_assets.warehouse.publication.parquet import ParquetFiles, parquet_folder
from jobmatch_assets.warehouse.publication.taking import (
    NotRenewableError,
    Taking,
    columns_by_table,
    date_column,
    refuse_what_cannot_stay,
)

_log = logging.getLogger(__name__)

_READABLE_BY = "(storage_version 'v1.0.0')"
"""The oldest DuckDB that can read the copy: readers have what they have."""

_NEW, _BEFORE = "the new copy", "the copy before"


@dataclass(frozen=True)
class Published:
    """What was published.

    Attributes:
        tables: How many tables.
        rows: How many rows they have together.
        files: How many Parquet files were written anew.
    """

    tables: int
    rows: int
    files: int


def publish_gold(
    warehouse: Warehouse,
    path: Path,
    content: Content,
    descriptions: Sequence[TableDescription],
    left_out: Collection[str] = (),
    anew: bool = False,
) -> Published:
    """Write all gold tables to a new file and put it in the place of the old one, at once.

    Who has the old file open goes on reading it as it was. The Parquet files come first: a copy is never
    newer than what stands beside it.

    Args:
        warehouse: Where gold is.
        path: The file.
        content: What it holds beside rows of gold.
        descriptions: What tables are; those of gold count.
        left_out: Tables of gold that readers do not get.
        anew: Whether nothing of the old file is used but rows that are to stay.

    Raises:
        WarehouseError: Gold cannot be read, or a file cannot be written.
    """
    folder = parquet_folder(path)
    path = path.resolve()  # a link stays one
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Engines that let two runs work at once would have both write the unfinished file.
        with FileLock(path.with_name(f".{path.name}.lock"), fallback_to_soft=False):
            _remove(unfinished)
            files = ParquetFiles(folder)
            tables = [table for table in warehouse.gold_tables() if table not in left_out]
            fill = partial(_fill, warehouse, tables, unfinished, path, content, descriptions, files)
            counts = fill() if anew or not path.exists() else _renew(path, unfinished, fill)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            written = files.put_in_place()
            unfinished.replace(path)
            files.remove_others()
    except (OSError, duckdb.IOException) as error:
        raise WarehouseError(
            f"JOBMATCH_PUBLISHED_PATH={path} cannot be written: {error}. Name a file in a folder that this "
            "user may write to. Gold itself is built; the copy follows with the next run."
        ) from None
    return Published(len(counts), sum(counts.values()), written)


def _remove(file: Path) -> None:
    """Remove a DuckDB file, if it is there."""
    for part in (file, file.with_name(f"{file.name}.wal")):
        part.unlink(missing_ok=True)


def _renew(before: Path, target: Path, fill: Callable[[], dict[str, int]]) -> dict[str, int]:
    """Fill the new file, of what stands in the old one where that can be read; {table: its rows}."""
    try:
        shutil.copyfile(before, target)
        return fill()
    except (OSError, duckdb.Error, NotRenewableError) as error:
        _log.warning("%s cannot be renewed (%s): it is written anew", before, str(error).splitlines()[0])
        _remove(target)
        return fill()


def _fill(
    warehouse: Warehouse,
    gold: Sequence[str],
    target: Path,
    before: Path,
    content: Content,
    descriptions: Sequence[TableDescription],
    files: ParquetFiles,
) -> dict[str, int]:
    """Give the new file, which may be there, what a copy holds, and write Parquet; {table: its rows}."""
    with warehouse.readable_gold() as readable, attached(readable.connection, target, _NEW, _READABLE_BY):
        connection = readable.connection
        connection.execute(f"create schema if not exists {quoted(_NEW)}.{GOLD_SCHEMA}")
        kept = {table: _partitions(table, dates) for table, dates in content.kept.items()}
        refuse_what_cannot_stay(connection, _NEW)
        taking = Taking(readable, _NEW)
        taking.drop_others(gold)
        for table in filter(is_reserved, gold):
            raise WarehouseError(
                f"{GOLD_SCHEMA} has a table {table}, the name of one that publication adds to the copy "
                "(JOBMATCH_PUBLISHED_PATH). Rename or drop it. Gold itself is built."
            )

        two_at_a_time(connection, lambda own, table: taking.take(own, table, kept.get(table, ())), gold)
        brought = {table: dates for table, dates in kept.items() if table in taking.anew}
        if brought and before.exists():
            _keep_rows(connection, before, brought)
        for added in PUBLISHED_TABLES:
            columns = ", ".join(f"{column.name} {TYPES[column.type].duckdb}" for column in added.columns)
            connection.execute(f"create table {place_of(_NEW, added.name)} ({columns})")
        _insert_publication(connection, content)
        _insert(connection, HELD_BACK, content.held_back)
        _insert(connection, FAILING, content.failing)
        _comment(connection, descriptions)
        tables = tables_of(connection, _NEW)
        files.write(connection, _NEW, tables)
        counted = " union all ".join(
            f"select {literal(table)}, count(*) from {place_of(_NEW, table)}" for table in tables
        )
        return dict(connection.execute(counted).fetchall())


def _keep_rows(
    connection: duckdb.DuckDBPyConnection, before: Path, kept: Mapping[str, Collection[dt.date]]
) -> None:
    """Take the rows of some partitions from the file that was published before."""
    with attached_copy(connection, before, _BEFORE):
        there = set(tables_of(connection, _BEFORE)) & set(tables_of(connection, _NEW))
        for table in sorted(kept.keys() & there):
            column = date_column(table)
            is_kept = f"list_contains($dates, {quoted(column)})" if column else "len($dates) > 0"
            old, new = (columns_by_table(connection, name)[table] for name in (_BEFORE, _NEW))
            names = ", ".join(quoted(name) for name in new if name in old)
            connection.execute(
                f"insert into {place_of(_NEW, table)} by name "
                f"select {names} from {place_of(_BEFORE, table)} where {is_kept}",
                {"dates": list(kept[table])},
            )


def _insert_publication(connection: duckdb.DuckDBPyConnection, content: Content) -> None:
    """The one row of the copy itself; its dates come from what gold says of each date."""
    dates = "select null::date as first_date, null::date as last_date, null::timestamptz as newest_event_ts"
    if DATA_HEALTH_DAILY.table in tables_of(connection, _NEW):
        dates = (
            "select min(date) as first_date, max(date) as last_date, max(newest_event_ts) as newest_event_ts "
            f"from {place_of(_NEW, DATA_HEALTH_DAILY.table)} where events > 0"
        )
    connection.execute(
        f"insert into {place_of(_NEW, PUBLICATION.name)} by name "
        "select $published_at as published_at, $run_id as run_id, *, "
        # W of the last cohort of a date ends a day after the date does.
        "cast(timezone('UTC', newest_event_ts) as date) - 2 as complete_through "
        f"from ({dates})",
        {"published_at": content.published_at, "run_id": content.run_id or None},
    )


def _insert(connection: duckdb.DuckDBPyConnection, table: PublishedTable, rows: Sequence[Row]) -> None:
    if not rows:
        return
    listed = ", ".join(
        f"unnest(${column.name}::{TYPES[column.type].duckdb}[]) as {column.name}" for column in table.columns
    )
    connection.execute(
        f"insert into {place_of(_NEW, table.name)} by name select {listed}",
        {column.name: [row[column.name] for row in rows] for column in table.columns},
    )


def _comment(connection: duckdb.DuckDBPyConnection, descriptions: Sequence[TableDescription]) -> None:
    """Let tables and columns say what they are."""
    described = {found.table: found for found in descriptions if found.schema == GOLD_SCHEMA}
    described |= {table.name: _described(table) for table in PUBLISHED_TABLES}
    statements = []
    for table, columns in columns_by_table(connection, _NEW).items():
        if found := described.get(table):
            place = place_of(_NEW, table)
            statements.append(f"comment on table {place} is {literal(found.text)}")
            statements += [
                f"comment on column {place}.{quoted(column)} is {literal(text)}"
                for column, text in found.columns.items()
                if column in columns
            ]
    if statements:
        with transaction(connection):
            connection.execute(";\n".join(statements))


def _described(table: PublishedTable) -> TableDescription:
    columns = {column.name: column.description for column in table.columns}
    return TableDescription(GOLD_SCHEMA, table.name, table.description, columns)


def _partitions(table: str, dates: Collection[dt.date]) -> Collection[dt.date]:
    """The partitions that dates belong to."""
    return {first_of(table_named(table).unit, date) for date in dates} if is_table(table) else dates
