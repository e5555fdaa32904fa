import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.workbench import Workbench


@pytest.fixture(autouse=True, scope="session")
def _quiet() -> None:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that keeps nothing."""
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture
def workbench(tmp_path: Path, instance: dg.DagsterInstance) -> Callable[..., Workbench]:
    """A platform in a new folder: landing root and settings (as environment variables) may be given."""

    def make(landing: Path | None = None, **environment: str) -> Workbench:
        return Workbench(tmp_path, instance, landing, **environment)

    return make
