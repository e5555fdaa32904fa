"""A few assets whose runs, checks and freshness a test decides, and the sensor's looks at them."""

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.alerting.state import AlertState, from_text
from jobmatch_assets.orchestration.sensors.alert_observations import Watched
from jobmatch_assets.orchestration.sensors.alerts import STATE_KEY, look_and_tell
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.receivers import Receiver

EVENTS = dg.AssetKey(["silver", "events"])
FUNNEL = dg.AssetKey(["gold", "funnel_daily"])
JOB = "process_new_files"

GRAIN, CONSERVED = "unique_grain", "lines_are_conserved"

RUN_FAILED, RUN_SUCCEEDED = "Run failed: silver/events", "Run succeeded again: silver/events"
JOB_FAILED, JOB_SUCCEEDED = f"Run failed: {JOB}", f"Run succeeded again: {JOB}"

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


# On disk, as `dagster dev` has it, the events of each run lie in a file of their own.
everywhere = pytest.mark.parametrize("instance", ["in memory", "on disk"], indirect=True)


def failed(check: str) -> str:
    """The title of an alert of a check."""
    return f"Check failed: {check} on silver/events"


def passes(check: str) -> str:
    """The title when it passes again."""
    return f"Check passes again: {check} on silver/events"


@dataclass
class Fate:
    """What happens in the next runs.

    Attributes:
        error: The step of silver/events raises this.
        error_at_the_end: It raises this after its checks.
        fails_on_checks: It fails after its checks, with what they found.
        failing: Checks that fail, with their severities.
        checks: How many checks besides the two there are.
    """

    error: str = ""
    error_at_the_end: str = ""
    fails_on_checks: bool = False
    failing: dict[str, dg.AssetCheckSeverity] = field(default_factory=dict)
    checks: int = 0


def definitions(fate: Fate) -> dg.Definitions:
    """silver/events with checks, one of them blocking, and gold/funnel_daily, which should be fresh."""
    names = [GRAIN, CONSERVED, *(f"check_{n:04}" for n in range(fate.checks))]

    @dg.multi_asset(
        name="build_silver",
        specs=[dg.AssetSpec(EVENTS)],
        check_specs=[dg.AssetCheckSpec(name, asset=EVENTS, blocking=name == CONSERVED) for name in names],
        partitions_def=dg.DailyPartitionsDefinition("2026-03-01", end_date="2026-04-01"),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def build_silver() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        if fate.error:
            raise RuntimeError(fate.error)
        yield dg.MaterializeResult(asset_key=EVENTS)
        found = []
        for name in names:
            severity = fate.failing.get(name)
            if severity:
                found.append(f"Check {name} found 3 rows, the first: dt=2026-03-02/a.ndjson:17\nmore")
            yield dg.AssetCheckResult(
                asset_key=EVENTS,
                check_name=name,
                passed=severity is None,
                severity=severity or ERROR,
                description=found[-1] if severity else None,
            )
        if fate.error_at_the_end:
            raise RuntimeError(fate.error_at_the_end)
        if fate.fails_on_checks and found:
            raise dg.Failure(" ".join(found), allow_retries=False)

    @dg.asset(
        key=FUNNEL,
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=dt.timedelta(hours=24), warn_window=dt.timedelta(hours=12)
        ),
    )
    def funnel_daily() -> None:
        pass

    return dg.Definitions(
        assets=[build_silver, funnel_daily],
        jobs=[dg.define_asset_job(JOB, [EVENTS])],
        executor=dg.in_process_executor,
    )


class SmallPlatform:
    """An instance with the assets, and a sensor that looks at it.

    Attributes:
        fate: What happens in runs.
        log: What the sensor wrote, as (level, line).
    """

    def __init__(self, instance: dg.DagsterInstance, *receivers: Receiver, **settings: str) -> None:
        self.instance = instance
        self.receivers = receivers
        self.fate = Fate()
        self.now: float | None = None
        self.environment = {
            "JOBMATCH_ALERT_WEBHOOKS": " ".join(f"json+{receiver.url}" for receiver in receivers),
            **settings,
        }
        self.log: list[tuple[int, str]] = []

    @property
    def definitions(self) -> dg.Definitions:
        return definitions(self.fate)

    def run(
        self,
        *failing: str,
        severity: dg.AssetCheckSeverity = ERROR,
        error: str = "",
        error_at_the_end: str = "",
        fails_on_checks: bool = False,
        day: str = "2026-03-02",
        job: str = "",
        **tags: str,
    ) -> str:
        """Materialize silver/events; the run's id."""
        self.fate.error = error
        self.fate.error_at_the_end = error_at_the_end
        self.fate.fails_on_checks = fails_on_checks
        self.fate.failing = dict.fromkeys(failing, severity)
        name = job or "__ASSET_JOB"
        definition = (
            self.definitions.resolve_job_def(job)
            if job
            else self.definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection={EVENTS})
        )
        result = definition.execute_in_process(
            instance=self.instance,
            raise_on_error=False,
            tags={
                "dagster/asset_partition_range_start": day,
                "dagster/asset_partition_range_end": day,
                **{key.replace("_", "/", 1): value for key, value in tags.items()},
            },
        )
        assert result.job_def.name == name
        return result.run_id

    def look(self, later: float = 0.0) -> str:
        """A tick of the sensor, in a process that knows only what the instance remembers."""
        self.log = []
        return look_and_tell(
            self.instance,
            Watched.of(self.definitions.get_repository_def()),
            Settings.from_environment(self.environment),
            _Recorder(self.log),
            lambda: dt.datetime.now(dt.UTC).timestamp() + later,
        )

    @property
    def alerts(self) -> list[Any]:
        """Every alert that the first receiver got so far."""
        return [alert for body in self.receivers[0].received for alert in body["alerts"]]

    def titles(self) -> list[str]:
        """Titles that the first receiver got since it was asked last."""
        titles = self.receivers[0].titles()
        self.receivers[0].received.clear()
        return titles

    @property
    def remembered(self) -> AlertState:
        return from_text(self.instance.daemon_cursor_storage.get_cursor_values({STATE_KEY})[STATE_KEY])


class _Recorder(logging.Logger):
    def __init__(self, lines: list[tuple[int, str]]) -> None:
        super().__init__("recorder")
        self._lines = lines

    def handle(self, record: logging.LogRecord) -> None:
        self._lines.append((record.levelno, record.getMessage()))


def levels(lines: Sequence[tuple[int, str]]) -> list[int]:
    return [level for level, _ in lines]
