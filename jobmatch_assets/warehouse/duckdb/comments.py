"""Descriptions as comments of DuckDB. A comment is written where it is another than the one that is there."""

from collections.abc import Mapping, Sequence

import duckdb

from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted

_Place = tuple[str, str, str]
"""Schema, table and column; of the table itself no column."""


def write_comments(connection: duckdb.DuckDBPyConnection, descriptions: Sequence[TableDescription]) -> int:
    """Make descriptions the comments of those tables and columns that there are.

    Returns:
        How many were not so.
    """
    wanted: dict[_Place, str] = {}
    for described in descriptions:
        wanted[described.schema, described.table, ""] = described.text
        wanted |= {
            (described.schema, described.table, name): text for name, text in described.columns.items()
        }
    there = comments(connection, _database(connection))
    changed = {place: text for place, text in wanted.items() if place in there and there[place] != text}
    _write(connection, _database(connection), changed)
    return len(changed)


def comments(connection: duckdb.DuckDBPyConnection, database: str) -> dict[_Place, str]:
    """The comment of every table and column; empty where there is none."""
    rows = connection.execute(
        "select schema_name, table_name, '', comment from duckdb_tables() where database_name = $database "
        "union all select schema_name, view_name, '', comment from duckdb_views() "
        "where database_name = $database and not internal "
        "union all select schema_name, table_name, column_name, comment from duckdb_columns() "
        "where database_name = $database and not internal",
        {"database": database},
    ).fetchall()
    return {(schema, table, column): text or "" for schema, table, column, text in rows}


def _write(connection: duckdb.DuckDBPyConnection, database: str, texts: Mapping[_Place, str]) -> None:
    views = connection.execute(
        "select schema_name, view_name from duckdb_views() where database_name = $database",
        {"database": database},
    ).fetchall()
    for (schema, table, column), text in texts.items():
        what = "column" if column else "view" if (schema, table) in views else "table"
        place = ".".join(quoted(name) for name in (database, schema, table, column) if name)
        # The statement takes no parameters.
        connection.execute(f"comment on {what} {place} is {literal(text) if text else 'null'}")


def _database(connection: duckdb.DuckDBPyConnection) -> str:
    ((name,),) = connection.execute("select current_database()").fetchall()
    return str(name)
