"""The small tables of bronze that steer the platform, on DuckDB: making them, and those about experiments."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.bronze import (
    BRONZE_SCHEMA,
    COLUMNS_OF_BRONZE,
    EXPERIMENTS_COMPARED,
    FILES,
    GOLD_SCHEMA,
    LAYOUT,
    LAYOUT_IN_FORCE,
    PARTITION_COLUMNS,
    SILVER_SCHEMA,
    USED_SETTINGS,
    Column,
)
from jobmatch_assets.warehouse.layout import Mark, installed_version, refuse_newer, refuse_too_old

_TYPES = {
    "string": "varchar",
    "int64": "bigint",
    "date": "date",
    "timestamp": "timestamptz",
    "bool": "boolean",
}
_SETTING = "JOBMATCH_DUCKDB_PATH"


def refuse_other_layouts(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a warehouse of a version that is too new, or too old, for this one; changes nothing.

    Raises:
        LayoutError: It is one.
    """
    found = {table: names for table, (_, names) in columns_of(connection, [BRONZE_SCHEMA]).items()}
    is_marked = {"layout", "made_by"} <= set(found.get(LAYOUT, ()))
    refuse_newer(_marks(connection) if is_marked else [], str(path), _SETTING)
    refuse_too_old(found, str(path), _SETTING)


def _marks(connection: duckdb.DuckDBPyConnection) -> list[Mark]:
    rows = connection.execute(f"select layout, made_by from {BRONZE_SCHEMA}.{LAYOUT}").fetchall()
    return [Mark(*row) for row in rows]


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make schemas and bronze tables, and columns that a table of an earlier version lacks."""
    for schema in (BRONZE_SCHEMA, SILVER_SCHEMA, GOLD_SCHEMA):
        connection.execute(f"create schema if not exists {schema}")
    found = columns_of(connection, [BRONZE_SCHEMA])
    for table, columns in COLUMNS_OF_BRONZE.items():
        place = f"{BRONZE_SCHEMA}.{table}"
        if table not in found:
            connection.execute(f"create table {place} ({_definition(columns)})")
            continue
        _, names = found[table]
        for column in columns:
            if column.name not in names:
                connection.execute(f"alter table {place} add column {column.name} {_TYPES[column.type]}")
    if EXPERIMENTS_COMPARED not in found and "ab_cumulative_sums" in columns_of(connection, [GOLD_SCHEMA]):
        # Results of an earlier version: with what they were computed is not known.
        connection.execute(
            f"insert into {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED} by name "
            f"select distinct experiment_id, null as registered from {GOLD_SCHEMA}.ab_cumulative_sums"
        )
    if LAYOUT_IN_FORCE not in {mark.layout for mark in _marks(connection)}:
        connection.execute(
            f"insert into {BRONZE_SCHEMA}.{LAYOUT} by name "
            "select $layout as layout, $version as made_by, now() as made_at",
            {"layout": LAYOUT_IN_FORCE, "version": installed_version()},
        )


def columns_of(
    connection: duckdb.DuckDBPyConnection, schemas: Sequence[str]
) -> dict[str, tuple[str, list[str]]]:
    """{table of the schemas: (its schema, its columns)}."""
    found = connection.execute(
        "select table_name, any_value(table_schema), list(column_name order by ordinal_position) "
        "from information_schema.columns where list_contains($schemas, table_schema) group by table_name",
        {"schemas": list(schemas)},
    ).fetchall()
    return {table: (schema, names) for table, schema, names in found}


def experiments_compared(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The registry's entry that each experiment was computed with."""
    return dict(
        connection.execute(
            f"select experiment_id, registered from {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED}"
        ).fetchall()
    )


def note_compared(connection: duckdb.DuckDBPyConnection, registered: Mapping[str, str]) -> None:
    """Put these entries in the place of earlier ones."""
    place = f"{BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED}"
    connection.begin()
    connection.execute(
        f"delete from {place} where list_contains($experiments, experiment_id)",
        {"experiments": list(registered)},
    )
    connection.execute(
        f"insert into {place} by name select unnest($experiments::varchar[]) as experiment_id, "
        "unnest($entries::varchar[]) as registered",
        {"experiments": list(registered), "entries": list(registered.values())},
    )
    connection.commit()


def used_settings(connection: duckdb.DuckDBPyConnection, layer: str) -> dict[dt.date, dict[str, str]]:
    """The settings that each partition of a layer was built with."""
    rows = connection.execute(
        f"select partition_date, setting, value from {BRONZE_SCHEMA}.{USED_SETTINGS} where layer = $layer",
        {"layer": layer},
    ).fetchall()
    used: dict[dt.date, dict[str, str]] = {}
    for date, setting, value in rows:
        used.setdefault(date, {})[setting] = value
    return used


def note_settings(
    connection: duckdb.DuckDBPyConnection, layer: str, dates: Collection[dt.date], values: Mapping[str, str]
) -> None:
    """Put these settings in the place of earlier ones."""
    place = f"{BRONZE_SCHEMA}.{USED_SETTINGS}"
    connection.begin()
    connection.execute(
        f"delete from {place} where layer = $layer and list_contains($dates, partition_date)",
        {"layer": layer, "dates": list(dates)},
    )
    for setting, value in values.items():
        connection.execute(
            f"insert into {place} by name select $layer as layer, unnest($dates::date[]) as partition_date, "
            "$setting as setting, $value as value",
            {"layer": layer, "dates": list(dates), "setting": setting, "value": value},
        )
    connection.commit()


def loaded_files(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The size of every file that was loaded."""
    rows = connection.execute(
        f"select source_file, arg_max(bytes, ingested_at) from {BRONZE_SCHEMA}.{FILES} "
        "where outcome = 'loaded' group by source_file"
    ).fetchall()
    return dict(rows)


def dates_of_experiments(
    connection: duckdb.DuckDBPyConnection,
    layer: str,
    table: str,
    first: dt.date,
    last: dt.date,
    experiments: Collection[str] | None,
) -> dict[str, set[dt.date]]:
    """{experiment: partition dates on which a table has rows of it}."""
    schema = f"job_matching_{layer}"
    if table not in columns_of(connection, [schema]):
        return {}
    date_column = PARTITION_COLUMNS.get(table, "event_date")
    rows = connection.execute(
        f"select experiment_id, list(distinct {date_column}) from {schema}.{table} "
        f"where {date_column} between $first and $last "
        "and ($experiments is null or list_contains($experiments::varchar[], experiment_id)) "
        "group by experiment_id",
        {"first": first, "last": last, "experiments": None if experiments is None else list(experiments)},
    ).fetchall()
    return {experiment: set(dates) for experiment, dates in rows}


def dates_with_rows(connection: duckdb.DuckDBPyConnection, first: dt.date, last: dt.date) -> set[dt.date]:
    """Dates of a range on which staged lines, or rows of daily tables, lie."""
    queries = [
        f"select event_date from {schema}.{table} where event_date between $first and $last"
        for table, (schema, columns) in columns_of(connection, [SILVER_SCHEMA, GOLD_SCHEMA]).items()
        if "event_date" in columns
    ]
    if not queries:
        return set()
    rows = connection.execute(
        f"select distinct * from ({' union all '.join(queries)})", {"first": first, "last": last}
    ).fetchall()
    return {date for (date,) in rows}


def _definition(columns: Sequence[Column]) -> str:
    return ", ".join(
        f"{column.name} {_TYPES[column.type]}{'' if column.nullable else ' not null'}" for column in columns
    )
