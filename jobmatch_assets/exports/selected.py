"""Which rows and columns of the published copy are exported: one query, with names from its catalog."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from jobmatch_assets.contracts.clock import last_of
from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.dates import DateRange
from jobmatch_assets.warehouse.duckdb.preview import kind_of
from jobmatch_assets.warehouse.duckdb.quoting import quoted
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets.warehouse.selection import Kind, Selection, date_column_of, order_by, total_of

_RATES = {"rate", "share", "ctr"}


@dataclass(frozen=True)
class Column:
    """A column of the published copy.

    Attributes:
        name: Its name.
        type: Its type, as DuckDB writes it.
        comment: What it means, with its unit; empty where the copy does not say.
    """

    name: str
    type: str
    comment: str

    @property
    def kind(self) -> Kind:
        """What it holds."""
        return kind_of(self.type)

    @property
    def is_nested(self) -> bool:
        """Whether a value is an array, a record or a map."""
        return self.type.endswith("]") or self.type.startswith(("STRUCT(", "MAP(", "UNION("))

    @property
    def is_rate(self) -> bool:
        """Whether people read it in percent; tables name such columns so."""
        return self.kind == "float" and not _RATES.isdisjoint(self.name.split("_"))

    @property
    def quoted(self) -> str:
        """Its name in SQL."""
        return quoted(self.name)


@dataclass(frozen=True)
class Selected:
    """The rows and columns to be exported.

    Attributes:
        table: The table.
        comment: What a row of it is; empty where the copy does not say.
        columns: The columns, in order.
        where: The condition of the rows, with named parameters.
        values: What is bound to them.
        order: The order of the rows: newest date first, then by all columns.
        rows: How many there are.
        date_column: The column with the partition's date; None where the table has none.
        dates: The first and the last day that the rows are about; None without rows or dates.
        held: The first and the last date of the whole table.
        totals: Dimensions of which only the rolled-up rows are exported.
    """

    table: str
    comment: str
    columns: Sequence[Column]
    where: str
    values: Mapping[str, Any]
    order: str
    rows: int
    date_column: str | None
    dates: DateRange | None
    held: DateRange | None
    totals: Sequence[str]

    def query(self, expressions: Sequence[str]) -> str:
        """The query of the rows, with these expressions as its columns."""
        listed = ", ".join(
            f"{expression} as {column.quoted}"
            for expression, column in zip(expressions, self.columns, strict=True)
        )
        return f"select {listed} from {quoted(self.table)}{self.where} order by {self.order}"


def selected(connection: duckdb.DuckDBPyConnection, wanted: Selection) -> Selected:
    """What is wanted, as the published copy has it.

    Args:
        connection: The published copy.
        wanted: Without a first date, all dates are; `most` is of no account.

    Raises:
        SelectionError: There is no such table or column, a value is none of its column's type, or dates are
            asked for of a table without.
    """
    comment = _comment_of(connection, wanted.table)
    columns = {column.name: column for column in _columns(connection, wanted.table)}
    chosen = [columns[name] for name in wanted.checked_columns(list(columns))]
    kinds = {name: column.kind for name, column in columns.items()}
    conditions, values = wanted.conditions(kinds, mark="$", quote='"')
    place = quoted(wanted.table)
    totals = [
        name
        for name in wanted.may_be_totals(kinds)
        if connection.execute(f"select 1 from {place} where {total_of(name)} limit 1").fetchall()
    ]
    conditions += [total_of(name) for name in totals]
    date_column = date_column_of(wanted.table, kinds)
    if wanted.first is not None:
        if date_column is None:
            raise SelectionError(_has_no_dates(wanted.table, kinds))
        conditions.append(f"{quoted(date_column)} between $first and $last")
        values |= {"first": wanted.first_partition, "last": wanted.last or wanted.first}
    where = f" where {' and '.join(conditions)}" if conditions else ""
    ((rows,),) = connection.execute(f"select count(*) from {place}{where}", values).fetchall()
    return Selected(
        table=wanted.table,
        comment=comment,
        columns=chosen,
        where=where,
        values=values,
        order=order_by([name.replace('"', '""') for name in columns], date_column, quote='"'),
        rows=rows,
        date_column=date_column,
        dates=_dates(connection, wanted.table, date_column, where, values),
        held=_dates(connection, wanted.table, date_column, "", {}),
        totals=totals,
    )


def _dates(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    date_column: str | None,
    where: str,
    values: Mapping[str, Any],
) -> DateRange | None:
    if date_column is None:
        return None
    date = quoted(date_column)
    ((first, last),) = connection.execute(
        f"select min({date}), max({date}) from {quoted(table)}{where}", values
    ).fetchall()
    return DateRange(first, last_of(table_named(table).unit, last)) if first else None


def _comment_of(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """What the copy says of the table.

    Raises:
        SelectionError: There is no such table.
    """
    found: dict[str, str] = dict(
        connection.execute(
            "select table_name, coalesce(comment, '') from duckdb_tables() "
            "where database_name = current_database() and schema_name = $schema order by table_name",
            {"schema": GOLD_SCHEMA},
        ).fetchall()
    )
    if table in found:
        return found[table]
    if not found:
        raise SelectionError("The published copy holds no tables yet; `jobmatch run` builds them.")
    (close, *_) = difflib.get_close_matches(table, found, 1) or [""]
    meant = f" Is {close} meant?" if close else ""
    elsewhere = ""
    if not close and is_table(table) and table_named(table).layer == "silver":
        elsewhere = f" It is one of silver: `jobmatch show {table} --format csv` prints rows of it."
    raise SelectionError(
        f"The published copy has no table {table}.{meant}{elsewhere} It has: {', '.join(found)}."
    )


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[Column]:
    rows = connection.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where database_name = current_database() and schema_name = $schema and table_name = $table "
        "order by column_index",
        {"schema": GOLD_SCHEMA, "table": table},
    ).fetchall()
    return [Column(*row) for row in rows]


def _has_no_dates(table: str, kinds: Mapping[str, Kind]) -> str:
    dated = next((name for name, kind in kinds.items() if kind == "date"), None)
    instead = f' --where "{dated}>=YYYY-MM-DD" limits one of its columns.' if dated else ""
    return f"{table} has no partition by date, so it has no --from and --to: leave them out.{instead}"
