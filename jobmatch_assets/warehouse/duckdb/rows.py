"""Rows of control tables on DuckDB: reading, changing and setting them by conditions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import duckdb

from jobmatch_assets.contracts.column import TYPES
from jobmatch_assets.contracts.control_tables import ControlTable
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.duckdb.tables import columns_of_table
from jobmatch_assets.warehouse.port import Row


def records(
    connection: duckdb.DuckDBPyConnection, table: ControlTable, where: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of a control table, also of an earlier version's."""
    there = columns_of_table(connection, f"{BRONZE_SCHEMA}.{table.name}")
    if there is None:
        return []
    expressions = {column.name: _expression(table, column.name, there) for column in table.columns}
    conditions, values = conditions_of({expressions[name]: value for name, value in where.items()})
    rows = connection.execute(
        f"select {', '.join(f'{expression} as {name}' for name, expression in expressions.items())} "
        f"from {BRONZE_SCHEMA}.{table.name}{conditions} order by all",
        values,
    ).fetchall()
    return [dict(zip(expressions, row, strict=True)) for row in rows]


def change(
    connection: duckdb.DuckDBPyConnection,
    table: ControlTable,
    remove: Sequence[Row],
    where: Mapping[str, Any] | None,
    add: Sequence[Row],
) -> None:
    """Take rows out and put others in; within a transaction."""
    place = f"{BRONZE_SCHEMA}.{table.name}"
    if where is not None:
        conditions, values = conditions_of(where)
        connection.execute(f"delete from {place}{conditions}", values)
    if remove:
        names = list(remove[0])
        same = " and ".join(f"kept.{name} is not distinct from gone.{name}" for name in names)
        connection.execute(
            f"delete from {place} as kept using ({_unnested(table, names)}) as gone where {same}",
            _columns(names, remove),
        )
    if add:
        names = list(add[0])
        connection.execute(f"insert into {place} by name {_unnested(table, names)}", _columns(names, add))


def update(
    connection: duckdb.DuckDBPyConnection, table: ControlTable, values: Row, where: Mapping[str, Any]
) -> None:
    """Set columns of some rows."""
    conditions, bound = conditions_of(where)
    connection.execute(
        f"update {BRONZE_SCHEMA}.{table.name} set {', '.join(f'{name} = $new_{name}' for name in values)}"
        f"{conditions}",
        bound | {f"new_{name}": value for name, value in values.items()},
    )


def _expression(table: ControlTable, column: str, there: Collection[str]) -> str:
    """A column, or what stands for it in the table of an earlier version."""
    if column in there:
        return column
    earlier = table.earlier_names.get(column)
    if earlier in there:
        return str(earlier)
    value = table.earlier_values.get(column)
    return f"'{value}'" if value else "null"


def conditions_of(where: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Conditions on expressions as SQL, and the values that are bound to it."""
    texts, values = [], {}
    for number, (expression, value) in enumerate(where.items()):
        name = f"value_{number}"
        is_one = isinstance(value, str) or not isinstance(value, Collection)
        texts.append(f"{expression} = ${name}" if is_one else f"list_contains(${name}, {expression})")
        values[name] = value if is_one else list(value)
    return f" where {' and '.join(texts)}" if texts else "", values


def _unnested(table: ControlTable, names: Sequence[str]) -> str:
    """A query whose rows are bound as an array a column."""
    types = {column.name: TYPES[column.type].duckdb for column in table.columns}
    return "select " + ", ".join(f"unnest(${name}::{types[name]}[]) as {name}" for name in names)


def _columns(names: Sequence[str], rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}
