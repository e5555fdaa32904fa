from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture
def platform(workbench: Callable[..., Workbench], tmp_path: Path) -> Workbench:
    """A platform without files, with an empty registry."""
    bench = workbench(JOBMATCH_EXPERIMENTS=str(tmp_path / "experiments.csv"))
    bench.register()
    return bench


@pytest.fixture(scope="module")
def new_platform(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> Callable[..., Workbench]:
    """Makes platforms that a whole module may share."""

    def make(landing: Path | None = None, registry: Path | None = None) -> Workbench:
        folder = tmp_path_factory.mktemp("platform")
        own = registry or folder / "experiments.csv"
        bench = Workbench(folder, instance, landing, JOBMATCH_EXPERIMENTS=str(own))
        if registry is None:
            bench.register()
        return bench

    return make
