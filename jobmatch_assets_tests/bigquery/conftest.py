from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.cloud_bench import CloudBench, golden_bench, in_the_cloud
from jobmatch_assets_tests.bench.workbench import Workbench


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the emulators."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.bigquery)


@pytest.fixture(scope="module")
def golden_cloud(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> Iterator[CloudBench]:
    """The golden set, loaded from the bucket and built in one run."""
    folder = tmp_path_factory.mktemp("cloud")
    with in_the_cloud(folder) as cloud:
        bench = golden_bench(folder, instance, cloud)
        bench.run()
        yield bench.download()


@pytest.fixture(scope="session")
def golden_duckdb(golden: Workbench) -> Path:
    """The golden set, built on DuckDB."""
    return golden.warehouse
