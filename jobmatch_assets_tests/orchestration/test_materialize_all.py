"""All assets, materialized at once for a range of dates, as whoever presses that button in the UI wants them."""

import datetime as dt
from pathlib import Path

import dagster as dg

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

FIRST, LAST = dt.date(2026, 3, 2), dt.date(2026, 3, 3)


def test_every_table_is_built_and_tells_so(tmp_path: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        bench = Workbench(tmp_path, instance)
        bench.land(f"dt={FIRST}/a.ndjson", [line("e", FIRST)])
        bench.land_entities(f"job/dt={FIRST}/a.ndjson", [{"job_id": 1, "title": "A"}])
        assert bench.run_selected("*", DateRange(FIRST, LAST)).problems == []
        tables = [key for key in instance.all_asset_keys() if instance.get_latest_materialization_event(key)]
    built = {tuple(key.path) for key in tables}
    assert built >= {(table.key.layer, table.name) for table in bench.platform.plan.tables.values()}
