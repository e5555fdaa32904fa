"""Gaps: where rows were deleted, their place stays taken until DuckDB merges what is left around it.

It would do so a little with each commit, which takes longer than what most increments write. A run leaves
gaps, and has them closed when it ends, where there are so many that reading around them begins to count.
"""

from contextlib import suppress

import duckdb

from jobmatch_assets.warehouse.duckdb.quoting import quoted

_SMALL_TABLE = 122_880
"""Rows of a row group, which is what DuckDB merges."""

_MOST_GAPS = 0.25
"""Deleted rows for each that is there."""

_SETTING = "max_vacuum_tasks"


def leave_gaps(connection: duckdb.DuckDBPyConnection) -> None:
    """Let commits, of all connections to the file in this process, leave gaps as they are."""
    connection.execute(f"set global {_SETTING} = 0")


def close_gaps(connection: duckdb.DuckDBPyConnection) -> None:
    """Have gaps closed by the checkpoint that follows what was written last, where there are many.

    While another connection of the process is at work there is no checkpoint: the next run closes them.
    """
    if share_of_gaps(connection) > _MOST_GAPS:
        connection.execute(f"reset global {_SETTING}")
        with suppress(duckdb.TransactionException):
            connection.execute("checkpoint")


def share_of_gaps(connection: duckdb.DuckDBPyConnection) -> float:
    """How many deleted rows the larger tables have for each that is there."""
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary and estimated_size >= $small",
        {"small": _SMALL_TABLE},
    ).fetchall()
    if not tables:
        return 0.0
    counted = " union all ".join(
        counted_places(f"{quoted(schema)}.{quoted(table)}") for schema, table in tables
    )
    ((places, taken),) = connection.execute(f"select sum(places), sum(taken) from ({counted})").fetchall()
    return (places or 0) / (taken or 1) - 1


def counted_places(table: str) -> str:
    """A query for the places that a table keeps, gaps among them, and how many of these are taken."""
    return f"select max(rowid) + 1 as places, count(*) as taken from {table}"
