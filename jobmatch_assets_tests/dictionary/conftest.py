from collections.abc import Iterator

import duckdb
import pytest

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.published.copy import opened
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.dictionary.asking import Asking, Manifest


@pytest.fixture(scope="module")
def manifest(golden: Workbench) -> Manifest:
    return golden.platform.dbt.manifest


@pytest.fixture(scope="module")
def dictionary(manifest: Manifest) -> Dictionary:
    return Dictionary.of(manifest)


@pytest.fixture(scope="module")
def tables(manifest: Manifest) -> dict[str, SemanticTable]:
    return SemanticTable.all_of(manifest)


@pytest.fixture(scope="module")
def asking(golden: Workbench) -> Asking:
    """Questions to the published copy of the golden set."""
    return Asking(golden.platform.dbt.manifest, golden.settings.published_path)


@pytest.fixture(scope="module")
def gold(golden: Workbench) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published copy of the golden set, opened to read it."""
    with opened(golden.settings.published_path) as connection:
        yield connection
