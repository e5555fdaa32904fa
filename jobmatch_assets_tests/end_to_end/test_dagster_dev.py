"""Ten days through the buttons of the UI: as few runs as there are layers, and the same tables.

Most of the time goes by waiting: Dagster's daemon looks after backfills every 30 seconds, and each
layer waits for the one before.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.command_runs import process
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings
from jobmatch_assets.simulation import Scenario, write_landing
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets_tests.bench.command import HANGS
from jobmatch_assets_tests.bench.dagster_dev import DagsterDev

START = dt.date(2026, 3, 1)
DAYS = [str(START + dt.timedelta(days=n)) for n in range(10)]
ONE_DAY = DAYS[0]

# Bronze with staging; the calendar of dates; silver of events; histories and their dimensions; gold that has dates;
# facts and subjects, which are built as a whole; weeks; marts with their histories. A layer starts when the neighbouring
# days of the ones below are there, so it cannot share their run. Where the daemon looks while a layer is at work, a part
# of the next one may start by itself.
LAYERS = 8


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten days with late, repeated, corrected and broken lines."""
    folder = tmp_path_factory.mktemp("generated")
    write_landing(Scenario(start=START, days=len(DAYS), users=150, seed=7), folder)
    return folder / "landing"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that `dagster dev` fills."""
    return tmp_path_factory.mktemp("warehouse") / "through_ui.duckdb"


@pytest.fixture(scope="module")
def ui(landing: Path, warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DagsterDev]:
    """A running `dagster dev`."""
    settings = {"JOBMATCH_LANDING": str(landing), "JOBMATCH_DUCKDB_PATH": str(warehouse)}
    with DagsterDev(tmp_path_factory.mktemp("home"), settings) as started:
        yield started


@pytest.fixture(scope="module")
def launched(ui: DagsterDev) -> tuple[str, str]:
    """One partition by itself and, while that runs, ten days of everything: a run and a backfill."""
    tables = [asset for asset in ui.assets() if asset.split("/")[0] in ("bronze", "silver", "gold")]
    return ui.materialize("bronze/events_raw", ONE_DAY), ui.backfill(tables, DAYS)


@pytest.fixture(scope="module")
def in_process(landing: Path, launched: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files through the pipeline of `jobmatch run`, while the backfill waits for its turn."""
    file = tmp_path_factory.mktemp("warehouse") / "in_process.duckdb"
    settings = Settings.from_environment(
        {"JOBMATCH_LANDING": str(landing), "JOBMATCH_DUCKDB_PATH": str(file)}
    )
    with dg.DagsterInstance.ephemeral() as instance:
        report = process(lambda: build_definitions(settings), Platform.of(settings).plan, instance, None)
    assert not report.problems
    return file


@pytest.fixture(scope="module")
def backfill(ui: DagsterDev, launched: tuple[str, str], in_process: Path) -> Any:
    """The finished backfill."""
    return ui.finished_backfill(launched[1], HANGS)


def test_one_partition_materializes(ui: DagsterDev, launched: tuple[str, str]) -> None:
    run = ui.finished_run(launched[0], 120)
    assert run["status"] == "SUCCESS"
    assert {"key": "dagster/partition", "value": ONE_DAY} in run["tags"]


def _tags(run: Any) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in run["tags"]}


def _built(run: Any) -> Iterator[tuple[str, str]]:
    """(table, date) of all that a run builds; of a table without dates there is one."""
    tags = _tags(run)
    first = tags.get("dagster/asset_partition_range_start", DAYS[0])
    last = tags.get("dagster/asset_partition_range_end", DAYS[0])
    for asset in run["assetSelection"]:
        for day in DAYS:
            if first <= day <= last:
                yield "/".join(asset["path"]), day


@pytest.mark.rebuilds
def test_ten_days_are_a_run_per_layer(backfill: Any) -> None:
    assert backfill["status"] == "COMPLETED_SUCCESS", backfill["error"]
    assert [run["status"] for run in backfill["runs"]] == ["SUCCESS"] * len(backfill["runs"])
    assert LAYERS <= len(backfill["runs"]) < 2 * LAYERS
    assert [run for run in backfill["runs"] if "dagster/partition" in _tags(run)] == []
    built = Counter(found for run in backfill["runs"] for found in _built(run))
    assert {found for found, times in built.items() if times > 1} == set()
    ranges = {
        tuple(_tags(run).get(f"dagster/asset_partition_range_{end}") for end in ("start", "end"))
        for run in backfill["runs"]
    }
    assert {(DAYS[0], DAYS[-1]), (None, None)} <= ranges


@pytest.mark.rebuilds
def test_tables_are_those_of_the_pipeline(backfill: Any, warehouse: Path, in_process: Path) -> None:
    with turn(warehouse), duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as through_ui (read_only)")
        connection.execute(f"attach '{in_process}' as in_process (read_only)")
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            "where table_catalog = 'in_process' and table_schema <> 'job_matching_bronze'"
        ).fetchall()
        differing = {
            table: connection.execute(
                f"(from through_ui.{table} except all from in_process.{table}) "
                f"union all (from in_process.{table} except all from through_ui.{table}) limit 3"
            ).fetchall()
            for (table,) in tables
        }
        [events] = connection.execute("select count(*) from through_ui.job_matching_silver.events").fetchall()
    assert {"job_matching_silver.events", "job_matching_gold.funnel_daily"} <= differing.keys()
    assert events > (5_000,)
    assert differing == {table: [] for table in differing}


@pytest.mark.rebuilds
def test_partitions_show_their_rows(ui: DagsterDev, backfill: Any, warehouse: Path) -> None:
    with turn(warehouse), duckdb.connect(str(warehouse), read_only=True) as connection:
        expected = {
            "bronze/events_raw": "job_matching_bronze.events_raw where _source_dt",
            "silver/events": "job_matching_silver.events where event_date",
            "gold/funnel_daily": "job_matching_gold.funnel_daily where event_date",
        }
        counts = {
            asset: connection.execute(f"select count(*) from {rows} = '{ONE_DAY}'").fetchone()
            for asset, rows in expected.items()
        }
    assert {asset: (ui.row_count(asset, ONE_DAY),) for asset in expected} == counts


@pytest.mark.rebuilds
def test_nothing_went_wrong_in_the_log(ui: DagsterDev, backfill: Any) -> None:
    lines = ui.log.read_text().splitlines()
    assert [line for line in lines if "ERROR" in line or "Traceback" in line] == []
