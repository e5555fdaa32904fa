from collections.abc import Iterator

import dagster as dg
import pytest

from jobmatch_assets_tests.checks.copied_warehouse import CopiedWarehouse
from jobmatch_assets_tests.workbench import GOLDEN, Workbench


@pytest.fixture(scope="session")
def golden_built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The golden set, built once; its instance has seen nothing else."""
    with dg.DagsterInstance.ephemeral() as instance:
        bench = Workbench(tmp_path_factory.mktemp("golden"), instance, GOLDEN / "landing")
        bench.run()
        yield bench


@pytest.fixture(scope="module")
def warehouse(golden_built: Workbench, tmp_path_factory: pytest.TempPathFactory) -> CopiedWarehouse:
    """A copy of its warehouse that a module may plant things in, if it undoes them."""
    return CopiedWarehouse(golden_built.warehouse, tmp_path_factory.mktemp("copy"))
