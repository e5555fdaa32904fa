"""Datasets of other versions: those that go on, and those that are refused and left as they are."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from google.cloud.bigquery import Client, SchemaField, Table

from jobmatch_assets.contracts.control_tables import FAILING_CHECKS, LAYOUT_IN_FORCE
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.control.findings import Findings
from jobmatch_assets.warehouse.layout import LayoutError, installed_version
from jobmatch_assets.warehouse.port import Warehouse
from jobmatch_assets_tests.bench.cloud import PROJECT
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud

LAYOUT, FILES = "job_matching_bronze.layout", "job_matching_bronze.files"
REMEDY = r"another warehouse \(JOBMATCH_BIGQUERY_PROJECT\) and run again"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Iterator[CloudBench]:
    folder: Path = tmp_path_factory.mktemp("layout")
    with in_the_cloud(folder) as cloud:
        yield CloudBench(folder, instance, cloud)


@pytest.fixture
def warehouse(bench: CloudBench) -> Warehouse:
    return Platform.of(bench.settings).warehouse()


def layouts(client: Client) -> list[tuple[int, str]]:
    return [(row["layout"], row["made_by"]) for row in client.list_rows(client.get_table(LAYOUT))]


def assert_refused(warehouse: Warehouse, what: str) -> None:
    with pytest.raises(LayoutError, match=what) as told:
        warehouse.prepare()
    assert told.match(REMEDY)
    with pytest.raises(LayoutError, match=what), warehouse.reading():
        raise AssertionError("it was read")


def test_the_mark_is_noted_once_and_where_the_version_before_had_none(
    bench: CloudBench, warehouse: Warehouse
) -> None:
    client = bench.cloud.client()
    for _ in range(2):
        warehouse.prepare()
        with warehouse.reading():
            assert layouts(client) == [(LAYOUT_IN_FORCE, installed_version())]
    client.delete_table(LAYOUT)
    with warehouse.reading():
        pass
    warehouse.prepare()
    assert layouts(client) == [(LAYOUT_IN_FORCE, installed_version())]


def test_a_column_that_the_layout_before_lacks_is_null_and_added(
    bench: CloudBench, warehouse: Warehouse
) -> None:
    warehouse.prepare()
    client = bench.cloud.client()
    table = client.get_table(f"{PROJECT}.job_matching_bronze.{FAILING_CHECKS.name}")
    client.delete_table(table)
    client.create_table(
        Table(table.reference, schema=[field for field in table.schema if field.name != "since"])
    )
    client.query(f"delete from {LAYOUT} where true").result()
    client.query(f"insert into {LAYOUT} values ({LAYOUT_IN_FORCE - 1}, '0.9', current_timestamp())").result()
    client.query(
        f"insert into job_matching_bronze.{FAILING_CHECKS.name} "
        "(stage, asset, check_name, partition_date, is_blocking, description) "
        "values ('gold', 'gold/funnel_daily', 'planted', date '2026-03-01', true, 'It fails.')"
    ).result()
    for prepare in (False, True):
        if prepare:
            warehouse.prepare()
        with warehouse.reading():
            (failing,) = Findings(warehouse).failing_checks()
        assert (failing.check_name, failing.since) == ("planted", None)
    names = [field.name for field in client.get_table(table.reference).schema]
    assert names == [column.name for column in FAILING_CHECKS.columns]
    assert layouts(client) == [
        (LAYOUT_IN_FORCE - 1, "0.9"),
        (LAYOUT_IN_FORCE, installed_version()),
    ]


def test_datasets_of_a_newer_version_are_refused(bench: CloudBench, warehouse: Warehouse) -> None:
    warehouse.prepare()
    client = bench.cloud.client()
    client.query(f"insert into {LAYOUT} values ({LAYOUT_IN_FORCE + 1}, '99.1', current_timestamp())").result()
    marks = layouts(client)
    assert_refused(warehouse, f"The project {PROJECT} belongs to a newer version .* of jobmatch 99.1")
    assert layouts(client) == marks


def test_datasets_that_are_too_old_are_refused(bench: CloudBench, warehouse: Warehouse) -> None:
    client = bench.cloud.client()
    client.delete_table(LAYOUT, not_found_ok=True)
    client.delete_table(FILES, not_found_ok=True)
    client.create_table(Table(f"{PROJECT}.{FILES}", schema=[SchemaField("source_file", "STRING")]))
    assert_refused(warehouse, rf"The project {PROJECT} belongs to a version .* files\.staged")
    assert [field.name for field in client.get_table(FILES).schema] == ["source_file"]
    assert "layout" not in {item.table_id for item in client.list_tables("job_matching_bronze")}
