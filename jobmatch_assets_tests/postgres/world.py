"""A database that was written to by several at once, what its log tells, and the files that a connector made of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from random import Random

from jobmatch_assets_tests.bench.debezium import TOMBSTONE, Connector, Message
from jobmatch_assets_tests.bench.logical_log import PLUGIN, Row, Transaction, lsn_of, read_log
from jobmatch_assets_tests.bench.postgres import Postgres, Session
from jobmatch_assets_tests.postgres.planted import plant
from jobmatch_assets_tests.postgres.product_database import KEYS, TABLES, TYPES, create_tables, rows_of
from jobmatch_assets_tests.postgres.replay import Reads
from jobmatch_assets_tests.postgres.writers import fill, write_at_once

SEED = 20260301
SLOT = "feed"
WRITERS = 4
TRANSACTIONS = 120

STEPS = ((0.2, 0.0), (0.35, -3600.0), (0.5, 0.0), (0.6, -0.2), (0.75, 0.0), (0.85, -0.05))
"""From which share of the log on the database's clock goes wrong, and by how many seconds."""

_PARTS = 4


@dataclass(frozen=True)
class World:
    """What was there, and what was told of it.

    Attributes:
        rows: The rows of each table at the end.
        reads: The first snapshot.
        log: All that was committed after it, with the times that the database's clock showed.
        true_log: The same with the times that it was.
        messages: What a connector made of both.
    """

    rows: Mapping[str, Sequence[Row]]
    reads: Reads
    log: Sequence[Transaction]
    true_log: Sequence[Transaction]
    messages: Sequence[Message]


def write_world(server: Postgres) -> World:
    """Fill a database, begin to listen, write at once, and take down what is there at the end."""
    session = server.session()
    create_tables(session)
    now = _now(session)
    fill(session, Random(SEED), now)
    slot, snapshot, lsn = begin_to_listen(server)
    session.run("checkpoint")
    # Tables are read later than the snapshot was taken, and the first of them when its rows have changed.
    write_at_once(server, WRITERS, 5, SEED, now)
    reads = read_snapshot(server, snapshot)
    write_at_once(server, WRITERS, TRANSACTIONS, SEED + 1, now)
    plant(server, now)
    write_at_once(server, WRITERS, TRANSACTIONS, SEED + 2, now)
    slot.close()
    log = read_log(session, SLOT)
    rows = {table: rows_of(session, table) for table in TABLES}
    stepped = with_steps(log)
    connector = Connector(TYPES, KEYS)
    messages = [*connector.reads(reads.rows, reads.at, lsn), *connector.changes(stepped)]
    return World(rows, reads, stepped, log, messages)


def begin_to_listen(server: Postgres) -> tuple[Session, str, int]:
    """A slot: the session that keeps its snapshot, the snapshot's name, and where the log begins."""
    session = server.session("replication=database")
    (line,) = session.run(f"CREATE_REPLICATION_SLOT {SLOT} LOGICAL {PLUGIN}")
    _, lsn, snapshot, _ = line.strip().split("|")
    return session, snapshot, lsn_of(lsn)


def read_snapshot(server: Postgres, snapshot: str) -> Reads:
    """Read all tables as they were when the slot was made."""
    session = server.session()
    session.run("begin isolation level repeatable read")
    session.run(f"set transaction snapshot '{snapshot}'")
    rows, at = {}, {}
    for table in TABLES:
        rows[table] = rows_of(session, table)
        at[table] = _now(session)
    session.run("commit")
    return Reads(rows, at)


def with_steps(log: Sequence[Transaction]) -> list[Transaction]:
    """The log of a database whose clock is set to and fro; the order of the log is what it was."""
    stepped = []
    for number, transaction in enumerate(log):
        wrong = [seconds for share, seconds in STEPS if share * len(log) <= number]
        shown = transaction.committed_at + dt.timedelta(seconds=wrong[-1] if wrong else 0)
        stepped.append(replace(transaction, committed_at=shown))
    return stepped


def write_files(messages: Sequence[Message], folder: Path) -> list[Path]:
    """Files of all messages below a folder: shuffled, some sent twice, a tombstone after each delete."""
    random = Random(SEED)
    sent = []
    for message in messages:
        lines = [message.line(), *([TOMBSTONE] if message.envelope["op"] == "d" else [])]
        # What is sent again is sent later.
        lines += [message.line(delay=60_000)] if random.random() < 0.2 else []
        sent += [(message.table, message.at.date(), line) for line in lines]
    random.shuffle(sent)
    paths = []
    for (table, date), group in groupby(sorted(sent, key=lambda one: one[:2]), lambda one: one[:2]):
        lines = [line for _, _, line in group]
        for part in range(_PARTS):
            path = folder / table / f"dt={date}" / f"part-{part}.ndjson"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(line + "\n" for line in lines[part::_PARTS]), encoding="utf-8")
            paths.append(path)
    random.shuffle(paths)
    return paths


def _now(session: Session) -> dt.datetime:
    ((row),) = session.rows("select clock_timestamp() as now")
    return dt.datetime.fromisoformat(row["now"])
