"""Dates built one by one, the last one first, give what one run gives."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, cell_differences, golden_bench, in_the_cloud
from jobmatch_assets_tests.bench.golden import GOLDEN, golden_differences


@pytest.fixture(scope="module")
def built_backwards(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> Iterator[CloudBench]:
    folder = tmp_path_factory.mktemp("backwards")
    with in_the_cloud(folder) as cloud:
        bench = golden_bench(folder, instance, cloud)
        for day in reversed(DateRange(dt.date(2026, 2, 26), dt.date(2026, 3, 4)).days):
            bench.run(DateRange(day, day))
        yield bench.download()


def test_every_table_is_as_the_oracle_says(built_backwards: CloudBench) -> None:
    assert golden_differences(GOLDEN / "expected", built_backwards.warehouse) == ""


def test_every_cell_is_as_on_duckdb(built_backwards: CloudBench, golden_duckdb: Path) -> None:
    assert cell_differences(golden_duckdb, built_backwards.warehouse) == []


def test_nothing_waits(built_backwards: CloudBench) -> None:
    assert built_backwards.waiting("silver", "gold", "experiments") == []
