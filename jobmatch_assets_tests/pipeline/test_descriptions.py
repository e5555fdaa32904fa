"""Descriptions in the warehouse and in the published copy: of every table and column, and as dbt's files have them."""

import copy
from typing import Any

import duckdb
import pytest

from jobmatch_assets.contracts.published_tables import PUBLISHED_TABLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets.pipeline.descriptions import describe_tables, descriptions
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets.warehouse.duckdb.comments import comments, write_comments
from jobmatch_assets_tests.bench.workbench import Workbench

LONGEST_OF_BIGQUERY = 1024
Place = tuple[str, str, str]


def described(bench: Workbench) -> dict[Place, str]:
    """{schema, table, column: its description}; of the table itself no column."""
    found: dict[Place, str] = {}
    for table in descriptions(bench.platform.plan, bench.platform.dbt.manifest):
        found[table.schema, table.table, ""] = table.text
        found |= {(table.schema, table.table, name): text for name, text in table.columns.items()}
    return found


def there(bench: Workbench) -> dict[Place, str]:
    with duckdb.connect(str(bench.warehouse)) as connection:
        return comments(connection, bench.warehouse.stem)


def test_every_table_and_column_of_the_warehouse_is_described(golden_entities: Workbench) -> None:
    golden = golden_entities
    wanted, found = described(golden), there(golden)
    models = golden.platform.dbt.manifest["nodes"].values()
    of_models = {
        (node["schema"], node["name"], name): column["description"]
        for node in models
        if node["resource_type"] == "model" and node["name"] in golden.platform.plan.tables
        for name, column in node["columns"].items()
    }
    assert of_models.items() <= wanted.items()
    assert {place: text for place, text in found.items() if place in wanted} == wanted
    # dbt's files describe some control tables, and all others.
    bare = {place for place, text in found.items() if not text and not place[0].endswith("bronze")}
    assert bare == set()
    assert not any(column and not text for (_, _, column), text in wanted.items())


def test_the_published_copy_has_the_comments_of_gold(golden: Workbench) -> None:
    with duckdb.connect(str(golden.settings.published_path), read_only=True) as connection:
        copied = comments(connection, golden.settings.published_path.stem)
    of_gold = {
        place: text
        for place, text in there(golden).items()
        if place[0] == GOLD_SCHEMA and table_named(place[1]).is_published
    }
    of_publication = {
        (GOLD_SCHEMA, table.name, column): text
        for table in PUBLISHED_TABLES
        for column, text in (("", table.description), *((c.name, c.description) for c in table.columns))
    }
    assert copied == of_gold | of_publication
    assert "" not in copied.values()


def test_a_changed_description_is_written_and_nothing_else(
    golden_copy: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest: dict[str, Any] = copy.deepcopy(dict(golden_copy.platform.dbt.manifest))
    funnel = manifest["nodes"]["model.jobmatch.funnel_daily"]
    funnel["columns"]["entered"]["description"] = 'It\'s "another"; drop table x --'
    funnel["description"] = ""
    with golden_copy.platform.open() as session:
        assert describe_tables(session) == 0
        monkeypatch.setattr(DbtProject, "manifest", manifest)
        assert describe_tables(session) == 2
        assert describe_tables(session) == 0
    found = there(golden_copy)
    assert found[GOLD_SCHEMA, "funnel_daily", "entered"] == 'It\'s "another"; drop table x --'
    assert found[GOLD_SCHEMA, "funnel_daily", ""] == ""


def test_a_lost_comment_is_written_again_by_the_next_run(golden_copy: Workbench) -> None:
    with duckdb.connect(str(golden_copy.warehouse)) as connection:
        connection.execute("comment on column job_matching_gold.ab_results.status is null")
    assert there(golden_copy) != there_of_all(golden_copy)
    golden_copy.run()
    assert there(golden_copy)[GOLD_SCHEMA, "ab_results", "status"]


def there_of_all(bench: Workbench) -> dict[Place, str]:
    wanted = described(bench)
    return {place: wanted.get(place, text) for place, text in there(bench).items()}


def test_what_is_not_there_is_left_out() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema s; create table s.t (a int)")
        wanted = [
            TableDescription("s", "t", "T", {"a": "A", "gone": "B"}),
            TableDescription("s", "u", "U", {}),
        ]
        assert write_comments(connection, wanted) == 2
        assert comments(connection, "memory") == {("s", "t", ""): "T", ("s", "t", "a"): "A"}


def test_descriptions_are_as_short_as_bigquery_wants_them(golden: Workbench) -> None:
    too_long = {place for place, text in described(golden).items() if len(text) > LONGEST_OF_BIGQUERY}
    assert too_long == set()
