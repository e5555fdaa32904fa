"""Rows of a table for people to look at, on DuckDB."""

from pathlib import Path
from typing import Any

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA, SILVER_SCHEMA
from jobmatch_assets.warehouse.selection import Kind, Preview, Selection, date_column_of, order_by, total_of

_KINDS: dict[str, Kind] = {
    "VARCHAR": "string",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"), "timestamp"),
}


def kind_of(type_: str) -> Kind:
    """What a column of this type holds."""
    return _KINDS.get(type_, "other")


def preview(connection: duckdb.DuckDBPyConnection, path: Path, selection: Selection) -> Preview:
    """Rows of a silver or gold table, newest date first.

    Args:
        connection: The DuckDB file's.
        path: The file, for messages.
        selection: What is wanted.

    Raises:
        SelectionError: The table has no such column, or a value is none of its column's type.
        WarehouseError: There is no such table.
    """
    schema, kinds = _columns(connection, path, selection)
    place = f'{schema}."{selection.table}"'
    wanted = selection.checked_columns(list(kinds))
    conditions, values = selection.conditions(kinds, mark="$", quote='"')
    totals = [
        name
        for name in selection.may_be_totals(kinds)
        if connection.execute(f"select 1 from {place} where {total_of(name)} limit 1").fetchall()
    ]
    conditions += [total_of(name) for name in totals]
    first, last = selection.first_partition, selection.last
    date_column = date_column_of(selection.table, kinds)
    if date_column is None:
        first = last = None
    elif first is None:
        row = connection.execute(
            f"select max({date_column}) - {selection.days_before_newest:d}, max({date_column}) "
            f"from {place}{_where(conditions)}",
            values,
        ).fetchone()
        first, last = row or (None, None)
    if first is not None:
        conditions.append(f"{date_column} between $first and $last")
        values |= {"first": first, "last": last}
    (total,) = connection.execute(f"select count(*) from {place}{_where(conditions)}", values).fetchall()[0]
    listed = ", ".join(f'"{name}"' for name in wanted)
    order = order_by(list(kinds), date_column, quote='"')
    rows = connection.execute(
        f"select {listed} from {place}{_where(conditions)} order by {order} limit {selection.most:d}",
        values,
    ).fetchall()
    return Preview(
        layer=schema.removeprefix("job_matching_"),
        columns=wanted,
        rows=[dict(zip(wanted, row, strict=True)) for row in rows],
        total=total,
        date_column=date_column,
        first=first,
        last=last,
        totals=totals,
    )


def _where(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""


def _columns(
    connection: duckdb.DuckDBPyConnection, path: Path, selection: Selection
) -> tuple[str, dict[str, Kind]]:
    """The table's schema, and its columns in order with what they hold."""
    found: list[tuple[Any, ...]] = connection.execute(
        "select table_name, table_schema, column_name, data_type from information_schema.columns "
        "where list_contains($schemas, table_schema) order by table_name, ordinal_position",
        {"schemas": [SILVER_SCHEMA, GOLD_SCHEMA]},
    ).fetchall()
    of_table = [(schema, column, type_) for name, schema, column, type_ in found if name == selection.table]
    if not of_table:
        raise selection.no_such_table(path, {name for name, *_ in found})
    kinds: dict[str, Kind] = {column: kind_of(type_) for _, column, type_ in of_table}
    return of_table[0][0], kinds
