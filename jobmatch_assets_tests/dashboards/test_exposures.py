"""Pages and dbt's exposures: each has the other, and they name the same tables."""

from collections.abc import Mapping
from typing import Any

import pytest

from jobmatch_assets.contracts.registry import TABLES
from jobmatch_assets.dashboards.exposures import exposures_of
from jobmatch_assets.dashboards.registry import file_of, registered
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings


@pytest.fixture(scope="module")
def manifest() -> Mapping[str, Any]:
    return DbtProject(Settings.from_environment({})).manifest


def test_every_page_has_its_exposure_and_every_exposure_its_page(manifest: Mapping[str, Any]) -> None:
    pages = {page.name: page.title for page in registered()}
    assert {exposure.name: exposure.label for exposure in exposures_of(manifest).values()} == pages


def test_an_exposure_links_to_the_file_of_its_page_or_to_the_list_of_them(
    manifest: Mapping[str, Any],
) -> None:
    urls = {
        node["name"]: node["url"] for node in manifest["exposures"].values() if node["type"] == "dashboard"
    }
    assert urls == {page.name: file_of(page.under or page.name) for page in registered()}


def test_an_exposure_depends_on_the_tables_that_its_page_reads(manifest: Mapping[str, Any]) -> None:
    named = {
        name: {node.rsplit(".", 1)[-1] for node in exposure.nodes}
        for name, exposure in exposures_of(manifest).items()
    }
    assert named == {page.name: {table.name for table in page.tables} for page in registered()}


def test_a_page_reads_columns_that_its_tables_have(manifest: Mapping[str, Any]) -> None:
    columns = {
        node["name"]: set(node["columns"])
        for node in (*manifest["nodes"].values(), *manifest["sources"].values())
    }
    for page in registered():
        for table in page.tables:
            assert {*table.all_columns, *table.dimensions} <= columns[table.name], (page.name, table.name)


def test_every_table_of_gold_has_an_exposure_and_each_exposure_a_table(manifest: Mapping[str, Any]) -> None:
    tables = {
        node["name"]: [of.rsplit(".", 1)[-1] for of in node["depends_on"]["nodes"]]
        for node in manifest["exposures"].values()
    }
    assert [name for name, read in tables.items() if not read] == []
    exposed = {table for read in tables.values() for table in read}
    assert [table.table for table in TABLES if table.layer == "gold" and table.table not in exposed] == []


def test_every_exposure_says_what_it_is(manifest: Mapping[str, Any]) -> None:
    for node in manifest["exposures"].values():
        said = (node["type"], node["owner"]["email"], node["maturity"], node["description"])
        assert all(said), node["name"]
