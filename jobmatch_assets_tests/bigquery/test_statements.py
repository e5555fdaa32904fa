"""Every statement that the golden set sends, as the GoogleSQL analyzer and the bill see it."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from jobmatch_assets.checks.applications import APPLICATIONS_ARE_COUNTED_ONCE
from jobmatch_assets.checks.duplicates import DUPLICATE_SHARE
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.asset_events import asset_check_key
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, tables_of_events
from jobmatch_assets_tests.bench.sent import Analyzer, Job, analyzing, jobs

SOME_DAY = dt.date(2026, 2, 28)
Problems = list[tuple[str, list[str]]]


def sharing_an_event_id(count: int) -> list[str]:
    return [
        f'{{"event_id":"shared","event_name":"login","event_ts":"{SOME_DAY}T10:00:00Z","user_id":"u{n}"}}'
        for n in range(count)
    ]


def of_one_application(count: int) -> list[str]:
    return [
        f'{{"schema_version":2,"event_id":"apply-{n}","event_name":"apply","event_ts":"{SOME_DAY}T10:00:00Z",'
        f'"user_id":"u","job_id":"j","application_id":"sent-again"}}'
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def built_twice(golden_cloud: CloudBench) -> CloudBench:
    """Every table was created, and a date of it replaced, on which checks have reason to look closer."""
    golden_cloud.land(f"dt={SOME_DAY}/repeated.ndjson", [*sharing_an_event_id(500), *of_one_application(20)])
    golden_cloud.run(DateRange(SOME_DAY, SOME_DAY))
    return golden_cloud


@pytest.fixture(scope="module")
def sent(built_twice: CloudBench) -> list[Job]:
    return jobs(built_twice.cloud.requests())


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Analyzer]:
    with analyzing() as found:
        yield found


@pytest.fixture(scope="module")
def judged(built_twice: CloudBench, analyzer: Analyzer) -> Problems:
    """Every statement with its problems; the analyzer knows all tables from then on."""
    return list(analyzer.replay(built_twice.cloud.requests()))


def models(bench: CloudBench, is_whole: bool = False) -> dict[str, str]:
    """{a dbt model that events alone make a table of: the table as statements spell it}, by date or as a whole."""
    nodes = DbtProject(bench.settings).manifest["nodes"].values()
    plan = DbtProject(bench.settings).plan
    tables = {name for name in tables_of_events(plan) if plan.stage_of(name).is_whole == is_whole}
    return {
        node["name"]: node["relation_name"]
        for node in nodes
        if node["resource_type"] == "model" and node["name"] in tables
    }


def test_every_statement_is_googlesql_and_names_the_partitions_it_reads(judged: Problems) -> None:
    assert [(sql, problems) for sql, problems in judged if problems] == []


def test_checks_look_closer_at_what_is_repeated(built_twice: CloudBench) -> None:
    def told(check: CheckKey) -> str:
        record = built_twice.instance.get_latest_asset_check_evaluation_record(asset_check_key(check))
        assert record is not None
        return str(record.event.dagster_event.event_specific_data.description)

    assert "most of event_id shared (499, for example" in told(DUPLICATE_SHARE)
    lost = re.search(r"(\d+) events are lost", told(DUPLICATE_SHARE))
    assert lost
    assert int(lost[1]) >= 499
    applications = told(APPLICATIONS_ARE_COUNTED_ONCE)
    assert "sent-again in apply-0 (" in applications
    assert "and apply-9 (" in applications


def test_every_model_was_sent_in_both_branches(built_twice: CloudBench, judged: Problems) -> None:
    statements = [sql for sql, _ in judged]
    for table in models(built_twice).values():
        for beginning in (f"create table {table}", f"merge into {table}"):
            assert any(beginning in sql for sql in statements), (
                f"nothing was sent that begins with {beginning}"
            )
    for table in models(built_twice, is_whole=True).values():
        assert sum(f"create or replace table {table}" in sql for sql in statements) > 1, table


@pytest.mark.parametrize(
    ("of_bigquery", "of_duckdb"),
    [
        ("timestamp_micros(", "make_timestamptz("),
        ("date(timestamp_micros(", "to_date(timestamp_micros("),
        ("safe_cast(", "try_cast("),
        ("regexp_contains(", "regexp_matches("),
        (r"coalesce\(regexp_extract\(", "coalesce(regexp_extract_all_groups("),
        ("as float64", "as double"),
        ("unix_micros(", "epoch_us("),
        ("generate_date_array(", "generate_series("),
        ("json_query_array(", "json_extract_array_elements("),
        (r"array_length\(", "len("),
        ("select distinct", "select distinct on (event_date)"),
    ],
)
def test_a_planted_word_of_duckdb_is_found(
    of_bigquery: str, of_duckdb: str, judged: Problems, analyzer: Analyzer
) -> None:
    pattern = re.compile(of_bigquery if "\\" in of_bigquery else re.escape(of_bigquery), re.IGNORECASE)
    planted = next(sql for sql, _ in judged if pattern.search(sql) and "merge into" in sql)
    assert analyzer.problems(pattern.sub(of_duckdb, planted)) != []


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) from job_matching_silver.events",
        "select count(*) from job_matching_silver.events where event_name = 'click'",
        "select 1 from job_matching_silver.events where event_date >= date '2026-03-01' or event_name = 'click'",
        "select 1 from job_matching_silver.events where event_date = (select max(dt) from job_matching_bronze.files)",
        "select 1 from job_matching_bronze.events_raw where _source_dt = date '2026-03-01'",
        "select 1 from job_matching_silver.events as a join job_matching_silver.events as b using (event_date) "
        "where a.event_date = date '2026-03-01'",
        "delete from job_matching_silver.events where event_id = 'x'",
        "update job_matching_silver.events set job_id = 'x' where event_id = 'x'",
        "merge into job_matching_silver.events as kept using (select 1 as x) on false "
        "when not matched by source then delete",
    ],
)
def test_a_planted_read_of_all_partitions_is_found(sql: str, judged: Problems, analyzer: Analyzer) -> None:
    assert any("without a filter" in problem for problem in analyzer.problems(sql))


def test_only_units_and_the_dates_of_lists_are_read_over_all_dates(
    built_twice: CloudBench, sent: list[Job]
) -> None:
    beginning = f">= date '{built_twice.settings.partitions_start}'"
    # The first build of a table may.
    readers = {
        job.labels["asset"]
        for job in sent
        if beginning in job.sql and "create table" not in job.sql and "create or replace" not in job.sql
    }
    # So may tables that are built as a whole, and what looks at them.
    whole = models(built_twice, is_whole=True).keys()
    tests = checks_of_models(built_twice.platform.dbt.manifest)
    readers -= whole | {name for name, check in tests.items() if check.table.name in whole}
    assert readers == {"ab_cumulative_sums", "ab_cumulative_sums_reconcile_with_silver"}
    first_file_day = built_twice.settings.partitions_start - dt.timedelta(days=1)
    touched_dates = [job.sql for job in sent if f"found._source_dt >= date '{first_file_day}'" in job.sql]
    assert touched_dates
    assert all(sql.count(f">= date '{first_file_day}'") == 1 for sql in touched_dates)


def test_every_job_says_what_it_is_for(built_twice: CloudBench, sent: list[Job]) -> None:
    runs = {run.run_id for run in built_twice.instance.get_runs()}
    assert len(sent) > 100
    for job in sent:
        assert job.labels.keys() >= {"application", "asset", "partition", "run"}, job
        assert job.labels["application"] == "jobmatch"
        assert job.labels["run"] in runs | {"none"}, job
        for name, value in job.labels.items():
            assert re.fullmatch("[a-z][a-z0-9_-]{0,62}", name), job
            assert re.fullmatch("[a-z0-9_-]{1,63}", value), job
    # Where result lists lie is looked up for the build of gold; what lines touch, for the table that has them; which
    # dates have rows, before anything is built.
    for asked, charged in (
        ("as linked_date", "gold"),
        ("insert into job_matching_bronze.rebuild_queue (", "stg_events"),
        ("select distinct found_date", "planning"),
    ):
        assert {job.labels["asset"] for job in sent if asked in job.sql} == {charged}, asked
    for model, table in models(built_twice).items():
        (*_, merged) = (job for job in sent if f"merge into {table}" in job.sql)
        assert merged.labels["asset"] == model
        assert merged.labels["run"] in runs
        assert re.fullmatch(r"2026-\d\d-\d\d(_2026-\d\d-\d\d)?", merged.labels["partition"])


def test_no_statement_may_cost_more_than_the_limit(built_twice: CloudBench, sent: list[Job]) -> None:
    limit = built_twice.settings.bigquery_max_bytes_billed
    assert limit
    assert [job for job in sent if job.sql and job.maximum_bytes_billed != limit] == []


def test_lines_come_by_load_jobs_with_names_of_their_own_and_never_as_a_stream(
    built_twice: CloudBench, sent: list[Job]
) -> None:
    assert [request for request in built_twice.cloud.requests() if "insertAll" in request["path"]] == []
    assert not any("insert into job_matching_bronze.events_raw" in job.sql for job in sent)
    loads = [job for job in sent if job.loads_into == "job_matching_bronze.events_raw"]
    assert loads
    for load in loads:
        assert load.disposition == "WRITE_APPEND"
        assert re.fullmatch("jobmatch-load-[0-9a-f]{16}-[0-9a-f]{8}-1", load.job_id or "")
    assert len({load.job_id for load in loads}) == len(loads)


def test_what_a_table_cost_is_in_its_metadata(built_twice: CloudBench) -> None:
    events = models(built_twice).keys() | {"ab_results", "events_raw"}
    for key in built_twice.definitions().resolve_asset_graph().get_all_asset_keys():
        table = key.path[-1]
        if table not in events:
            continue
        event = built_twice.instance.get_latest_materialization_event(key)
        assert event
        assert event.asset_materialization
        metadata = {name: found.value for name, found in event.asset_materialization.metadata.items()}
        jobs_, billed = metadata["jobs"], metadata["bytes billed"]
        assert metadata["slot seconds"] == jobs_ * 0.25
        # The emulator bills each query alike, and no load.
        loads = {"ab_results": 1, "events_raw": 1}.get(table, 0)
        assert billed == (jobs_ - loads) * 10 * 2**20
        assert billed > 0


def test_tables_are_partitioned_by_their_date_and_clustered_by_what_is_filtered(
    built_twice: CloudBench,
) -> None:
    client = built_twice.cloud.client()
    # One row a date leaves nothing to order.
    unordered = {"data_health_daily"}
    whole = models(built_twice, is_whole=True)
    for schema in ("job_matching_silver", "job_matching_gold"):
        for item in client.list_tables(schema):
            table = client.get_table(item.reference)
            if table.table_id in whole:
                assert not table.require_partition_filter
                continue
            assert table.time_partitioning.field == table_named(table.table_id).date_column
            assert table.require_partition_filter
            assert bool(table.clustering_fields) == (table.table_id not in unordered), table.table_id
    bronze = client.get_table("job_matching_bronze.events_raw")
    assert bronze.time_partitioning.field == "ingested_at"
    assert bronze.time_partitioning.type_ == "DAY"
    assert bronze.require_partition_filter
    assert bronze.clustering_fields[0] == "_source_dt"
