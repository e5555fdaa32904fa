import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.workbench import GOLDEN, Workbench


@pytest.fixture(scope="session")
def golden_built(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Workbench:
    """The golden set, built in one run; tests read it and leave it as it is."""
    bench = Workbench(tmp_path_factory.mktemp("golden"), instance, GOLDEN / "landing")
    bench.run()
    return bench


@pytest.fixture(scope="session")
def golden_contents(golden_built: Workbench) -> dict[str, str]:
    """A hash of each table of it."""
    return golden_built.contents()


@pytest.fixture
def golden_copy(golden_built: Workbench, workbench: Callable[..., Workbench], tmp_path: Path) -> Workbench:
    """The built golden set for a test of its own: landing folder and warehouse are copies."""
    shutil.copytree(golden_built.landing, tmp_path / "landing")
    shutil.copyfile(golden_built.warehouse, tmp_path / "warehouse.duckdb")
    bench = workbench()
    bench.run()  # copies have other times: the ledger notes them, nothing is loaded
    return bench
