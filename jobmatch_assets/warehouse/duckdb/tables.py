"""The tables of bronze on DuckDB: making them, and bringing those of an earlier version up to date."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.column import TYPES, Column
from jobmatch_assets.contracts.control_tables import (
    CONTROL_TABLES,
    EARLIER_TABLES,
    EXPERIMENTS_COMPARED,
    LAYOUT,
    LAYOUT_IN_FORCE,
    ControlTable,
)
from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA, GOLD_SCHEMA, SILVER_SCHEMA
from jobmatch_assets.warehouse.layout import Mark, installed_version, refuse_newer, refuse_too_old

_SETTING = "JOBMATCH_DUCKDB_PATH"


def refuse_other_layouts(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a warehouse of a version that is too new, or too old, for this one; changes nothing.

    Raises:
        LayoutError: It is one.
    """
    found = {table: set(names) for table, names in columns_of(connection, BRONZE_SCHEMA).items()}
    is_marked = {"layout", "made_by"} <= found.get(LAYOUT.name, set())
    refuse_newer(_marks(connection) if is_marked else [], str(path), _SETTING)
    refuse_too_old(found, str(path), _SETTING)


def _marks(connection: duckdb.DuckDBPyConnection) -> list[Mark]:
    rows = connection.execute(f"select layout, made_by from {BRONZE_SCHEMA}.{LAYOUT.name}").fetchall()
    return [Mark(*row) for row in rows]


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make schemas and bronze tables, and bring those of an earlier version up to date."""
    for schema in (BRONZE_SCHEMA, SILVER_SCHEMA, GOLD_SCHEMA):
        connection.execute(f"create schema if not exists {schema}")
    found = columns_of(connection, BRONZE_SCHEMA)
    for earlier, name in EARLIER_TABLES.items():
        if earlier in found and name not in found:
            connection.execute(f"alter table {BRONZE_SCHEMA}.{earlier} rename to {name}")
    for feed in FEEDS:
        if feed.raw.name not in found:
            _create(connection, feed.raw.name, feed.layout.columns)
    for table in CONTROL_TABLES:
        if table.name in found:
            _bring_up_to_date(connection, table, found[table.name])
        else:
            _create(connection, table.name, table.columns)
    if LAYOUT_IN_FORCE not in {mark.layout for mark in _marks(connection)}:
        connection.execute(
            f"insert into {BRONZE_SCHEMA}.{LAYOUT.name} by name "
            "select $layout as layout, $version as made_by, now() as made_at",
            {"layout": LAYOUT_IN_FORCE, "version": installed_version()},
        )
    if EXPERIMENTS_COMPARED.name not in found and AB_CUMULATIVE_SUMS.table in columns_of(
        connection, GOLD_SCHEMA
    ):
        # Results of an earlier version: with what they were computed is not known.
        connection.execute(
            f"insert into {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED.name} by name "
            f"select distinct experiment_id, null as registered from {GOLD_SCHEMA}.{AB_CUMULATIVE_SUMS.table}"
        )


def columns_of(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[str]]:
    """{table of a schema: its columns, in order}."""
    return dict(
        connection.execute(
            "select table_name, list(column_name order by ordinal_position) "
            "from information_schema.columns where table_schema = $schema "
            "and table_catalog = current_database() group by table_name order by table_name",
            {"schema": schema},
        ).fetchall()
    )


def columns_of_table(connection: duckdb.DuckDBPyConnection, place: str) -> list[str] | None:
    """The columns of one table, None where it is not there; quicker than a look at all of the catalog."""
    try:
        return [column[0] for column in connection.execute(f"from {place} limit 0").description or []]
    except duckdb.CatalogException:
        return None


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[Column]) -> None:
    definition = ", ".join(
        f"{column.name} {TYPES[column.type].duckdb}{'' if column.nullable else ' not null'}"
        f"{' using compression zstd' if column.is_long else ''}"
        for column in columns
    )
    connection.execute(f"create table {BRONZE_SCHEMA}.{name} ({definition})")


def _bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, table: ControlTable, names: Iterable[str]
) -> None:
    place, names = f"{BRONZE_SCHEMA}.{table.name}", set(names)
    for column in table.columns:
        if column.name in names:
            continue
        earlier = table.earlier_names.get(column.name)
        if earlier in names:
            connection.execute(f"alter table {place} rename column {earlier} to {column.name}")
            continue
        value = table.earlier_values.get(column.name)
        default = f" default '{value}'" if value else ""
        connection.execute(
            f"alter table {place} add column {column.name} {TYPES[column.type].duckdb}{default}"
        )
