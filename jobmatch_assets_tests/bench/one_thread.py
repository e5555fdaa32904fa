"""DuckDB with one thread, for a process of pytest: its tables are small, and another process has the other core.

Programs that tests start have DuckDB as it is.
"""

from functools import wraps
from pathlib import Path
from typing import Any

import duckdb

_connect = duckdb.connect


@wraps(_connect)
def _with_one_thread(
    database: str | Path = ":memory:", read_only: bool = False, config: dict[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    return _connect(database, read_only, {"threads": 1} | (config or {}))


def use_one_thread() -> None:
    """Have all connections that are opened from here on use one thread, those of dbt and Ibis too."""
    duckdb.connect = _with_one_thread
