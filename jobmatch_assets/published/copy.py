"""Opening the published copy: a small DuckDB file, replaced whole, never written to by a reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.errors import PlatformError


class CopyError(PlatformError):
    """There is no published copy, or it cannot be read; the message says what to do."""


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the copy to read it: one state of all tables, whatever is published meanwhile.

    Args:
        path: The file.

    Yields:
        A connection in UTC, in which tables of gold need no schema.

    Raises:
        CopyError: There is no such file, or it is none that was published.
    """
    if not path.exists():
        raise CopyError(
            f"There is no published copy of gold at {path} (JOBMATCH_PUBLISHED_PATH). "
            "`jobmatch run` makes it."
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise CopyError(
            f"The published copy of gold, {path} (JOBMATCH_PUBLISHED_PATH), cannot be read: "
            f"{str(error).splitlines()[0]}. Move it away; the next `jobmatch run` makes it again."
        ) from None
    try:
        connection.execute("set timezone = 'UTC'")
        try:
            connection.execute(f"use {GOLD_SCHEMA}")
        except duckdb.CatalogException:
            raise CopyError(
                f"{path} (JOBMATCH_PUBLISHED_PATH) is no published copy of gold: it has no schema "
                f"{GOLD_SCHEMA}. Name another file; `jobmatch run` makes it."
            ) from None
        yield connection
    finally:
        connection.close()
