from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.dashboards.build import build_pages
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.browser import chromium
from jobmatch_assets_tests.bench.published import Copy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def dictionary() -> Dictionary:
    """The metrics of the project."""
    return Dictionary.of(DbtProject(Settings.from_environment({})).manifest)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A published copy without rows."""
    return Copy(tmp_path / "gold.duckdb")


@pytest.fixture
def built(tmp_path: Path, dictionary: Dictionary) -> Callable[[Copy], Path]:
    """Makes all pages of a copy; gives their folder."""

    def build(copy: Copy) -> Path:
        folder = tmp_path / "dashboards"
        build_pages(copy.path, folder, dictionary)
        return folder

    return build
