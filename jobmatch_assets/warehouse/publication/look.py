"""Looking into the file that stands in the place of the copy: what it is, and what it tells its readers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.published_tables import FAILING, HELD_BACK, PublishedTable
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.port import Row
from jobmatch_assets.warehouse.publication.databases import attached_copy, connected, place_of, tables_of

_MOST_NAMED = 3
_SEEN = "_seen"


@dataclass(frozen=True)
class Seen:
    """What was found.

    Attributes:
        other: What it is or holds that no published copy does; None of a copy.
        tables: Its tables of gold.
        told: {table that publication adds: its rows, as `as_told` has them}; tables that it lacks, or has
            with other columns, are left out.
    """

    other: str | None
    tables: frozenset[str] = frozenset()
    told: Mapping[str, list[str]] = field(default_factory=dict)


def look_into(file: Path) -> Seen:
    """What a file is; a file that has not changed since is not opened again."""
    if not file.is_file():
        return Seen("is no file")
    state = file.stat()
    return _look_into(file, (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns))


def as_told(table: PublishedTable, row: Row) -> str:
    """A row as text, the same for the same values."""
    values = [row[column.name] for column in table.columns]
    return repr(
        [
            value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value
            for value in values
        ]
    )


@lru_cache(maxsize=4)
def _look_into(file: Path, state: tuple[int, ...]) -> Seen:  # noqa: ARG001
    try:
        with connected() as connection, attached_copy(connection, file, _SEEN):
            if other := _other_schemas(connection):
                return Seen(other)
            told = {table.name: _told(connection, table) for table in (HELD_BACK, FAILING)}
            return Seen(
                None,
                frozenset(tables_of(connection, _SEEN)),
                {name: rows for name, rows in told.items() if rows is not None},
            )
    except duckdb.IOException:
        return Seen("is no DuckDB file of version 1.x")
    except duckdb.Error as error:
        return Seen(f"cannot be read ({str(error).splitlines()[0]})")


def _told(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> list[str] | None:
    names = [column.name for column in table.columns]
    try:
        rows = connection.execute(f"select {', '.join(names)} from {place_of(_SEEN, table.name)}").fetchall()
    except (duckdb.BinderException, duckdb.CatalogException):
        return None
    return sorted(as_told(table, dict(zip(names, row, strict=True))) for row in rows)


def _other_schemas(connection: duckdb.DuckDBPyConnection) -> str | None:
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
        {"name": _SEEN, "gold": GOLD_SCHEMA},
    ).fetchall()
    has_gold = connection.execute(
        "select 1 from duckdb_schemas() where database_name = $name and schema_name = $gold",
        {"name": _SEEN, "gold": GOLD_SCHEMA},
    ).fetchall()
    if rows:
        return f"holds {', '.join(found for (found,) in rows[:_MOST_NAMED])}"
    return None if has_gold else f"has no schema {GOLD_SCHEMA}"
