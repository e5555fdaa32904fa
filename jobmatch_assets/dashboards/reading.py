"""What pages read of the published copy."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from jobmatch_assets.contracts.published_tables import PUBLISHED_TABLES
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.contracts.table_contract import ROUNDING
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dashboards.encoding import by_column
from jobmatch_assets.dashboards.page import Table

STATE_TABLES = tuple(
    Table(table.name, tuple(column.name for column in table.columns)) for table in PUBLISHED_TABLES
)
"""What every page says of the copy that it was made from."""


def columns_there(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """{table of the copy: its columns}."""
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = $schema and database_name = current_database()",
        {"schema": GOLD_SCHEMA},
    ).fetchall():
        there.setdefault(table, set()).add(column)
    return there


def read(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    there: Mapping[str, set[str]],
    only: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A table as a page carries it.

    Args:
        connection: The copy.
        table: What the page needs of it.
        there: The tables and columns that the copy has.
        only: {column: the one value of it} for columns that the table has.

    Returns:
        As `by_column`, and `missing`: the columns that the copy lacks, all of them where it lacks the table.
    """
    columns = there.get(table.name, ())
    names = [name for name in table.all_columns if name in columns]
    # Rows of all cannot be told from those of groups without these, nor needed rows from others.
    told_apart = (
        *(*table.totals_only, *table.counted_by, *table.conditions),
        *(table.dimensions if table.is_summed else ()),
    )
    untold = [name for name in told_apart if name not in columns]
    missing = list(dict.fromkeys([*(name for name in table.all_columns if name not in names), *untold]))
    if not names or table.clock in missing or untold:
        return {**by_column(table.all_columns, []), "missing": missing}
    wanted = {**dict.fromkeys(table.totals_only, ALL), **table.where} | {
        name: value for name, value in (only or {}).items() if name in there[table.name]
    }
    values = [*wanted.values(), *table.without.values()]
    conditions = " and ".join(
        (
            *(f'"{name}" = ?' for name in wanted),
            *(f'"{name}" is distinct from ?' for name in table.without),
        )
    )
    conditions = conditions or "true"
    for names_of, end in ((table.newest_by, "max"), (table.oldest_by, "min")):
        if names_of:
            groups = ", ".join(f'"{name}"' for name in names_of)
            conditions += f' qualify "{table.clock}" = {end}("{table.clock}") over (partition by {groups})'
    if table.rows_as:
        return _counted(connection, table, conditions, values, missing)
    groups = " group by all" if table.is_summed else ""
    chosen = f"select {_listed(table, names)} from {_source(table)} where {conditions}{groups}"  # noqa: S608
    left_out = {}
    if table.at_most:
        counted = connection.execute(f"select count(*) from ({chosen})", values).fetchall()  # noqa: S608
        left_out = {"left_out": max(0, counted[0][0] - table.at_most)}
        largest = ", ".join(f'"{name}" desc nulls last' for name in table.largest_first)
        ties = ", ".join(f'"{name}"' for name in names)
        chosen = f"select * from ({chosen}) order by {largest}, {ties} limit {table.at_most}"  # noqa: S608
    # Rows of one group stand together: their texts repeat, and the page is smaller. All columns: one order.
    first = (*table.dimensions, table.clock)
    order = [*(name for name in first if name in names), *(name for name in names if name not in first)]
    rows = connection.execute(
        f"select * from ({chosen}) order by " + ", ".join(f'"{name}"' for name in order),  # noqa: S608
        values,
    ).fetchall()
    if table.derived and not missing:
        makers = table.derived.values()
        rows = [(*row, *(make(dict(zip(names, row, strict=True))) for make in makers)) for row in rows]
        names += table.derived
    return {**by_column(names, rows, table.digits), "missing": missing, **left_out}


def _source(table: Table) -> str:
    """The table, with values carried on where it has none."""
    if not table.carried:
        return f'"{table.name}"'
    on = []
    for name, columns in table.carried.items():
        groups = ", ".join(f'"{column}"' for column in columns)
        window = f'partition by {groups} order by "{table.clock}"'
        on.append(f'last_value("{name}" ignore nulls) over ({window}) as "{name}"')
    carried = ", ".join(on)
    return f'(select * replace ({carried}) from "{table.name}")'  # noqa: S608 - names are those of a page


def _listed(table: Table, names: Sequence[str]) -> str:
    """The columns, or their sums."""
    summed = table.columns if table.is_summed else ()
    return ", ".join(
        f'case when count("{name}") = count(*) then sum("{name}") end as "{name}"'
        if name in summed
        else f'"{name}"'
        for name in names
    )


def _counted(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    conditions: str,
    values: Sequence[str],
    missing: Sequence[str],
) -> dict[str, Any]:
    """How many rows each date has, or each value of the columns by which they are counted; and their sums."""
    by = [*((table.clock,) if table.clock else ()), *table.counted_by]
    sums = [name for name in table.columns if name not in missing]
    asked = [
        *(f'{_step(table, name)} as "{name}"' for name in by),
        *(f'case when count(*) = count("{name}") then sum("{name}") end as "{name}"' for name in sums),
    ]
    rows = connection.execute(
        f'select {", ".join([*asked, "count(*)"])} from "{table.name}" '  # noqa: S608 - names are those of a page
        f"where {conditions} group by all order by all",
        values,
    ).fetchall()
    return {**by_column((*by, *sums, table.rows_as), rows, table.digits), "missing": [*missing]}


def _step(table: Table, column: str) -> str:
    """A column by which rows are counted, or the number of its step; what is on a border begins a step."""
    if column not in table.steps:
        return f'"{column}"'
    width, count = table.steps[column]
    step = f'floor("{column}" / {width} + {ROUNDING})'
    return f"case when {step} >= {count} then {count - 1} else {step}::bigint end"


def values_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    there: Mapping[str, set[str]],
    *,
    is_rolled_up: bool,
) -> Sequence[str]:
    """The values of a column in their order, less the one that stands for all; none where it is missing."""
    if column not in there.get(table, ()):
        return []
    rows = connection.execute(
        f'select distinct "{column}" from "{table}" '  # noqa: S608 - names are those of a page
        f'where "{column}" is not null and ("{column}" <> ? or not ?) order by all',
        [ALL, is_rolled_up],
    ).fetchall()
    return [str(value) for (value,) in rows]
