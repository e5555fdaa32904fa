"""Versions and events as silver has them, written by hand, and the tables that dbt makes of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jobmatch_assets.contracts.entities.columns import EntityColumn, EntityTable
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets_tests.bench.tables import Tables

BUILT = (
    *("application_status_history", "openings"),
    *(
        "dim_job",
        "dim_company",
        "dim_candidate",
        "dim_user",
        "dim_campaign",
        "dim_job_group",
        "dim_publisher",
    ),
    *(
        "dim_date",
        "applications",
        "fact_event",
        "fact_application",
        "fact_placement",
        "fact_timesheet",
        "fact_invoice",
    ),
    "entity_orphans_daily",
)
"""What dbt makes of versions and events, in the order in which it can."""

_PLACES = "struct(country varchar, region varchar, city varchar, postal_code varchar)"

_TYPES = {
    **{"integer_id": "bigint", "integer": "bigint", "decimal": "decimal(18, 6)", "bool": "boolean"},
    **{"timestamp": "timestamptz", "date": "date", "location": _PLACES},
}

_OF_VERSIONS = {
    **{"source": "varchar", "version": "bigint", "valid_from": "timestamptz", "valid_to": "timestamptz"},
    **{"is_current": "boolean", "ended_by": "varchar", "is_deleted": "boolean"},
    "valid_from_is_bound": "boolean",
}

_OF_EVENTS = {
    **{"event_id": "varchar", "event_date": "date", "event_ts": "timestamptz", "event_name": "varchar"},
    **{"unit_id": "varchar", "search_id": "varchar", "surface": "varchar", "platform": "varchar"},
    **{"device_type": "varchar", "rank_position": "bigint", "job_id": "varchar", "publisher_id": "bigint"},
    **{"campaign_id": "bigint", "group_id": "bigint", "bid": "double", "currency": "varchar"},
    **{"application_id": "varchar", "application_status": "varchar"},
}

Period = tuple[str, str | None] | tuple[str, str | None, Mapping[str, Any]]
"""When a version begins and ends, and what is particular about it."""


def write_silver(
    tables: Tables, versions: Sequence[dict[str, Any]], events: Sequence[dict[str, Any]]
) -> None:
    """Make the tables of versions and the events of silver, with these rows."""
    for schema in ("bronze", "silver", "gold"):
        tables.query(f"create schema if not exists job_matching_{schema}")
    for entity in ENTITY_TABLES:
        columns = {**_OF_VERSIONS, **{column.name: _type(column) for column in entity.columns}}
        rows = [row for row in versions if row["_table"] == entity.name]
        _make(tables, f"job_matching_silver.{entity.versions}", columns, rows)
    _make(tables, "job_matching_silver.events", _OF_EVENTS, events)


def history(
    entity: EntityTable, key: object, *periods: Period, source: str = "product", **columns: Any
) -> Iterator[dict[str, Any]]:
    """The versions of an entity; it is deleted where the last of them has an end."""
    for number, (begin, end, *particular) in enumerate(periods, 1):
        follows = number < len(periods) and periods[number][0] == end
        yield {
            "_table": entity.name,
            "source": source,
            entity.key.name: key,
            "version": number,
            "valid_from": begin,
            "valid_to": end,
            "is_current": end is None,
            "ended_by": "version" if follows else end and "delete",
            "is_deleted": periods[-1][1] is not None,
            "valid_from_is_bound": False,
            **columns,
            **(particular[0] if particular else {}),
        }


def event(name: str, ts: str, **columns: Any) -> dict[str, Any]:
    """An event of silver; the time is its identity where none is given."""
    return {
        "event_id": columns.pop("event_id", f"{name} {ts}"),
        "event_date": ts[:10],
        "event_ts": f"{ts}Z",
        "event_name": name,
        "unit_id": "unit",
        "surface": "search",
        **columns,
    }


def _type(column: EntityColumn) -> str:
    return _TYPES.get(column.kind, "varchar") + ("[]" if column.is_list else "")


def _make(tables: Tables, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    described = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
    tables.query(f"create or replace table {name} ({described})")
    for row in rows:
        given = {column: value for column, value in row.items() if not column.startswith("_")}
        assert given.keys() <= columns.keys(), given.keys() - columns.keys()
        listed, marks = ", ".join(f'"{column}"' for column in given), ", ".join("?" * len(given))
        tables.query(f"insert into {name} ({listed}) values ({marks})", *given.values())
