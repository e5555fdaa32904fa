"""What `jobmatch show` asks of a warehouse has the same answer on both engines."""

from pathlib import Path

import pytest

from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse
from jobmatch_assets.warehouse.port import SelectionError, WarehouseError
from jobmatch_assets.warehouse.selection import Filter, Preview, Selection
from jobmatch_assets_tests.bench.cloud_bench import CloudBench

KEY = ("as_of_date", "experiment_id", "variant", "metric", "status", "units_control")

SELECTIONS = (
    Selection("funnel_daily", columns=("event_date", "searches", "clicks")),
    Selection(
        "funnel_daily", filters=(Filter.of("platform=web"),), columns=("platform", "surface", "clicks")
    ),
    Selection("ab_results", columns=KEY, most=3),
    Selection(
        "ab_results",
        filters=(Filter.of("metric!=ctr"), Filter.of("units_control>=20"), Filter.of("value_control<2.5")),
        columns=KEY,
    ),
    Selection("ab_results", filters=(Filter.of("effect is null"),), columns=KEY),
    Selection(
        "events",
        filters=(Filter.of("event_ts>=2026-03-02T12:00:00"),),
        columns=("event_id", "event_ts"),
        most=9,
    ),
    Selection(
        "events", filters=(Filter.of("is_exploration=false"),), columns=("event_id", "experiments"), most=5
    ),
    Selection(
        "stg_events", filters=(Filter.of("_source_dt=2026-03-02"),), columns=("_source_dt", "_source_line")
    ),
)


def essence(preview: Preview) -> tuple[object, ...]:
    return preview.layer, preview.columns, preview.total, preview.first, preview.last, preview.totals


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_rows_are_those_of_the_other_engine(
    golden_cloud: CloudBench, golden_duckdb: Path, selection: Selection
) -> None:
    there = golden_cloud.platform.warehouse()
    here = DuckDBWarehouse(golden_duckdb, 60, 2**30)
    with there.reading():
        found = there.preview(selection)
    with here.reading():
        expected = here.preview(selection)
    assert expected.rows
    assert essence(found) == essence(expected)
    assert [[str(value) for value in row.values()] for row in found.rows] == [
        [str(value) for value in row.values()] for row in expected.rows
    ]


def test_what_cannot_be_is_said(golden_cloud: CloudBench) -> None:
    warehouse = golden_cloud.platform.warehouse()
    with pytest.raises(WarehouseError, match="There are: ab_cumulative_sums, "):
        warehouse.preview(Selection("no_such_table"))
    with pytest.raises(SelectionError, match="Is platform meant"):
        warehouse.preview(Selection("funnel_daily", filters=(Filter.of("platfrom=web"),)))
    with pytest.raises(SelectionError, match="arrays or records"):
        warehouse.preview(Selection("events", filters=(Filter.of("experiments=x"),)))
