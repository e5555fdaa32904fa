"""What runs did, read from their events: which dates they built, and what went wrong."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from jobmatch_assets.checks.markdown import plain
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.orchestration.asset_events import row_count_of
from jobmatch_assets.orchestration.step_failure import explanation
from jobmatch_assets.pipeline.causes import with_advice
from jobmatch_assets.pipeline.plan import Plan


@dataclass
class RunReport:
    """What one or several runs did.

    Attributes:
        plan: In which stage a table is built.
        partitions: {table: partitions that were built}.
        rows: {table: {partition, or None of a table without dates: rows that it has since}}.
        problems: Everything that went wrong, a paragraph each.
        runs: How many Dagster runs there were.
        succeeded: Whether all of them did.
    """

    plan: Plan
    partitions: Mapping[str, set[dt.date]] = field(default_factory=lambda: defaultdict(set))
    rows: dict[str, dict[dt.date | None, int]] = field(default_factory=lambda: defaultdict(dict))
    problems: list[str] = field(default_factory=list)
    runs: int = 0
    succeeded: bool = True

    def add(self, result: dg.ExecuteInProcessResult) -> None:
        """Read the events of one more run."""
        self.runs += 1
        self.succeeded = self.succeeded and result.success
        for event in result.all_events:
            if event.is_step_materialization and event.asset_key:
                self._add_table(event.asset_key.path[-1], event)
        found = [
            plain(check.description)
            if check.description
            else f"Check {check.check_name} of {check.asset_key.to_user_string()} failed."
            for check in result.get_asset_check_evaluations()
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR
        ]
        reasons = [_reason(event) for event in result.all_events if event.is_step_failure]
        if not result.success and not reasons:
            reasons = [_reason_of_run(event) for event in result.all_events if event.is_job_failure] or [
                f"Run {result.run_id[:8]} did not end well, and Dagster did not record why."
            ]
        # A run that fails because of its checks says nothing new.
        self.problems += found + [reason for reason in reasons if not any(text in reason for text in found)]

    def _add_table(self, table: str, event: dg.DagsterEvent) -> None:
        day = dt.date.fromisoformat(event.partition) if event.partition else None
        if day:
            self.partitions[table].add(day)
        rows = row_count_of(event.step_materialization_data.materialization)
        if rows is not None:
            self.rows[table][day] = rows

    @property
    def dates(self) -> dict[str, set[dt.date]]:
        """{stage: the dates that it was built for}, of all feeds together."""
        dates: dict[str, set[dt.date]] = defaultdict(set)
        for table, days in self.partitions.items():
            dates[self.plan.stage_of(table).name] |= days
        return dict(dates)

    def built(self, stage: str, feed: Feed | None = None) -> list[dt.date]:
        """The dates that a stage was built for; of a feed, those of the tables that are made of it."""
        return sorted(
            {
                day
                for table, days in self.partitions.items()
                if self.plan.stage_of(table).name == stage
                and (feed is None or feed in self.plan.feeds_of(table))
                for day in days
            }
        )


def _reason(event: dg.DagsterEvent) -> str:
    """What a failed step says, without its stack."""
    data = event.step_failure_data
    if explained := explanation(event):
        return explained
    return _cause(data.error) if data.error else f"Step {event.step_key} failed."


def _reason_of_run(event: dg.DagsterEvent) -> str:
    """What a run says that failed outside of its steps."""
    error = event.job_failure_data.error
    return _cause(error) if error else str(event.message)


def _cause(error: SerializableErrorInfo) -> str:
    """The message of what an error was raised from; Dagster's own around it says nothing."""
    while error.cause:
        error = error.cause
    return with_advice(error.message.strip())
