"""The golden set of entities in one run: every table, every record, every file, and no personal data."""

import re
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.exports.export import export
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.orchestration.asset_events import asset_check_key, check_key
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.landing_checks import look
from jobmatch_assets.warehouse.publication.parquet import parquet_folder
from jobmatch_assets.warehouse.selection import Selection
from jobmatch_assets_tests.bench.entity_arrivals import (
    all_files,
    by_day,
    contents_after,
    in_other_files,
    in_stages,
)
from jobmatch_assets_tests.bench.golden_entities import (
    PERSONAL,
    SOURCES,
    TABLES,
    account,
    entity_differences,
    expected_fates,
    fates,
    implied_deletes,
    personal_places,
)
from jobmatch_assets_tests.bench.tables import Tables
from jobmatch_assets_tests.bench.workbench import Workbench


def test_the_golden_set_gives_the_expected_tables(golden_entities: Workbench) -> None:
    assert len(TABLES) == 28
    assert entity_differences(golden_entities) == {}


@pytest.fixture
def copy(golden_entities: Workbench, instance: dg.DagsterInstance, tmp_path: Path) -> Workbench:
    return golden_entities.copied_to(tmp_path, instance)


CHANGES = {
    "job_versions": ("set salary_max = salary_max + 0.000001 where job_id = '1001'", "salary_max is"),
    "candidate_versions": ("set skills = list_reverse(skills) where candidate_id = '30001'", "skills is"),
    "user_versions": ("set properties = '{}' where user_id = 'trap-p-1'", "properties is"),
    "entities_quarantine": ("set reason = 'not_json' where reason = 'bad_envelope'", "reason is"),
    "dim_job": ("set valid_to = valid_to + interval 1 microsecond where job_id = '1002'", "valid_to is"),
    "dim_company": ("set is_deleted = not is_deleted where company_id = '1'", "is_deleted is"),
    "dim_date": ("set weekday = 8 where date = '2026-03-01'", "weekday is"),
    "fact_timesheet": (
        "set week_starting = '2026-03-03' where timesheet_id = 'trap-m-0'",
        "week_starting is",
    ),
    "fact_application": ("set applied_at = null where application_id = 'app-0001'", "applied_at is NULL"),
    "openings": ("set job_id = 'none' where job_id = '1001'", "missing row: source=product, job_id=1001"),
}


def test_the_comparison_sees_what_differs(copy: Workbench) -> None:
    copy.query("insert into job_matching_gold.fact_invoice from job_matching_gold.fact_invoice limit 1")
    for table, (change, _) in CHANGES.items():
        copy.query(f"update {table_named(table).schema}.{table} {change}")
    found = entity_differences(copy)
    assert found.pop("fact_invoice")[0].startswith("key occurs more than once: source=")
    assert sorted(found) == sorted(CHANGES)
    for table, (_, says) in CHANGES.items():
        assert any(says in line for line in found[table]), found[table]


def test_every_record_becomes_what_is_expected(golden_entities: Workbench) -> None:
    found, expected = fates(golden_entities), expected_fates()
    assert {place: fate for place, fate in found.items() if fate != expected.get(place)} == {}
    assert expected.keys() - found.keys() == set()
    duplicates = [row for row in account("entity_records") if row["outcome"] == "duplicate"]
    assert len(found) + len(duplicates) == len(account("entity_records"))


def test_dumps_that_are_complete_imply_the_expected_deletes(golden_entities: Workbench) -> None:
    assert implied_deletes(golden_entities) == {
        (row["table"], row["source"], row["key"], row["observed_at"]) for row in account("implied_deletes")
    }
    complete = golden_entities.query(
        "select distinct entity_table, source, _source_dt::varchar, snapshot_name, snapshot_parts "
        "from job_matching_silver.entity_snapshots"
    )
    expected = [row for row in account("snapshots") if row["complete"] == "true"]
    assert 0 < len(expected) < len(account("snapshots"))
    assert sorted(complete) == sorted(
        (row["table"], row["source"], row["dt"], row["name"], int(row["parts"])) for row in expected
    )


WHYS = {
    "no_valid_date": Why.UNDATED,
    "outside_partitions": Why.OUTSIDE,
    "unknown_table": Why.UNKNOWN_TABLE,
    "unknown_format": Why.UNKNOWN_FORMAT,
    "unknown_layout": Why.OTHER_LAYOUT,
    "bad_source": Why.BAD_SOURCE,
    "taken_at_elsewhere": Why.TAKEN_ELSEWHERE,
}


def test_every_file_is_loaded_refused_or_left_for_the_expected_reason(
    entities_run: tuple[Workbench, RunReport],
) -> None:
    bench, report = entities_run
    expected: dict[str, set[str]] = {}
    for row in account("conservation_by_file"):
        expected.setdefault(row["outcome"], set()).add(row["_source_file"])
    ledger = bench.query("select outcome, source_file from job_matching_bronze.files where feed = 'entities'")
    for outcome in ("loaded", "same_content"):
        assert {file for found, file in ledger if found == outcome} == expected.pop(outcome)
    problem = "\n".join(report.problems)
    refused = {f"{bench.landing}/entities/{file}" for file in expected.pop("refused")}
    assert [file for file in refused if not re.search(f"{re.escape(file)}[ ,:]", problem)] == []
    assert problem.count("Nothing of it was loaded.") == len(refused)
    left_out = look(bench.platform).landed[ENTITIES].left_out
    assert {why: set(names) for why, names in left_out.items()} == {
        WHYS[outcome]: files for outcome, files in expected.items()
    }


def test_every_check_of_entities_runs_and_fails_only_for_what_is_wrong_on_purpose(
    golden_entities: Workbench,
) -> None:
    plan = golden_entities.platform.plan
    keys = {
        check_key(key)
        for key in golden_entities.definitions().resolve_asset_graph().asset_check_keys
        if ENTITIES in plan.feeds_of(key.asset_key.path[-1])
    }
    assert len(keys) > 100
    records = {
        key: golden_entities.instance.get_latest_asset_check_evaluation_record(asset_check_key(key))
        for key in keys
    }
    assert [key for key, record in records.items() if record is None] == []
    results = {
        key: record.event.dagster_event.event_specific_data for key, record in records.items() if record
    }
    failed = {key.name: result.severity for key, result in results.items() if not result.passed}
    assert failed == {
        "files_are_readable": dg.AssetCheckSeverity.ERROR,
        "all_files_are_loaded": dg.AssetCheckSeverity.WARN,
        "few_references_are_unknown": dg.AssetCheckSeverity.WARN,
        "dumps_are_complete": dg.AssetCheckSeverity.WARN,
        "sources_are_recent": dg.AssetCheckSeverity.WARN,
    }


BRONZE = ("job_matching_bronze",)


def test_no_personal_value_leaves_bronze(golden_entities: Workbench) -> None:
    assert personal_places(golden_entities, golden_entities.tables(BRONZE)) == [
        "job_matching_bronze.entities_raw.raw_line"
    ]
    assert personal_places(golden_entities, golden_entities.tables()) == []


def test_the_search_for_personal_values_looks_into_lists_and_texts(copy: Workbench) -> None:
    copy.query(f"update job_matching_gold.dim_job set skills = ['a {PERSONAL}'] where job_id = '1001'")
    copy.query(f"update job_matching_silver.user_versions set properties = '{PERSONAL}'")
    tables = ("job_matching_gold.dim_job", "job_matching_silver.user_versions", "job_matching_gold.dim_user")
    assert personal_places(copy, tables) == [
        "job_matching_gold.dim_job.skills",
        "job_matching_silver.user_versions.properties",
    ]


def test_no_personal_value_is_published_exported_shown_or_told(
    entities_run: tuple[Workbench, RunReport], tmp_path: Path
) -> None:
    bench, report = entities_run
    settings = bench.settings
    published = Tables(settings.published_path)
    tables = [name.split(".")[1] for name in published.tables()]
    assert {"dim_job", "fact_invoice"} <= set(tables)
    assert personal_places(published, published.tables()) == []
    with duckdb.connect() as parquet:
        files = sorted(parquet_folder(settings.published_path).glob("*.parquet"))
        assert [file.stem for file in files] == sorted(tables)
        for file in files:
            rows = parquet.read_parquet(str(file)).project("to_json(columns(*))::varchar").fetchall()
            assert PERSONAL not in repr(rows)
    for table in tables:
        export(settings, Selection(table, totals_only=False), "csv", tmp_path)
    assert len(list(tmp_path.iterdir())) == len(tables)
    pages = sorted(settings.dashboards_path.iterdir())
    assert len(pages) > 5
    for path in (*pages, *tmp_path.iterdir()):
        assert PERSONAL.encode() not in path.read_bytes()
    told = [bench.instance.all_logs(run.run_id) for run in bench.instance.get_runs()]
    assert len(repr(told)) > 100_000
    assert PERSONAL not in repr(told)
    assert PERSONAL not in "".join(report.problems)


@pytest.mark.rebuilds
def test_days_may_come_backwards_and_lines_in_other_files_and_a_further_run_finds_nothing(
    golden_entities: Workbench, workbench: Callable[..., Workbench]
) -> None:
    """What is done again for late entities and late facts ends where one run ends."""
    refused = {
        f"entities/{row['_source_file']}"
        for row in account("conservation_by_file")
        if row["outcome"] == "refused"
    }
    files = {name: content for name, content in all_files().items() if name not in refused}
    bench = workbench(JOBMATCH_SOURCES=str(SOURCES))
    contents = contents_after(bench, in_stages(by_day(in_other_files(files, seed=1))[::-1], 2))
    assert contents == golden_entities.contents(provenance=False)
    assert not bench.run().dates
    assert bench.contents(provenance=False) == contents
