"""DuckDB files beside one another on a connection, under names that no warehouse can have."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.warehouse.duckdb.quoting import literal, quoted

Item = TypeVar("Item")


@contextmanager
def connected() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in UTC to no file; gold is small, and threads would take longer to start than to work."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@contextmanager
def attached(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, options: str = ""
) -> Iterator[None]:
    """A file under a name, which is written to its end when the block ends."""
    connection.execute(f"attach {literal(str(path))} as {quoted(name)} {options}")
    try:
        yield
    finally:
        connection.execute(f"detach {quoted(name)}")


@contextmanager
def attached_copy(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[None]:
    """A published copy, or what stands in its place, to read it."""
    with ExitStack() as stack:
        try:
            stack.enter_context(attached(connection, path, name, "(read_only)"))
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise
            # A reader has opened it for writing, too, which keeps nobody from copying it.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jobmatch-copy-"))
            copied = Path(shutil.copy(path, folder))
            stack.enter_context(attached(connection, copied, name, "(read_only)"))
        yield


def tables_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The tables of gold in an attached file."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where database_name = $name and schema_name = $gold "
        "order by table_name",
        {"name": name, "gold": GOLD_SCHEMA},
    ).fetchall()
    return [table for (table,) in rows]


def place_of(name: str, table: str) -> str:
    """A table of gold in an attached file, as SQL has it."""
    return f"{quoted(name)}.{GOLD_SCHEMA}.{quoted(table)}"


def two_at_a_time(
    connection: duckdb.DuckDBPyConnection,
    do: Callable[[duckdb.DuckDBPyConnection, Item], None],
    items: Iterable[Item],
) -> None:
    """Do something with each item, on a cursor in UTC: most are small, and one leaves a core idle."""

    def on_cursor(item: Item) -> None:
        with connection.cursor() as own:
            # A cursor does not inherit it.
            own.execute("set TimeZone = 'UTC'")
            do(own, item)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(on_cursor, items))


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All statements of the block or none; without it a file could not be detached after an error."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
