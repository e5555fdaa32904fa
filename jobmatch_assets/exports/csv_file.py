"""CSV: every value exact, so that it reads back as gold has it."""

from pathlib import Path

import duckdb

from jobmatch_assets.exports.selected import Column, Selected


def write_csv(connection: duckdb.DuckDBPyConnection, chosen: Selected, path: Path) -> None:
    """Write RFC 4180 in UTF-8 with a head line: NULL is empty, an empty text is quoted.

    Times are ISO 8601 in UTC, arrays and records are JSON. Text stays as it is, whatever it begins with.

    Args:
        connection: The published copy.
        chosen: What is written.
        path: A new file.
    """
    query = chosen.query([_exact(column) for column in chosen.columns])
    connection.execute(
        f"copy ({query}) to $path (format csv, header true, delimiter ',', quote '\"', escape '\"', "
        "nullstr '', new_line '\\r\\n', compression none, use_tmp_file false)",
        {**chosen.values, "path": str(path)},
    )


def _exact(column: Column) -> str:
    """A column as CSV has its values."""
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return f"replace(({column.quoted} at time zone 'UTC')::varchar, ' ', 'T') || 'Z'"
    if column.type == "TIMESTAMP":
        return f"replace({column.quoted}::varchar, ' ', 'T')"
    if column.is_nested:
        return f"to_json({column.quoted})::varchar"
    return column.quoted
