"""What Dagster's daemon does for the new-files sensor: it ticks, and runs what is asked for."""

import datetime as dt

import dagster as dg

from jobmatch_assets.contracts.feed import EVENTS as FEED
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.orchestration.asset_events import asset_key
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.orchestration.sensors.new_files import ATTEMPT_TAG, Watcher
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.workbench import Workbench

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)


class Daemon:
    """Ticks of the sensor, and the runs that it asks for.

    Attributes:
        feed: The feed that is looked at: checks of the folders of others are not in `told`.
    """

    feed = FEED

    def __init__(self, bench: Workbench, instance: dg.DagsterInstance) -> None:
        self.bench = bench
        self.instance = instance
        self.cursor: str | None = None
        self.time = NOON
        self.watcher = Watcher(bench.platform, now=lambda: self.time, watch_seconds=0.0)

    def tick(self) -> list[str]:
        """The attempts of the runs that it asks for."""
        result = self.watcher.tick(self.instance, self.cursor)
        self.cursor = result.cursor
        told = [event for event in result.asset_events if isinstance(event, dg.AssetCheckEvaluation)]
        for event in told:
            self.instance.report_runless_asset_event(event)
        others = {asset_key(feed.raw) for feed in FEEDS if feed != self.feed}
        self.told = [event for event in told if event.asset_key not in others]
        self.reason = result.skip_reason.skip_message if result.skip_reason else None
        return [request.tags[ATTEMPT_TAG] for request in result.run_requests or []]

    def verdicts(self) -> dict[str, bool]:
        """What the next tick, which starts nothing, records of checks: whether they pass."""
        assert self.tick() == []
        return {event.check_name: event.passed for event in self.told}

    def run(self) -> dg.ExecuteInProcessResult:
        job = self.bench.definitions().resolve_job_def(PROCESS_NEW_FILES)
        return job.execute_in_process(instance=self.instance, raise_on_error=False)

    def settle(self) -> int:
        """Tick and run until there is nothing more to do; returns how many runs that took."""
        for runs in range(10):
            if not self.tick():
                return runs
            assert self.run().success
        raise AssertionError("the sensor goes on for ever")

    def settle_with_a_copy(self) -> None:
        """Be where `settle` leads from no warehouse, by a copy of one that was built from the same files."""
        build(self.bench)
        assert self.settle() == 0
