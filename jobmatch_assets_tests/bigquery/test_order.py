"""Dates built one by one, the last one first, give what one run gives."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.partitions import DateRange
from jobmatch_assets_tests.bigquery.bench import CloudBench, cell_differences, golden_bench, in_the_cloud
from jobmatch_assets_tests.pipeline.generations import golden_differences
from jobmatch_assets_tests.pipeline.test_partitions_end import line
from jobmatch_assets_tests.workbench import GOLDEN, Workbench


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


def test_experiments_with_gaps_that_come_file_by_file_are_as_on_duckdb(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """Days without events of the experiment, an end that moves, an old event, a setting that moves lines."""
    moved = line("a5", "2026-03-03", "b").replace("}", ',"ingested_at":"2026-03-20T00:00:00Z"}')
    files = [
        (f"dt=2026-03-0{day}/a.ndjson", [line(f"a{day}", f"2026-03-0{day}", "b" if day in (1, 5) else "")])
        for day in (1, 2, 3, 4, 5)
    ]
    files += [
        ("dt=2026-03-06/moved.ndjson", [moved]),
        ("dt=2026-03-06/old.ndjson", [line("old", "2019-02-01"), line("older", "2018-12-31", "control")]),
        ("dt=2026-03-07/c.ndjson", [line("c", "2026-03-01", "control")]),
    ]
    duckdb_bench = Workbench(tmp_path / "duckdb", instance, JOBMATCH_PARTITIONS_START="2018-12-01")
    with in_the_cloud(tmp_path) as cloud:
        for name, lines in files:
            bench = CloudBench(tmp_path, instance, cloud)
            bench.put(name, lines)
            bench.run()
            duckdb_bench.land(name, lines)
        earlier = CloudBench(tmp_path, instance, cloud, JOBMATCH_PARTITIONS_START="2018-12-01")
        earlier.run(DateRange(dt.date(2026, 3, 6), dt.date(2026, 3, 6)))
        earlier.download()
    (tmp_path / "duckdb").mkdir(exist_ok=True)
    duckdb_bench.run()
    assert cell_differences(duckdb_bench.warehouse, earlier.warehouse) == []
    assert earlier.waiting("silver", "gold", "experiments") == []
