"""Connections to Dagster's event log in SQLite, kept for as long as a run's process writes to it.

Dagster makes an engine for every event: it opens the file, puts together the same statements
again, and waits until the disk has them. For every check it makes one more, to see whether there
is a table of checks.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool


@contextmanager
def keeping_connections() -> Iterator[None]:
    """Let all event logs in SQLite that this process opens within the block keep connections to its end."""
    kept: dict[tuple[SqliteEventLogStorage, str], Engine] = {}
    tables: set[tuple[SqliteEventLogStorage, str]] = set()
    connect_once, look_for_table = SqliteEventLogStorage._connect, SqliteEventLogStorage.has_table

    @contextmanager
    def connect(storage: SqliteEventLogStorage, shard: str) -> Iterator[Connection]:
        if shard not in storage._initialized_dbs:
            # Dagster makes the tables of a new file with a connection of its own.
            with connect_once(storage, shard) as connection:
                yield connection
            return
        with storage._db_lock:
            if (storage, shard) not in kept:
                kept[storage, shard] = _engine(storage, shard)
            with kept[storage, shard].connect() as connection, connection.begin():
                yield connection

    def has_table(storage: SqliteEventLogStorage, table: str) -> bool:
        if (storage, table) not in tables and look_for_table(storage, table):
            tables.add((storage, table))
        return (storage, table) in tables

    SqliteEventLogStorage._connect = connect  # type: ignore[assignment, method-assign]
    SqliteEventLogStorage.has_table = has_table  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        SqliteEventLogStorage._connect = connect_once  # type: ignore[method-assign]
        SqliteEventLogStorage.has_table = look_for_table  # type: ignore[method-assign]
        # The last one to close a file brings what stands in its log of writes into it.
        for engine in kept.values():
            engine.dispose()


def _engine(storage: SqliteEventLogStorage, shard: str) -> Engine:
    """One connection; the storage's lock lets one thread use it at a time."""
    engine = create_engine(
        storage.conn_string_for_shard(shard),
        poolclass=StaticPool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _do_not_wait_for_the_disk)
    return engine


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """A machine that loses its power may lose the last events, and no table depends on them."""
    connection.execute("pragma synchronous = normal")
