"""The new-files sensor over a platform of its own."""

from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.orchestration.daemon import Daemon


@pytest.fixture
def daemon(workbench: Callable[..., Workbench]) -> Iterator[Daemon]:
    with dg.DagsterInstance.ephemeral() as instance:
        bench = workbench()
        bench.instance = instance
        yield Daemon(bench, instance)
