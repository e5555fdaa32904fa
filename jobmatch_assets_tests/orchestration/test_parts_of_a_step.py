"""One table of a step, or one check, chosen in the UI: what is left of the step still waits for the next run."""

import datetime as dt
from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"
ONE_DATE = DateRange(dt.date.fromisoformat(DAY), dt.date.fromisoformat(DAY))
LOADED = 'key:"bronze/events_raw"'
STAGED = 'key:"silver/stg_events" or key:"silver/stg_search_dates"'
SILVER = " or ".join(
    f'key:"silver/{table}"' for table in ("events", "events_duplicates", "events_quarantine")
)


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    """Of two files one has come to all tables, and the other lies there."""
    bench = workbench()
    bench.land(f"dt={DAY}/a.ndjson", [unit_line("a", DAY)])
    bench.run()
    bench.land(f"dt={DAY}/b.ndjson", [unit_line("b", DAY)])
    return bench


def execute_check(bench: Workbench, instance: dg.DagsterInstance, table: str) -> None:
    """Execute a check of a table, and build nothing."""
    definitions = bench.definitions()
    checks = definitions.resolve_asset_graph().asset_check_keys
    check = min(key for key in checks if key.asset_key.path == ["silver", table])
    job = definitions.resolve_implicit_global_asset_job_def()
    alone = job.get_subset(asset_selection=set(), asset_check_selection={check})
    assert alone.execute_in_process(instance=instance).success


@pytest.mark.parametrize(
    ("done", "part"),
    [
        ([LOADED], 'key:"silver/stg_search_dates"'),
        ([LOADED], 'key:"silver/stg_events"'),
        ([LOADED, STAGED], 'key:"silver/events_quarantine"'),
        ([LOADED, STAGED, SILVER], 'key:"gold/funnel_daily"'),
    ],
)
def test_what_reads_the_rest_is_built_by_the_next_run(bench: Workbench, done: list[str], part: str) -> None:
    for selection in done:
        assert bench.run_selected(selection, ONE_DATE).problems == []
    bench.run_selected(part, ONE_DATE)
    assert bench.work()
    bench.run()
    assert bench.query("select event_id from job_matching_silver.events order by all") == [("a",), ("b",)]
    assert bench.query(
        "select sum(searches) from job_matching_gold.search_quality_daily where surface = '__all__'"
    ) == [(2,)]
    assert not bench.work()


@pytest.mark.parametrize(("done", "table"), [([LOADED], "stg_search_dates"), ([LOADED, STAGED], "events")])
def test_a_check_by_itself_finishes_nothing(
    bench: Workbench, instance: dg.DagsterInstance, done: list[str], table: str
) -> None:
    for selection in done:
        bench.run_selected(selection, ONE_DATE)
    execute_check(bench, instance, table)
    bench.run()
    assert bench.query("select event_id from job_matching_silver.events order by all") == [("a",), ("b",)]
