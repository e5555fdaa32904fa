from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.checks.copied_warehouse import CopiedWarehouse
from jobmatch_assets_tests.workbench import GOLDEN, Workbench


@pytest.fixture(scope="session")
def golden_file(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Path:
    """The warehouse of the golden set."""
    bench = Workbench(tmp_path_factory.mktemp("golden"), instance, GOLDEN / "landing")
    bench.run()
    return bench.warehouse


@pytest.fixture(scope="module")
def warehouse(golden_file: Path, tmp_path_factory: pytest.TempPathFactory) -> CopiedWarehouse:
    """A copy of it that a module may plant things in, if it undoes them."""
    return CopiedWarehouse(golden_file, tmp_path_factory.mktemp("copy"))
