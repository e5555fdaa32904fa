"""Descriptions and previews on BigQuery: those of every table and column, changed where they are others only."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from google.api_core.exceptions import NotFound

from jobmatch_assets.pipeline.descriptions import descriptions
from jobmatch_assets.pipeline.step_events import PREVIEW
from jobmatch_assets.warehouse.descriptions import TableDescription
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud, tables_of_events
from jobmatch_assets_tests.bench.events import line


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudBench]:
    """A day with one event."""
    folder: Path = tmp_path_factory.mktemp("descriptions")
    with dg.DagsterInstance.ephemeral() as instance, in_the_cloud(folder) as cloud:
        bench = CloudBench(folder, instance, cloud)
        bench.land(
            "dt=2026-03-01/a.ndjson", [line("1", "2026-03-01", experiment_id="exp", variant="control")]
        )
        bench.run()
        yield bench


def wanted(bench: CloudBench) -> list[TableDescription]:
    plan = bench.platform.plan
    of_events = tables_of_events(plan)
    found = descriptions(plan, bench.platform.dbt.manifest)
    return [described for described in found if described.table in of_events]


def there(bench: CloudBench, described: TableDescription) -> TableDescription:
    table = bench.cloud.client().get_table(f"{described.schema}.{described.table}")
    columns = {field.name: field.description or "" for field in table.schema}
    return replace(described, text=table.description or "", columns=columns)


def test_every_table_and_column_is_described(bench: CloudBench) -> None:
    assert [there(bench, described) for described in wanted(bench)] == wanted(bench)


def test_only_a_table_that_differs_is_changed(bench: CloudBench) -> None:
    warehouse = bench.platform.warehouse()
    assert warehouse.describe(wanted(bench)) == 0
    (funnel,) = (described for described in wanted(bench) if described.table == "funnel_daily")
    another = replace(funnel, columns={**funnel.columns, "entered": "Another."})
    assert warehouse.describe([another]) == 1
    assert there(bench, funnel).columns == another.columns
    assert warehouse.describe([another]) == 0
    assert warehouse.describe([funnel]) == 1


def test_a_table_that_is_missing_is_left_out(bench: CloudBench) -> None:
    missing = TableDescription("job_matching_gold", "no_such_table", "Nothing.", {})
    assert bench.platform.warehouse().describe([missing]) == 0
    with pytest.raises(NotFound):
        there(bench, missing)


def test_a_gold_table_shows_its_newest_rows(bench: CloudBench) -> None:
    event = bench.instance.get_latest_materialization_event(dg.AssetKey(["gold", "ab_metrics_daily"]))
    assert event is not None
    assert event.asset_materialization is not None
    shown = event.asset_materialization.metadata[PREVIEW]
    assert isinstance(shown, dg.TableMetadataValue)
    assert [record.data["experiment_id"] for record in shown.records] == ["exp"]
