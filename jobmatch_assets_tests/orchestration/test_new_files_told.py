"""What ticks of the new-files sensor tell of landing, as checks: once, and once more when it is over."""

from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.pipeline.landing_checks import ALL_FILES_ARE_LOADED as LOADED
from jobmatch_assets.pipeline.landing_checks import LANDING_IS_READABLE as READABLE
from jobmatch_assets.pipeline.warehouse_check import WAREHOUSE_IS_FREE
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.orchestration.daemon import Daemon

pytestmark = pytest.mark.rebuilds

FREE = WAREHOUSE_IS_FREE.name


def test_a_landing_root_that_disappears_is_told_once_and_once_when_it_is_back(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.settle_with_a_copy()
    for _ in range(2):
        away = daemon.bench.landing.rename(daemon.bench.landing.with_name("away"))
        assert daemon.verdicts() == {READABLE: False}
        (told,) = daemon.told
        assert told.severity == dg.AssetCheckSeverity.ERROR
        assert f"There is no folder {daemon.bench.landing}/events" in (told.description or "")
        assert daemon.verdicts() == {}
        away.rename(daemon.bench.landing)
        assert daemon.verdicts() == {READABLE: True}
        assert daemon.verdicts() == {}


def test_a_landing_root_that_is_missing_from_the_start_is_told(daemon: Daemon) -> None:
    assert daemon.verdicts() == {READABLE: False}
    daemon.cursor = None
    assert daemon.verdicts() == {}


def test_a_bucket_that_cannot_be_reached_is_told_before_dagster_gives_up_on_the_tick(
    workbench: Callable[..., Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:1")
    with dg.DagsterInstance.ephemeral() as instance:
        daemon = Daemon(workbench(JOBMATCH_LANDING="gs://bucket/x"), instance)
        assert daemon.watcher.look_seconds < daemon.bench.settings.google_retry_timeout == 600
        daemon.watcher.look_seconds = 1.0
        assert daemon.verdicts() == {READABLE: False}
        (told,) = daemon.told
        assert "gs://bucket/x` cannot be listed" in (told.description or "")
        assert "Requests were repeated for 1 s" in (told.description or "")


def test_files_that_are_left_out_are_told_once_a_change_and_when_they_are_gone(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.settle_with_a_copy()
    assert daemon.verdicts() == {}
    left = daemon.bench.land("2026/03/18/x.ndjson", [line("f", "2026-03-18")])
    assert daemon.verdicts() == {LOADED: False}
    (told,) = daemon.told
    assert told.severity == dg.AssetCheckSeverity.WARN
    assert "2026/03/18/x.ndjson: no valid date in the path: move into dt=YYYY-MM-DD/" in (
        told.description or ""
    )
    assert "1 left where they are, e.g. 2026/03/18/x.ndjson (no valid date" in (daemon.reason or "")
    assert daemon.verdicts() == {}
    other = daemon.bench.land("dt=2026-03-01/x.json", [])
    assert daemon.verdicts() == {LOADED: False}
    left.unlink()
    assert daemon.verdicts() == {LOADED: False}
    # Written again it is the same file in the same place.
    other.write_bytes(b"more")
    assert daemon.verdicts() == {}
    other.unlink()
    assert daemon.verdicts() == {LOADED: True}
    assert daemon.verdicts() == {}


def test_what_a_run_has_recorded_is_not_recorded_again(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.bench.land("dt=2026-03-01/x.json", [])
    daemon.run()
    assert daemon.verdicts() == {FREE: True}
    assert daemon.verdicts() == {}


def test_the_checks_are_recorded_beside_the_run_that_is_asked_for(daemon: Daemon) -> None:
    daemon.bench.land("dt=2026-03-01/a.ndjson", [line("e", "2026-03-01")])
    daemon.bench.land("dt=2026-03-01/x.json", [])
    assert daemon.tick() == ["1/3"]
    assert {event.check_name: event.passed for event in daemon.told} == {
        READABLE: True,
        LOADED: False,
        FREE: True,
    }
