"""Which macros dbt is given for a node: all that it may call, whoever calls them, and few others."""

import pytest
from dbt.contracts.graph.manifest import Manifest

from jobmatch_assets.pipeline.steps.part_of_project import part_of
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture(scope="module")
def project(golden: Workbench) -> Manifest:
    return golden.prepared().dbt._parsed


def _names(project: Manifest, model: str) -> set[str]:
    return {macro.name for macro in part_of(project, [model]).macros.values()}


def test_macros_are_there_that_a_model_calls_and_what_those_call(project: Manifest) -> None:
    sql = next(node.raw_code for node in project.nodes.values() if node.name == "stg_events")
    names = _names(project, "stg_events")

    assert "is_to_be_staged(" in sql
    assert {"is_to_be_staged", "duckdb__is_to_be_staged"} <= names


def test_macros_are_there_that_dbt_calls_by_name(project: Manifest) -> None:
    by_materialization = {"materialization_incremental_duckdb", "replace_rows", "is_replaced_in_window"}
    by_python = {"list_relations_without_caching", "create_schema", "duckdb__get_columns_in_relation"}
    by_settings = {"job_labels"}

    assert by_materialization | by_python | by_settings <= _names(project, "stg_events")
    assert {"materialization_table_duckdb", "build_whole"} <= _names(project, "dim_date")


def test_macros_of_a_test_are_there(project: Manifest) -> None:
    relationships = next(node.name for node in project.nodes.values() if getattr(node, "test_metadata", None))
    names = _names(project, relationships)

    assert {"materialization_test_default", "default__get_test_sql"} <= names


def test_most_others_are_left_out(project: Manifest) -> None:
    names = _names(project, "dim_date")

    assert "is_to_be_staged" not in names
    assert len(names) < len(project.macros) / 2
