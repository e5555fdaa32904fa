from collections.abc import Callable, Iterator

import pytest

from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models.entities import cases
from jobmatch_assets_tests.models.entities.planted import BUILT, write_silver


@pytest.fixture(scope="module")
def world(new_platform: Callable[..., Workbench]) -> Workbench:
    """Silver of the small world; gold is not built yet."""
    bench = new_platform()
    bench.keep_open()
    write_silver(bench, list(cases.versions()), list(cases.events()))
    return bench


@pytest.fixture(scope="module")
def dbt(world: Workbench) -> Iterator[Dbt]:
    """dbt on it; everything is built."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {
            **world.environment,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "JOBMATCH_PARTITIONS_START": "2026-01-01",
            "JOBMATCH_PARTITIONS_END": "2026-03-31",
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        dbt = Dbt(world)
        dbt("run", "--select", *BUILT)
        yield dbt


@pytest.fixture
def built(world: Workbench, dbt: Dbt) -> Workbench:
    """The small world with gold."""
    return world
