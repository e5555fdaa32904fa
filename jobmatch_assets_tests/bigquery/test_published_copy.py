"""The published copy of tables on BigQuery is, cell by cell and type by type, the one of tables on DuckDB."""

import datetime as dt
from pathlib import Path

import duckdb

from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.pipeline.publish import publish
from jobmatch_assets.published.copy import opened
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, cell_differences
from jobmatch_assets_tests.bench.sent import Job, jobs
from jobmatch_assets_tests.bench.workbench import Workbench

OF_THE_RUN = ("publication", "held_back", "failing_checks")
"""Tables with times of the run in them."""


def of_publication(bench: CloudBench) -> list[Job]:
    return [job for job in jobs(bench.cloud.requests()) if job.labels.get("asset") == "publication"]


def reading_gold(bench: CloudBench) -> list[str]:
    return [job.sql for job in of_publication(bench) if "from job_matching_gold." in job.sql]


def read(bench: Workbench, query: str) -> list[tuple[object, ...]]:
    with opened(bench.settings.published_path) as connection:
        return connection.execute(query).fetchall()


def of_both(golden: Workbench, golden_cloud: CloudBench, query: str) -> list[list[tuple[object, ...]]]:
    return [read(golden, query), read(golden_cloud, query)]


def test_every_cell_is_as_on_duckdb(golden: Workbench, golden_cloud: CloudBench) -> None:
    found = cell_differences(golden.settings.published_path, golden_cloud.settings.published_path)
    assert [told for told in found if not any(f".{table}:" in told for table in OF_THE_RUN)] == []
    dates = (
        "select first_date, last_date, newest_event_ts, complete_through from job_matching_gold.publication"
    )
    ours, theirs = of_both(golden, golden_cloud, dates)
    assert ours == theirs
    for table in OF_THE_RUN[1:]:
        query = f"select * exclude (since) from job_matching_gold.{table} order by all"
        ours, theirs = of_both(golden, golden_cloud, query)
        assert ours == theirs


def test_a_changed_cell_is_seen(golden: Workbench, golden_cloud: CloudBench, tmp_path: Path) -> None:
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(golden.settings.published_path.read_bytes())
    with duckdb.connect(str(changed)) as connection:
        connection.execute("update job_matching_gold.funnel_daily set clicks = clicks + 1")
    assert any(
        "funnel_daily" in told for told in cell_differences(changed, golden_cloud.settings.published_path)
    )


def test_types_and_comments_are_as_on_duckdb(golden: Workbench, golden_cloud: CloudBench) -> None:
    columns = (
        "select table_name, column_name, data_type, comment from duckdb_columns() "
        "where schema_name = 'job_matching_gold' order by all"
    )
    ours, theirs = of_both(golden, golden_cloud, columns)
    assert ours == theirs
    assert all(comment for *_, comment in theirs)
    tables = (
        "select table_name, comment from duckdb_tables() where schema_name = 'job_matching_gold' order by all"
    )
    ours, theirs = of_both(golden, golden_cloud, tables)
    assert ours == theirs
    assert all(comment for _, comment in theirs)


def test_parquet_stands_beside_it(golden: Workbench, golden_cloud: CloudBench) -> None:
    names = [
        sorted(file.name for file in (bench.settings.published_path.parent / "gold").iterdir())
        for bench in (golden, golden_cloud)
    ]
    assert names[0] == names[1]


def test_gold_is_read_once_a_build_and_not_where_nothing_waits(golden_cloud: CloudBench) -> None:
    there = {item.table_id for item in golden_cloud.cloud.client().list_tables("job_matching_gold")}
    tables = there - {
        table.name for table in golden_cloud.platform.plan.tables.values() if not table.contract.is_published
    }
    sent = reading_gold(golden_cloud)
    assert len(sent) == len(tables)
    assert all(any(f"from job_matching_gold.{table}" in sql for sql in sent) for table in tables)
    copy = golden_cloud.settings.published_path.stat().st_ino
    golden_cloud.run()
    assert reading_gold(golden_cloud) == sent
    assert golden_cloud.settings.published_path.stat().st_ino == copy


def test_a_check_that_fails_is_published_with_the_time_since_when(golden_cloud: CloudBench) -> None:
    session = golden_cloud.prepared()
    date, began = dt.date(2026, 3, 1), dt.datetime(2026, 3, 7, 6, 0, 0, 1, tzinfo=dt.UTC)
    key = CheckKey(TableKey("gold", "funnel_daily"), "planted")
    for text, now in (("It warns.", began), ("It warns more.", began + dt.timedelta(hours=1))):
        found = FailingCheck("gold", str(key.table), key.name, date, False, text)
        session.findings.note([key], [date], [found], now)
        (kept,) = [check for check in session.findings.failing_checks() if check.check_name == key.name]
        assert (kept.description, kept.since) == (text, began)
    assert publish(session)
    planted = "select since from job_matching_gold.failing_checks where check_name = 'planted'"
    assert read(golden_cloud, planted) == [(began,)]
    assert not publish(session)
    session.findings.note([key], [date], [])
    assert publish(session)
    assert read(golden_cloud, planted) == []
