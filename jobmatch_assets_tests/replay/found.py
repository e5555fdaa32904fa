"""The same tables as a warehouse has them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jobmatch_assets_tests.bench.tables import Tables
from jobmatch_assets_tests.replay import sent_json
from jobmatch_assets_tests.replay.expected import EFFECTS
from jobmatch_assets_tests.replay.gold import Rows
from jobmatch_assets_tests.replay.tables import DIMENSIONS, TABLES

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

_KEYS: dict[str, tuple[str, ...]] = {
    "application_status_history": ("application_id", "status", "at"),
    "openings": ("source", "job_id"),
    "entities_quarantine": ("_source_file", "_source_line"),
    **{f"{table.name}_versions": ("source", table.key.name, "version") for table in TABLES.values()},
    **{f"dim_{name}": (f"{name}_key",) for name in DIMENSIONS},
    "fact_event": ("event_id",),
    "fact_application": ("application_id",),
    **{f"fact_{name}": ("source", f"{name}_id") for name in ("placement", "timesheet", "invoice")},
    "entity_orphans_daily": ("fact", "column", "date"),
}

TABLE_NAMES = (*_KEYS, "by_file", "by_entity")
"""What can be compared."""

_BY_FILE = " union all ".join(
    f"select _source_file, 'kept' as outcome from job_matching_silver.{name}_records where outcome = 'kept'"
    for name in TABLES
)

_BY_ENTITY = " union all ".join(
    f"select '{name}' as entity_table, source, entity_key, outcome, effect from job_matching_silver.{name}_records"
    for name in TABLES
)


def found_table(tables: Tables, name: str) -> Rows:
    """A table as rows by key, with values that can be compared."""
    if name == "by_file":
        return dict(_by_file(tables))
    if name == "by_entity":
        return dict(_by_entity(tables))
    schema = "gold" if name.startswith(("dim_", "fact_", "entity_orphans")) else "silver"
    key = _KEYS[name]
    rows: Rows = {}
    for row in tables.rows(f"select * from job_matching_{schema}.{name}"):
        plain = {column: _plain(column, value) for column, value in row.items()}
        of = tuple(str(plain[column]) if column.endswith("_id") else plain[column] for column in key)
        assert of not in rows, f"{name} has several rows {of}"
        rows[of] = plain
    return rows


def _plain(column: str, value: Any) -> Any:
    if column == "properties":
        return {} if value is None else sent_json.parsed(value)
    if column == "invalid_fields":
        return tuple(value or ())
    if isinstance(value, dt.datetime):
        return (value - _EPOCH) // dt.timedelta(microseconds=1)
    if isinstance(value, list):
        return tuple(tuple(one.values()) if isinstance(one, dict) else one for one in value)
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def _by_file(tables: Tables) -> Iterator[tuple[tuple[str], dict[str, int]]]:
    for row in tables.rows(
        f"""
        select
            _source_file,
            count(*) filter (outcome = 'raw') as records,
            count(*) filter (outcome = 'kept') as kept,
            count(*) filter (outcome = 'quarantined') as quarantined
        from (
            {_BY_FILE}
            union all
            select _source_file, 'quarantined' from job_matching_silver.entities_quarantine
            union all
            select _source_file, 'raw' from job_matching_bronze.entities_raw
        ) as records
        group by all
        """
    ):
        yield (row.pop("_source_file"),), row


def _by_entity(tables: Tables) -> Iterator[tuple[tuple[str, ...], dict[str, int]]]:
    effects = ", ".join(f"count(*) filter (effect = '{effect}') as {effect}" for effect in EFFECTS)
    for row in tables.rows(
        f"""
        select
            entity_table,
            source,
            entity_key,
            count(*) filter (outcome = 'kept') as kept,
            count(*) filter (outcome = 'implied') as implied,
            count(*) filter (outcome = 'counted') as records,
            {effects}
        from (
            {_BY_ENTITY}
            union all
            select entity_table, source, entity_key, 'counted', null
            from job_matching_silver.stg_entity_records
            where reason is null
        ) as records
        group by all
        """
    ):
        yield tuple(row.pop(column) for column in ("entity_table", "source", "entity_key")), row
