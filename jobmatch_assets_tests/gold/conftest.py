from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.gold.platform import GOLDEN, Built


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that keeps nothing and logs nothing."""
    quiet = {"python_logs": {"python_log_level": "CRITICAL"}}
    with dg.DagsterInstance.ephemeral(settings=quiet) as ephemeral:
        yield ephemeral


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Built:
    """The golden set, built once; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("golden")
    built = Built(folder, instance, GOLDEN / "landing", GOLDEN / "experiments.csv")
    built.run()
    return built


@pytest.fixture
def platform(tmp_path: Path, instance: dg.DagsterInstance) -> Built:
    """A platform without files, with an empty registry."""
    built = Built(tmp_path, instance)
    built.register()
    return built


@pytest.fixture(scope="module")
def new_platform(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> Callable[..., Built]:
    """Makes platforms that a whole module may share."""

    def make(landing: Path | None = None, registry: Path | None = None) -> Built:
        built = Built(tmp_path_factory.mktemp("platform"), instance, landing, registry)
        if registry is None:
            built.register()
        return built

    return make
