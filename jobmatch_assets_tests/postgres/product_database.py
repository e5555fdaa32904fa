"""The database of a product: tables with the columns of the entity contract, and how their rows are read."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from jobmatch_assets.contracts.entities.columns import EntityColumn
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets_tests.bench.logical_log import Row, value_of
from jobmatch_assets_tests.bench.postgres import Session

TABLES = {table.name: table for table in ENTITY_TABLES}

KEYS = {name: table.key.name for name, table in TABLES.items()}

_TYPES_OF_KINDS = {
    "integer_id": "bigint",
    "integer": "integer",
    "decimal": "numeric",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamp with time zone",
    "country": "character(2)",
    "currency": "character(3)",
}

_OTHER_TYPES = {
    ("application", "application_id"): "bigint",
    ("application", "match_score"): "double precision",
    ("job", "expires_at"): "timestamp without time zone",
    ("job", "language"): "character varying",
    ("user", "user_id"): "uuid",
}
"""Ids that are no texts, times without a zone, numbers that are not exact: databases have all of these."""

_NOT_NULL = {("job", "openings")}

_SALARY = (
    "check (not {0}_min > {0}_max)",
    "check (coalesce({0}_min, {0}_max) is null or {0}_currency is not null)",
)


def _type(table: str, column: EntityColumn) -> str:
    if column.kind == "location":
        return "jsonb"
    plain = _OTHER_TYPES.get((table, column.name), _TYPES_OF_KINDS.get(column.kind, "text"))
    return "text[]" if column.is_list else plain


TYPES = {
    name: {column.name: _type(name, column).partition("(")[0] for column in table.columns}
    for name, table in TABLES.items()
}
"""Of each table, its columns with their types, as PostgreSQL calls them."""


def create_tables(session: Session) -> None:
    """Create all tables, without rows."""
    for name, table in TABLES.items():
        parts = [
            f'"{column.name}" {_type(name, column)}{_constraint(name, column)}' for column in table.columns
        ]
        for column in TYPES[name]:
            if column.endswith("salary_min"):
                parts += [check.format(column.removesuffix("_min")) for check in _SALARY]
        session.run(f'create table "{name}" ({", ".join(parts)})')


def _constraint(table: str, column: EntityColumn) -> str:
    if column.role == "key":
        return " primary key"
    return " not null" if column.required or (table, column.name) in _NOT_NULL else ""


def rows_of(session: Session, table: str) -> list[Row]:
    """`select *`, with values as the log gives them."""
    types = TYPES[table]
    return [
        {column: _typed(types[column], value) for column, value in row.items()}
        for row in session.rows(f'select * from "{table}"')
    ]


def now_of(session: Session) -> dt.datetime:
    """When the transaction of a session began, or the statement where there is none."""
    (row,) = session.rows("select now() as now")
    return dt.datetime.fromisoformat(row["now"])


def _typed(type_name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value_of(type_name, value)
    return Decimal(value) if type_name in ("numeric", "double precision") and value is not None else value


def as_shown(table: str, row: Row) -> Row:
    """A row as the contract shows it."""
    return {column.name: _shown(column, row[column.name]) for column in TABLES[table].columns}


_LOCATION: Mapping[str, None] = dict.fromkeys(("country", "region", "city", "postal_code"))


def _shown(column: EntityColumn, value: Any) -> Any:
    if value is None:
        return None
    if column.kind == "location":
        return [{**_LOCATION, **place} for place in value]
    return str(value) if column.kind == "id" else value


def literal(value: Any) -> str:
    """A value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool | int | Decimal):
        return str(value)
    if isinstance(value, list):
        return f"array[{', '.join(map(literal, value))}]::text[]"
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return "'" + text.replace("'", "''") + "'"
