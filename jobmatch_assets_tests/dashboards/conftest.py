from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.dashboards.build import build_pages
from jobmatch_assets.dashboards.facts import Facts, Registry
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.pipeline.plan import Plan
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


@pytest.fixture(scope="session")
def stages() -> Mapping[str, str]:
    """{table: its stage} of the project."""
    manifest = DbtProject(Settings.from_environment({})).manifest
    return {name: table.stage.name for name, table in Plan.of(manifest).tables.items()}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A published copy without rows."""
    return Copy(tmp_path / "gold.duckdb")


@pytest.fixture
def built(tmp_path: Path, dictionary: Dictionary, stages: Mapping[str, str]) -> Callable[[Copy, str], Path]:
    """Makes all pages of a copy and of the text of an experiment registry; gives their folder."""

    def build(copy: Copy, registry: str = "experiment_id,control_variant,weights") -> Path:
        folder = tmp_path / "dashboards"
        experiments = tmp_path / "experiments.csv"
        experiments.write_text(registry)
        build_pages(copy.path, folder, dictionary, facts=Facts(Registry.of(experiments), stages))
        return folder

    return build
