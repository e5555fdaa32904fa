"""Alerts of the platform's own runs and checks."""

import logging
from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.command_runs import process
from jobmatch_assets.orchestration.sensors.alert_observations import Watched
from jobmatch_assets.orchestration.sensors.alerts import look_and_tell
from jobmatch_assets.orchestration.sensors.new_files import Watcher
from jobmatch_assets.pipeline.acceptance import Acceptance
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.alerting.samples import NOON
from jobmatch_assets_tests.bench.receivers import Receiver
from jobmatch_assets_tests.bench.workbench import Workbench

DAY = "2026-03-02"


def good_lines(count: int) -> list[str]:
    return [
        f'{{"event_id":"e{n}","event_name":"search","event_ts":"{DAY}T10:00:00Z","user_id":"u"}}'
        for n in range(count)
    ]


def test_a_date_that_is_held_back_is_one_alert_and_its_repair_another(
    workbench: Callable[..., Workbench], first: Receiver
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        bench = workbench(JOBMATCH_QUARANTINE_WARN_SHARE="0.05", JOBMATCH_QUARANTINE_MIN_LINES="100")
        bench.instance = instance
        settings = Settings.from_environment(
            bench.environment | {"JOBMATCH_ALERT_WEBHOOKS": f"json+{first.url}"}
        )
        watched = Watched.of(build_definitions(settings).get_repository_def())

        def look() -> list[dict[str, object]]:
            first.received.clear()
            look_and_tell(instance, watched, settings, logging.getLogger("alerts"), lambda: NOON)
            return [alert for body in first.received for alert in body["alerts"]]

        bench.land(f"dt={DAY}/broken.ndjson", ["{}"] * 200)
        assert bench.try_run().problems
        alerts = look()
        assert [alert["kind"] for alert in alerts] == ["check"] * len(alerts)
        (blocked,) = [alert for alert in alerts if alert["check"] == "quarantine_share"]
        assert blocked["severity"] == "error"
        assert blocked["partitions"] == DAY
        assert "200" in str(blocked["error"])
        assert f"jobmatch run --from {DAY} --accept-quarantine {DAY}" in str(blocked["error"])
        assert "dates_are_not_held_back" not in {alert["check"] for alert in alerts}

        accept = Acceptance([DateRange.of_text(DAY)], "anna")
        assert (
            process(bench.definitions, Platform.of(bench.settings).plan, instance, None, accept).problems
            == []
        )
        alerts = look()
        (eased,) = [alert for alert in alerts if alert["check"] == "quarantine_share"]
        assert eased["title"] == (
            "No longer blocks, still warns: quarantine_share on silver/events_quarantine"
        )
        assert eased["severity"] == "warn"
        assert "accepted by anna on" in str(eased["error"])
        # Of what is held back, the check that does it is told, not every table that waits.
        assert "dates_are_not_held_back" not in {alert["check"] for alert in alerts}

        bench.land(f"dt={DAY}/good.ndjson", good_lines(10_000))
        bench.try_run()
        recovered = [alert["check"] for alert in look() if alert["status"] == "recovered"]
        assert "quarantine_share" in recovered


def test_what_the_sensor_sees_of_the_landing_root_is_told_though_nothing_runs(
    workbench: Callable[..., Workbench], first: Receiver
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        bench = workbench()
        settings = Settings.from_environment(
            bench.environment | {"JOBMATCH_ALERT_WEBHOOKS": f"json+{first.url}"}
        )
        watched = Watched.of(build_definitions(settings).get_repository_def())
        watcher = Watcher(Platform.of(settings), watch_seconds=0.0)

        def look() -> list[tuple[object, ...]]:
            first.received.clear()
            for event in watcher.tick(instance, None).asset_events:
                instance.report_runless_asset_event(event)
            look_and_tell(instance, watched, settings, logging.getLogger("alerts"), lambda: NOON)
            alerts = [alert for body in first.received for alert in body["alerts"]]
            errors.extend(str(alert["error"]) for alert in alerts)
            return [(alert["check"], alert["status"], alert["severity"]) for alert in alerts]

        errors: list[str] = []
        events = bench.landing / "events"
        events.mkdir(parents=True)
        assert look() == []
        (events / "x.json").touch()
        assert look() == [("all_files_are_loaded", "open", "warn")]
        assert "x.json: endings other than .ndjson" in errors[-1]
        assert look() == []
        away = bench.landing.rename(bench.landing.with_name("away"))
        # Of each feed.
        assert look() == [("landing_is_readable", "open", "error")] * len(FEEDS)
        assert any(f"There is no folder {events}" in error for error in errors)
        assert look() == []
        away.rename(bench.landing)
        (events / "x.json").unlink()
        assert sorted(look()) == [
            ("all_files_are_loaded", "recovered", "warn"),
            *[("landing_is_readable", "recovered", "error")] * len(FEEDS),
        ]
        assert look() == []


@pytest.mark.parametrize("webhooks", ["", "slack+http://127.0.0.1:1/x"])
def test_the_platform_has_the_sensor(webhooks: str) -> None:
    defined = build_definitions(Settings.from_environment({"JOBMATCH_ALERT_WEBHOOKS": webhooks}))
    assert "alerts" in [sensor.name for sensor in defined.sensors or []]
