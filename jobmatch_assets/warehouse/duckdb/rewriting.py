"""Writing the DuckDB file anew, so that nothing is left of what was deleted: no free page, no log."""

import os
from pathlib import Path

from jobmatch_assets.warehouse.duckdb.file import STORAGE_VERSION, open_file
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import WarehouseError

_BESIDE = ".rewriting"


def rewrite_file(path: Path, lock_timeout: float, memory_limit: int, run_id: str = "") -> tuple[int, int]:
    """Copy all tables into a new file, and put it in the place of the old one.

    Who is stopped meanwhile has the old file, and perhaps an unfinished one beside it, which the next call
    replaces.

    Args:
        path: The file.
        lock_timeout: Seconds to wait for a program of somebody else that has it open.
        memory_limit: Bytes of memory that DuckDB may take.
        run_id: Who is at work.

    Returns:
        (its size before, its size now), in bytes.

    Raises:
        WarehouseError: The file cannot be opened, or the new one cannot be written.
    """
    path = path.resolve()
    new = path.with_name(path.name + _BESIDE)
    with turn(path, True, run_id):
        for left in (new, _log_of(new)):
            left.unlink(missing_ok=True)
        before = path.stat().st_size
        with open_file(path, lock_timeout, memory_limit) as connection:
            ((name,),) = connection.execute("select current_database()").fetchall()
            connection.execute(
                f"attach {literal(str(new))} as rewritten (storage_version {literal(STORAGE_VERSION)})"
            )
            try:
                connection.execute(f"copy from database {quoted(name)} to rewritten")
                connection.execute("checkpoint rewritten")
            finally:
                connection.execute("detach rewritten")
        if _log_of(path).exists():
            raise WarehouseError(
                f"{_log_of(path)} is still there: a program has {path} open. Close it, and run again."
            )
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(path)
        return before, path.stat().st_size


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
