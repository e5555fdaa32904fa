"""Where tables lie in the DuckDB file: one that is cut off may open, and lacks rows that nobody has read."""

from pathlib import Path

import duckdb

from jobmatch_assets.warehouse.duckdb.file import cut_off
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted

_HEADERS = 3 * 4096


def refuse_missing_blocks(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Compare the blocks of all tables with the size of the file; no row is read.

    Raises:
        WarehouseError: The file ends before one of them.
    """
    ((block_size,),) = connection.execute("select block_size from pragma_database_size()").fetchall()
    blocks = (path.stat().st_size - _HEADERS) // block_size
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary order by all"
    ).fetchall()
    for schema, table in tables:
        place = literal(f"{quoted(schema)}.{quoted(table)}")
        ((last,),) = connection.execute(f"select max(block_id) from pragma_storage_info({place})").fetchall()
        if last is not None and last >= blocks:
            raise cut_off(path, f"rows of {schema}.{table} are missing")
