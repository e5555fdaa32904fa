"""The golden set of entities in two batches: from a bucket into tables, as on DuckDB, and every statement of it."""

import re
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from jobmatch_assets.published.copy import opened
from jobmatch_assets_tests.bench import golden_entities as golden
from jobmatch_assets_tests.bench.cloud_bench import (
    CloudBench,
    cell_differences,
    entities_bench,
    in_the_cloud,
)
from jobmatch_assets_tests.bench.golden_subjects import EXPECTED_OF_ENTITIES, subject_differences
from jobmatch_assets_tests.bench.sent import Analyzer, analyzing
from jobmatch_assets_tests.bench.workbench import Workbench

LATER = (
    "entities/company/dt=2026-02-22/companies.snapshot-2-of-2.csv.gz",
    "entities/application/01032026_cdc.ndjson.gz",
)
"""The second batch: a dump is complete with it, and statuses of applications are filled in."""

Problems = list[tuple[str, list[str]]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Iterator[CloudBench]:
    folder = tmp_path_factory.mktemp("entities")
    with in_the_cloud(folder) as cloud:
        bench = entities_bench(folder, instance, cloud, without=LATER)
        bench.try_run()
        for name in LATER:
            cloud.put(name, (golden.LANDING / name).read_bytes())
        bench.try_run()
        yield bench.download()


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Analyzer]:
    with analyzing() as found:
        yield found


@pytest.fixture(scope="module")
def judged(built: CloudBench, analyzer: Analyzer) -> Problems:
    """Every statement with its problems; the analyzer knows all tables from then on."""
    return list(analyzer.replay(built.cloud.requests()))


def test_every_table_is_as_expected(built: CloudBench) -> None:
    # The view on events is compared below.
    tables = [name for name in golden.TABLES if name != "fact_event"]
    assert golden.entity_differences(built, tables=tables) == {}


def test_every_table_of_subjects_is_as_expected(built: CloudBench) -> None:
    assert subject_differences(built.warehouse, EXPECTED_OF_ENTITIES) == {}


def test_every_cell_is_as_on_duckdb(built: CloudBench, golden_entities: Workbench) -> None:
    assert cell_differences(golden_entities.warehouse, built.warehouse) == []


def test_every_row_of_the_view_on_events_is_as_on_duckdb(
    built: CloudBench, golden_entities: Workbench
) -> None:
    view = "job_matching_gold.fact_event"
    expected = golden_entities.query(f"from {view} order by event_id")
    assert len(expected) > 1000
    assert sorted(built.rows_of_view(view, "event_date"), key=lambda row: str(row[0])) == expected


def test_what_became_of_every_record_is_as_expected(built: CloudBench) -> None:
    assert golden.fates(built) == golden.expected_fates()


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("job_versions", "salary_max = salary_max + 0.000001 where job_id = '1001'"),
        ("dim_candidate", "skills = [] where candidate_id = '30001'"),
        ("dim_job", "locations = null where job_id = '1001'"),
    ],
)
def test_the_comparison_sees_a_changed_cell(
    table: str, change: str, built: CloudBench, golden_entities: Workbench, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(golden_entities.warehouse.read_bytes())
    schema = "job_matching_silver" if table.endswith("_versions") else "job_matching_gold"
    with duckdb.connect(str(changed)) as connection:
        connection.execute(f"update {schema}.{table} set {change}")
    assert any(table in told for told in cell_differences(changed, built.warehouse))


def test_dimensions_and_facts_are_published_as_on_duckdb(
    built: CloudBench, golden_entities: Workbench
) -> None:
    def published(bench: Workbench) -> dict[str, tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]:
        with opened(bench.settings.published_path) as connection:
            names = connection.execute(
                "select table_name from duckdb_tables() where table_name similar to '(dim|fact|entity)_.*' order by all"
            ).fetchall()
            return {
                name: (
                    connection.execute(f"describe job_matching_gold.{name}").fetchall(),
                    connection.execute(f"from job_matching_gold.{name} order by all").fetchall(),
                )
                for (name,) in names
            }

    expected, found = published(golden_entities), published(built)
    assert {"dim_job", "fact_invoice", "entity_orphans_daily"} <= expected.keys()
    assert found.keys() == expected.keys()
    assert [name for name, told in expected.items() if found[name] != told] == []


def test_every_statement_is_googlesql_and_names_the_partitions_it_reads(judged: Problems) -> None:
    assert [(sql, problems) for sql, problems in judged if problems] == []


@pytest.mark.parametrize(
    ("of_bigquery", "of_duckdb"),
    [
        ("array_concat(", "list_append("),
        ("as string)", "as varchar)"),
        ("* except", "* exclude"),
        ("struct(", "struct_pack("),
        ("with offset as", "with ordinality as"),
        ("format_timestamp(", "strftime("),
    ],
)
def test_a_planted_word_of_duckdb_is_found(
    of_bigquery: str, of_duckdb: str, judged: Problems, analyzer: Analyzer
) -> None:
    # The shortest one with the word: analyzing takes as long as a statement is.
    planted = min((sql for sql, _ in judged if of_bigquery in sql and "create" in sql), key=len)
    assert analyzer.problems(re.sub(re.escape(of_bigquery), of_duckdb, planted)) != []
