"""A database that was written to by several at once, what its log tells, and what a connector sends of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from jobmatch_assets_tests.bench.debezium import Connector, Message
from jobmatch_assets_tests.bench.logical_log import Row, Transaction, read_log
from jobmatch_assets_tests.bench.postgres import Postgres
from jobmatch_assets_tests.postgres.planted import plant
from jobmatch_assets_tests.postgres.product_database import (
    KEYS,
    TABLES,
    TYPES,
    create_tables,
    now_of,
    rows_of,
)
from jobmatch_assets_tests.postgres.replay import Reads
from jobmatch_assets_tests.postgres.slot import Slot
from jobmatch_assets_tests.postgres.writers import fill, write_at_once

SEED = 20260301
WRITERS = 4
TRANSACTIONS = 120

STEPS = ((0.35, -3600.0), (0.5, 0.0), (0.6, -0.2), (0.75, 0.0), (0.9, -60.0))
"""From which share of the log on the database's clock goes wrong, and by how many seconds."""


@dataclass(frozen=True)
class World:
    """What was there, and what was told of it.

    Attributes:
        rows: The rows of each table at the end.
        reads: The first snapshot.
        log: All that was committed after it, with the times that the database's clock showed.
        messages: What a connector made of both.
    """

    rows: Mapping[str, Sequence[Row]]
    reads: Reads
    log: Sequence[Transaction]
    messages: Sequence[Message]


def write_world(server: Postgres) -> World:
    """Fill a database, begin to listen, write at once, and take down what is there at the end."""
    session = server.session()
    create_tables(session)
    now = now_of(session)
    fill(session, Random(SEED), now)
    slot = Slot(server)
    slot.wait()
    session.run("checkpoint")
    # The snapshot is read when rows have changed already, and says that it is of the time when it is read.
    write_at_once(server, WRITERS, 5, SEED, now)
    reads = slot.read_snapshot()
    write_at_once(server, WRITERS, TRANSACTIONS, SEED + 1, now)
    plant(server, now)
    write_at_once(server, WRITERS, TRANSACTIONS, SEED + 2, now)
    log = read_log(session, slot.name)
    rows = {table: rows_of(session, table) for table in TABLES}
    stepped = with_steps(log)
    connector = Connector(TYPES, KEYS)
    messages = [*connector.reads(reads.rows, reads.at, reads.lsn), *connector.changes(stepped)]
    return World(rows, reads, stepped, messages)


def with_steps(log: Sequence[Transaction]) -> list[Transaction]:
    """The log of a database whose clock is set to and fro; the order of the log is what it was."""
    stepped = []
    for number, transaction in enumerate(log):
        wrong = [seconds for share, seconds in STEPS if share * len(log) <= number]
        shown = transaction.committed_at + dt.timedelta(seconds=wrong[-1] if wrong else 0)
        stepped.append(replace(transaction, committed_at=shown))
    return stepped
