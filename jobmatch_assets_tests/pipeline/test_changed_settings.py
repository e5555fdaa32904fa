"""What a changed setting leaves as it was is said, exactly, with the command that builds it anew."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.asset_events import asset_check_key
from jobmatch_assets.pipeline.settings_check import BUILT_WITH_CURRENT_SETTINGS, mixed_settings
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.command import run_here
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds


@pytest.fixture
def bench_with(tmp_path: Path, instance: dg.DagsterInstance) -> Callable[..., Workbench]:
    def made(**environment: str) -> Workbench:
        return Workbench(tmp_path, instance, **environment)

    bench = made()
    bid = unit_line("bid", "2026-03-02").replace("}", ',"bid":1.5,"schema_version":2,"search_id":"s"}')
    alive = unit_line("alive", "2026-03-01").replace('"search"', '"alive"')
    bench.land(
        "dt=2026-03-01/a.ndjson", [unit_line("a", "2026-03-01"), unit_line("old", "2018-12-01"), alive]
    )
    bench.land("dt=2026-03-02/b.ndjson", [bid])
    build(bench)
    return made


def told(bench: Workbench) -> list[str]:
    return list(mixed_settings(bench.prepared()))


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "JOBMATCH_DEDUP_WINDOW_DAYS",
            "3",
            "JOBMATCH_DEDUP_WINDOW_DAYS was 7 when events of 2026-03-01…2026-03-02 were built and is 3 now: they "
            "stay as they were. `jobmatch run --from 2026-03-01 --to 2026-03-02` builds them anew.",
        ),
        (
            "JOBMATCH_DEFAULT_CURRENCY",
            "CHF",
            "JOBMATCH_DEFAULT_CURRENCY was EUR when files of 2026-03-02 were built and is CHF now: they stay as "
            "they were. `jobmatch run --from 2026-03-02 --to 2026-03-02` builds them anew.",
        ),
        (
            "JOBMATCH_PARTITIONS_START",
            "2018-01-01",
            "JOBMATCH_PARTITIONS_START was 2019-01-01 when files of 2026-03-01 were built and is 2018-01-01 now: "
            "they stay as they were. `jobmatch run --from 2026-03-01 --to 2026-03-01` builds them anew.",
        ),
        (
            "JOBMATCH_OTHER_EVENT_NAMES",
            "alive",
            "JOBMATCH_OTHER_EVENT_NAMES was empty when files of 2026-03-01 were built and is alive now: they stay "
            "as they were. `jobmatch run --from 2026-03-01 --to 2026-03-01` builds them anew.",
        ),
    ],
)
def test_the_message_has_the_dates_and_its_command_builds_them_anew(
    variable: str, value: str, message: str, bench_with: Callable[..., Workbench]
) -> None:
    assert told(bench_with()) == []
    changed = bench_with(**{variable: value})
    assert told(changed) == [message]
    first, last = message.split("--from ")[1].split("`", maxsplit=1)[0].split(" --to ")
    changed.run(DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last)))
    assert told(changed) == []
    contents = changed.contents()
    changed.warehouse.unlink()
    changed.run()
    assert changed.contents() == contents


def test_a_setting_that_changes_no_line_is_not_told(bench_with: Callable[..., Workbench]) -> None:
    assert "files of 2026-03-01 were" in told(bench_with(JOBMATCH_PARTITIONS_START="2025-01-01"))[0]
    other = bench_with()
    other.land("dt=2026-03-01/a.ndjson", [unit_line("a", "2026-03-01")])
    other.query("delete from job_matching_silver.stg_events where reason is not null")
    assert told(bench_with(JOBMATCH_PARTITIONS_START="2025-01-01")) == []


def test_a_plain_run_says_so_and_so_does_a_check(
    bench_with: Callable[..., Workbench], tmp_path: Path
) -> None:
    changed = bench_with(JOBMATCH_DEDUP_WINDOW_DAYS="3")
    code, out, err = run_here(changed, tmp_path / "home")
    assert code == 0, err
    assert "JOBMATCH_DEDUP_WINDOW_DAYS was 7" in out
    changed.land("dt=2026-03-02/c.ndjson", [unit_line("c", "2026-03-02")])
    changed.run()
    record = changed.instance.get_latest_asset_check_evaluation_record(
        asset_check_key(BUILT_WITH_CURRENT_SETTINGS)
    )
    assert record is not None
    evaluation = record.event.dagster_event.event_specific_data  # type: ignore[union-attr]
    assert evaluation.passed is False
    assert evaluation.severity == dg.AssetCheckSeverity.WARN
    assert "events of 2026-03-01 were built" in evaluation.description


def test_a_warehouse_of_an_earlier_version_has_nothing_to_tell(bench_with: Callable[..., Workbench]) -> None:
    bench = bench_with()
    bench.query("drop table job_matching_bronze.used_settings")
    changed = bench_with(JOBMATCH_DEDUP_WINDOW_DAYS="3")
    changed.prepared()
    assert told(changed) == []
