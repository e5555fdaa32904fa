"""The golden set of subjects in two batches, whose files are mixed: its tables are as expected on BigQuery, too."""

import random
from collections.abc import Iterator

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.cloud_bench import CloudBench, cell_differences, in_the_cloud
from jobmatch_assets_tests.bench.golden_subjects import EXPECTED, LANDING, TABLES, subject_differences
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Iterator[CloudBench]:
    folder = tmp_path_factory.mktemp("subjects")
    files = sorted(path for path in LANDING.rglob("*") if path.is_file())
    random.Random(7).shuffle(files)
    with in_the_cloud(folder) as cloud:
        bench = CloudBench(folder, instance, cloud)
        for part in range(2):
            for file in files[part::2]:
                cloud.put(file.relative_to(LANDING).as_posix(), file.read_bytes())
            bench.try_run()
        yield bench.download()


def test_every_table_is_as_expected(built: CloudBench) -> None:
    assert len(TABLES) == 24
    assert subject_differences(built.warehouse, EXPECTED) == {}


def test_every_cell_is_as_on_duckdb(built: CloudBench, golden_subjects: Workbench) -> None:
    assert cell_differences(golden_subjects.warehouse, built.warehouse) == []
