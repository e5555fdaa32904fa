"""The published copy of gold: a file of its own that readers may keep open while builds go on."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.duckdb.comments import copy_comments
from jobmatch_assets.warehouse.port import WarehouseError

_MOST_NAMED = 3


def publish_gold(
    connection: duckdb.DuckDBPyConnection, path: Path, held_back: Mapping[str, Collection[dt.date]]
) -> None:
    """Write all gold tables to a new file and put it in the place of the old one, at once.

    Who has the old file open goes on reading it as it was.

    Args:
        connection: The warehouse.
        path: The file.
        held_back: {table: dates whose new rows fail a check}; the rows published before stay for them, and
            all rows of a table without dates.

    Raises:
        WarehouseError: The file cannot be written.
    """
    path = path.resolve()  # a link stays one
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


def check_published_path(connection: duckdb.DuckDBPyConnection, path: Path, warehouse: Path) -> None:
    """See that a new copy would take no place but that of an old one.

    Args:
        connection: The warehouse.
        path: The file of the copy, which need not exist.
        warehouse: The file of the warehouse.

    Raises:
        WarehouseError: It is a file of the warehouse, by whatever link, or something else that is no copy.
    """
    real, real_warehouse = path.resolve(), warehouse.resolve()
    of_warehouse = [real_warehouse, *(Path(f"{real_warehouse}{end}") for end in (".wal", ".lock", ".tmp"))]
    for file in of_warehouse:
        if real == file or (real.exists() and file.exists() and real.samefile(file)):
            raise WarehouseError(
                f"JOBMATCH_PUBLISHED_PATH={path} is {file}, a file of the warehouse itself "
                "(JOBMATCH_DUCKDB_PATH). Name another file. Nothing was changed."
            )
    if real.exists() and (holds := _other_contents(connection, real)):
        raise WarehouseError(
            f"JOBMATCH_PUBLISHED_PATH={path} exists and is no copy of gold that was published before: it "
            f"{holds}. Name another file, or move this one away. Nothing was changed."
        )


def _other_contents(connection: duckdb.DuckDBPyConnection, file: Path) -> str | None:
    """What a file is or holds that no published copy does."""
    if not file.is_file():
        return "is no file"
    with tempfile.TemporaryDirectory(prefix="jobmatch-copy-") as folder:
        try:
            return _other_schemas(connection, file)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                return "is no DuckDB file of version 1.x"
            # A reader has opened it for writing, too, which keeps nobody from copying it.
            return _other_schemas(connection, Path(shutil.copy(file, folder)))
        except duckdb.Error as error:
            return f"cannot be read ({str(error).splitlines()[0]})"


def _other_schemas(connection: duckdb.DuckDBPyConnection, file: Path) -> str | None:
    with _attached(connection, file, "_seen", "(read_only)") as name:
        rows = connection.execute(
            """
            select schema_name from duckdb_schemas()
            where database_name = $name and schema_name <> $gold and not internal
            union all
            select coalesce(schema_name || '.', '') || table_name from duckdb_tables()
            where database_name = $name and schema_name <> $gold
            union all
            select schema_name || '.' || view_name from duckdb_views()
            where database_name = $name and schema_name <> $gold and not internal
            order by all
            """,
            {"name": name, "gold": GOLD_SCHEMA},
        ).fetchall()
        has_gold = connection.execute(
            "select 1 from duckdb_schemas() where database_name = $name and schema_name = $gold",
            {"name": name, "gold": GOLD_SCHEMA},
        ).fetchall()
    if rows:
        return f"holds {', '.join(found for (found,) in rows[:_MOST_NAMED])}"
    return None if has_gold else f"has no schema {GOLD_SCHEMA}"


def _copy_tables(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    before: Path,
    held_back: Mapping[str, Collection[dt.date]],
) -> None:
    with _attached(connection, target, "_copy") as copy:
        connection.execute(f"create schema {_quoted(copy)}.{GOLD_SCHEMA}")
        for table in _tables(connection, _name_of(connection)):
            column, dates = _date_column(table), list(held_back.get(table, ()))
            kept = f"not list_contains($dates, {column})" if column else "len($dates) = 0"
            connection.execute(
                f'create table {_quoted(copy)}.{GOLD_SCHEMA}."{table}" as from {GOLD_SCHEMA}."{table}" '
                f"where {kept}",
                {"dates": dates},
            )
        copy_comments(connection, copy)
        if held_back and before.exists():
            _keep_rows(connection, copy, before, held_back)


def _keep_rows(
    connection: duckdb.DuckDBPyConnection, copy: str, before: Path, dates: Mapping[str, Collection[dt.date]]
) -> None:
    """Take the rows of some dates from the file that was published before."""
    with _attached(connection, before, "_before", "(read_only)") as old:
        for table in sorted(dates.keys() & set(_tables(connection, old))):
            column = _date_column(table)
            kept = f"list_contains($dates, {column})" if column else "len($dates) > 0"
            connection.execute(
                f'insert into {_quoted(copy)}.{GOLD_SCHEMA}."{table}" by name '
                f'from {_quoted(old)}.{GOLD_SCHEMA}."{table}" '
                f"where {kept}",
                {"dates": list(dates[table])},
            )


def _date_column(table: str) -> str | None:
    """The partition date; None of a table that has none, or that somebody else has put into gold."""
    return table_named(table).date_column if is_table(table) else None


@contextmanager
def _attached(
    connection: duckdb.DuckDBPyConnection, path: Path, ending: str, options: str = ""
) -> Iterator[str]:
    """Another file beside the warehouse, under a name that the warehouse cannot have."""
    name = _name_of(connection) + ending
    file = str(path).replace("'", "''")
    connection.execute(f"attach '{file}' as {_quoted(name)} {options}")
    try:
        yield name
    finally:
        connection.execute(f"detach {_quoted(name)}")


def _name_of(connection: duckdb.DuckDBPyConnection) -> str:
    (row,) = connection.execute("select current_database()").fetchall()
    return str(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables "
        "where table_schema = $schema and table_catalog = $catalog order by table_name",
        {"schema": GOLD_SCHEMA, "catalog": catalog},
    ).fetchall()
    return [name for (name,) in rows]
