"""Deleted rows keep their places during a run, and give them back at its end where there are many."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.warehouse.duckdb.gaps import share_of_gaps
from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse

ROWS = 500_000


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    made = DuckDBWarehouse(tmp_path / "warehouse.duckdb", 0, 1 << 30)
    with made.connection() as connection:
        connection.execute(f"create table numbers as select range as number from range({ROWS})")
    return made


def _replace(connection: duckdb.DuckDBPyConnection, remainder: int) -> None:
    """Replace a fifth of the rows, all over the table."""
    connection.execute(f"create or replace temp table kept as from numbers where number % 5 = {remainder}")
    connection.execute(f"delete from numbers where number % 5 = {remainder}")
    connection.execute("insert into numbers from kept")
    connection.execute("checkpoint")


def _share(warehouse: DuckDBWarehouse) -> float:
    with warehouse.connection() as connection:
        assert connection.execute("select count(*), sum(number) from numbers").fetchall() == [
            (ROWS, ROWS * (ROWS - 1) // 2)
        ]
        return share_of_gaps(connection)


def _runs(warehouse: DuckDBWarehouse) -> Iterator[float]:
    """The share of gaps after each of some runs that replace a fifth of the rows."""
    for remainder in range(5):
        with warehouse.exclusive(), warehouse.connection() as connection:
            _replace(connection, remainder)
            during = share_of_gaps(connection)
            # What a run writes last is not in the file yet.
            connection.execute("create or replace table queue as select 1 as entry")
        yield during
        yield _share(warehouse)


def test_a_run_leaves_few_gaps_and_closes_many(warehouse: DuckDBWarehouse) -> None:
    first, after_first, second, after_second, *_ = _runs(warehouse)
    assert first == after_first == pytest.approx(0.2, abs=0.01)
    assert second == pytest.approx(0.4, abs=0.01)
    assert after_second < 0.2


def test_an_empty_file_has_none(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as connection:
        assert share_of_gaps(connection) == 0
