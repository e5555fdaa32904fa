"""Parquet: types as gold has them, and what the copy says of table and columns in the file's metadata."""

import json
from pathlib import Path

import duckdb

from jobmatch_assets.exports.selected import Selected


def write_parquet(connection: duckdb.DuckDBPyConnection, chosen: Selected, path: Path) -> None:
    """Write the rows, compressed with Zstandard.

    The file's metadata has `table`, `description` (what a row is) and `columns`: JSON, {name: meaning}.

    Args:
        connection: The published copy.
        chosen: What is written.
        path: A new file.
    """
    query = chosen.query([column.quoted for column in chosen.columns])
    meanings = {column.name: column.comment for column in chosen.columns if column.comment}
    connection.execute(
        f"copy ({query}) to $path (format parquet, compression zstd, use_tmp_file false, "
        "kv_metadata {'table': $table, 'description': $description, 'columns': $columns})",
        {
            **chosen.values,
            "path": str(path),
            "table": chosen.table,
            "description": chosen.comment,
            "columns": json.dumps(meanings, ensure_ascii=False),
        },
    )
