"""What a product writes: transactions at random by several at once."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

from jobmatch_assets_tests.bench.logical_log import Row
from jobmatch_assets_tests.bench.postgres import Postgres, Session, StatementError
from jobmatch_assets_tests.postgres.product_database import KEYS, TABLES, literal
from jobmatch_assets_tests.postgres.random_rows import (
    KEYS_PER_TABLE,
    key_of,
    random_columns,
    random_key,
    random_row,
)

_MET = {"40P01", "23505", "23514", "40001"}
"""Deadlocks, keys that are there, rows that break a rule: the product's transactions fail of these, and are undone."""


def insert(table: str, row: Row, conflict: str = "") -> str:
    """The statement that inserts a row."""
    columns = ", ".join(f'"{name}"' for name in row)
    return f'insert into "{table}" ({columns}) values ({", ".join(map(literal, row.values()))}) {conflict}'


def update(table: str, key: str, row: Row, also: str = "") -> str:
    """The statement that sets some columns of a row, and others by expressions."""
    columns = [f'"{name}" = {literal(value)}' for name, value in row.items()]
    return f'update "{table}" set {", ".join([*columns, *filter(None, [also])])} {_where(table, key)}'


def delete(table: str, key: str) -> str:
    """The statement that deletes a row."""
    return f'delete from "{table}" {_where(table, key)}'


def fill(session: Session, random: Random, now: dt.datetime) -> None:
    """Insert half of all keys, in one transaction."""
    session.run("begin")
    for table in TABLES:
        for number in range(0, KEYS_PER_TABLE, 2):
            session.run(insert(table, random_row(random, table, key_of(table, number), now)))
    session.run("commit")


def write_at_once(server: Postgres, writers: int, transactions: int, seed: int, now: dt.datetime) -> None:
    """Let several writers work at the same time, each in a connection of its own."""
    work = [_Writer(server.session(), Random(f"{seed} {number}"), now) for number in range(writers)]
    with ThreadPoolExecutor(writers) as threads:
        for done in [threads.submit(writer.write, transactions) for writer in work]:
            done.result()


class _Writer:
    def __init__(self, session: Session, random: Random, now: dt.datetime) -> None:
        self._session = session
        self._random = random
        self._now = now

    def write(self, transactions: int) -> None:
        for _ in range(transactions):
            self._session.run("begin")
            try:
                for _ in range(self._random.randrange(1, 5)):
                    self._session.run(self._statement())
                    if self._random.random() < 0.1:
                        self._take_back_one()
                self._session.run("rollback" if self._random.random() < 0.15 else "commit")
            except StatementError as error:
                if error.args[0] not in _MET:
                    raise
                self._session.run("rollback")

    def _take_back_one(self) -> None:
        self._session.run("savepoint before")
        self._session.run(self._statement())
        self._session.run("rollback to before" if self._random.random() < 0.5 else "release before")

    def _statement(self) -> str:
        table = self._random.choice(list(TABLES))
        key = random_key(self._random, table)
        choice: Callable[[str, str], str] = self._random.choices(
            [self._insert, self._update, self._touch, delete], [3, 6, 1, 2]
        )[0]
        return choice(table, key)

    def _insert(self, table: str, key: str) -> str:
        conflict = "on conflict do nothing" if self._random.random() < 0.9 else ""
        return insert(table, random_row(self._random, table, key, self._now), conflict)

    def _update(self, table: str, key: str) -> str:
        names = [column.name for column in TABLES[table].columns[1:]]
        row = random_columns(
            self._random, table, self._random.sample(names, self._random.randrange(1, 4)), self._now
        )
        stamps = "updated_at" not in row and self._random.random() < 0.7
        return update(table, key, row, "updated_at = clock_timestamp()" if stamps else "")

    def _touch(self, table: str, key: str) -> str:
        return update(table, key, {}, f'"{KEYS[table]}" = "{KEYS[table]}"')


def _where(table: str, key: str) -> str:
    return f'where "{KEYS[table]}" = {literal(key)}'
