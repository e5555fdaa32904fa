"""What the Dagster instance says of runs, checks and freshness, as observations for alerts.

Events are read in the order of their ids, a bounded number at a time: what happens while no daemon runs is
read later.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import dagster as dg
from dagster import DagsterEventType

from jobmatch_assets.alerting.incidents import (
    MOST_ERROR,
    CheckEvaluated,
    FreshnessSeen,
    Incident,
    Observation,
    RunEnded,
    Subject,
)
from jobmatch_assets.alerting.wording import moment, one_line, one_paragraph
from jobmatch_assets.checks.markdown import plain
from jobmatch_assets.checks.outcome import FAILING_PARTITIONS
from jobmatch_assets.orchestration.sensors.new_files import ATTEMPT_TAG
from jobmatch_assets.orchestration.step_failure import explanation
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS

_FRESHNESS: dict[str, Literal["fresh", "late", "stale"]] = {"PASS": "fresh", "WARN": "late", "FAIL": "stale"}
_ENDINGS: dict[DagsterEventType, Literal["success", "failure", "canceled"]] = {
    DagsterEventType.RUN_SUCCESS: "success",
    DagsterEventType.RUN_FAILURE: "failure",
    DagsterEventType.RUN_CANCELED: "canceled",
}
_EVENT_TYPES = (DagsterEventType.ASSET_CHECK_EVALUATION, *_ENDINGS)
_EVENTS_AT_ONCE = 200
# Dagster's tag says that a run will be repeated, not how often.
_MOST_RETRIES = 10
_IMPLICIT_JOB = "__ASSET_JOB"


@dataclass(frozen=True)
class Watched:
    """What the repository defines: other assets and checks of the instance are none of our business.

    Attributes:
        assets: All assets, with their freshness policies.
        checks: All asset checks.
    """

    assets: Mapping[dg.AssetKey, dg.FreshnessPolicy | None] = field(default_factory=dict)
    checks: Collection[dg.AssetCheckKey] = ()

    @classmethod
    def of(cls, repository: dg.RepositoryDefinition) -> "Watched":
        """What a repository defines."""
        graph = repository.asset_graph
        return cls(
            {key: graph.get(key).freshness_policy_or_from_metadata for key in graph.get_all_asset_keys()},
            # Of what these say, the check that holds dates back is told.
            graph.asset_check_keys - set(HELD_BACK_CHECKS),
        )

    def defines(self, subject: Subject) -> bool:
        """Whether an incident can still be about it."""
        if subject.kind == "run":
            return True
        key = dg.AssetKey(subject.assets[0].split("/"))
        if subject.kind == "check":
            return dg.AssetCheckKey(key, subject.name) in self.checks
        return self.assets.get(key) is not None


@dataclass(frozen=True)
class Seen:
    """What was read of the events.

    Attributes:
        observations: Checks and runs, in their order.
        position: The event to go on from.
        is_all: Whether there was no more to read.
    """

    observations: Sequence[Observation]
    position: int
    is_all: bool


def events_since(instance: dg.DagsterInstance, watched: Watched, position: int, seconds: float) -> Seen:
    """Read checks and runs until there is no more or the time is up.

    Args:
        instance: Where to look.
        watched: Which checks count.
        position: The last event that was read.
        seconds: When to stop.
    """
    deadline = time.monotonic() + seconds
    observations: list[Observation] = []
    is_all = False
    while not is_all and time.monotonic() < deadline:
        events, position, is_all = _next_events(instance, position)
        observations += _observations(instance, watched, events)
    return Seen(observations, position, is_all)


def freshness(
    instance: dg.DagsterInstance, watched: Watched, open_incidents: Iterable[Incident]
) -> list[FreshnessSeen]:
    """Assets whose freshness is news."""
    policies = {key: policy for key, policy in watched.assets.items() if policy is not None}
    if not policies:
        return []
    severities = {incident.subject: incident.severity for incident in open_incidents}
    seen = []
    for key, record in instance.get_freshness_state_records(list(policies)).items():
        subject = Subject("asset", assets=(key.to_user_string(),))
        since = record.updated_at.timestamp()
        known = severities.get(subject)
        status = _FRESHNESS.get(record.freshness_state.value)
        if status == "fresh" and known:
            seen.append(FreshnessSeen(subject, status, since))
        elif (status == "stale" and known != "error") or (status == "late" and not known):
            seen.append(FreshnessSeen(subject, status, since, _last_materialized(instance, key)))
    return seen


def _last_materialized(instance: dg.DagsterInstance, key: dg.AssetKey) -> str:
    event = instance.get_latest_materialization_event(key)
    return f"Last materialized {moment(event.timestamp)}." if event else "Never materialized."


Event = tuple[int, dg.EventLogEntry]


def _next_events(instance: dg.DagsterInstance, position: int) -> tuple[list[Event], int, bool]:
    """The next events of all types, the position after them, and whether these are the last."""
    storage = instance.event_log_storage
    events: list[Event] = []
    ends: list[int] = []
    for event_type in _EVENT_TYPES:
        found = list(
            storage.get_logs_for_all_runs_by_log_id(position, event_type, limit=_EVENTS_AT_ONCE).items()
        )
        events += found
        if len(found) == _EVENTS_AT_ONCE:
            ends.append(found[-1][0])
    # Where there are more events of a type, those of the others beyond them have to wait.
    end = min(ends, default=None)
    events = sorted(((id_, event) for id_, event in events if end is None or id_ <= end), key=lambda e: e[0])
    return events, events[-1][0] if events else position, end is None


def _observations(
    instance: dg.DagsterInstance, watched: Watched, events: Sequence[Event]
) -> Iterator[Observation]:
    run_ids = sorted({event.run_id for _, event in events if event.run_id})
    records = instance.get_run_records(dg.RunsFilter(run_ids=run_ids)) if run_ids else []
    runs = {record.dagster_run.run_id: record.dagster_run for record in records}
    for _, event in events:
        run = runs.get(event.run_id)
        if event.dagster_event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            evaluation = event.asset_check_evaluation
            if evaluation is not None and evaluation.asset_check_key in watched.checks:
                yield _check(event, evaluation, run)
        else:
            yield _run(instance, event, run)


def _check(
    event: dg.EventLogEntry, evaluation: dg.AssetCheckEvaluation, run: dg.DagsterRun | None
) -> CheckEvaluated:
    key = evaluation.asset_check_key
    failing = evaluation.metadata.get(FAILING_PARTITIONS)
    partitions = evaluation.partition or (str(failing.value) if failing else _shown(*_partitions(run)))
    return CheckEvaluated(
        Subject("check", key.name, (key.asset_key.to_user_string(),)),
        evaluation.passed,
        "error" if evaluation.severity == dg.AssetCheckSeverity.ERROR else "warn",
        partitions,
        one_paragraph(plain(evaluation.description or ""), MOST_ERROR),
        event.run_id,
        event.timestamp,
    )


def _run(instance: dg.DagsterInstance, event: dg.EventLogEntry, run: dg.DagsterRun | None) -> RunEnded:
    assert event.dagster_event is not None  # noqa: S101 these events are all Dagster's
    ending = _ENDINGS[event.dagster_event.event_type]
    first, last = _partitions(run)
    subject = Subject("run", event.job_name or "", _assets(instance, run), first, last)
    if ending != "failure":
        return RunEnded(subject, ending, event.run_id, event.timestamp)
    return RunEnded(
        subject,
        ending,
        event.run_id,
        event.timestamp,
        retries_left=_retries_left(run.tags if run else {}),
        failed_on_checks=run is not None and _failed_on_checks(instance, event.run_id),
        partitions=_shown(first, last),
        error=_reason(event.dagster_event),
    )


def _assets(instance: dg.DagsterInstance, run: dg.DagsterRun | None) -> tuple[str, ...]:
    """What a run without a job of its own materializes, or checks."""
    if run is None or run.job_name != _IMPLICIT_JOB:
        return ()
    # A run inside a process has no selection on record.
    keys = run.asset_selection or instance.event_log_storage.get_asset_keys_for_run(
        run.run_id, DagsterEventType.ASSET_MATERIALIZATION_PLANNED
    )
    names = {key.to_user_string() for key in keys}
    if not names:
        names = {f"{key.asset_key.to_user_string()}:{key.name}" for key in run.asset_check_selection or ()}
    return tuple(sorted(names))


def _partitions(run: dg.DagsterRun | None) -> tuple[str, str]:
    tags = run.tags if run else {}
    one = tags.get("dagster/partition", "")
    return (
        tags.get("dagster/asset_partition_range_start", one),
        tags.get("dagster/asset_partition_range_end", one),
    )


def _shown(first: str, last: str) -> str:
    return first if first == last else f"{first}…{last}"


def _retries_left(tags: Mapping[str, str]) -> int:
    """How often the platform, or Dagster's run retries, will repeat the run."""
    attempt, _, most = tags.get(ATTEMPT_TAG, "").partition("/")
    if attempt.isdecimal() and most.isdecimal():
        return max(int(most) - int(attempt), 0)
    return _MOST_RETRIES if tags.get("dagster/will_retry") == "true" else 0


def _failed_on_checks(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether every step that failed says of itself that checks made it fail."""
    records = instance.get_records_for_run(
        run_id, of_type={DagsterEventType.STEP_FAILURE, DagsterEventType.ASSET_CHECK_EVALUATION}
    ).records
    failures: list[dg.DagsterEvent] = []
    findings = []
    for event in (record.event_log_entry for record in records):
        evaluation = event.asset_check_evaluation
        if evaluation is None and event.dagster_event is not None:
            failures.append(event.dagster_event)
        elif evaluation is not None and not evaluation.passed and evaluation.description:
            findings.append(plain(evaluation.description))
    return bool(failures) and all(_names_checks(failure, findings) for failure in failures)


def _names_checks(failure: dg.DagsterEvent, findings: Iterable[str]) -> bool:
    """Whether a step failed on checks: Dagster's own error of blocking checks, or ours, which quotes them."""
    data = failure.step_failure_data
    if data.error is not None and data.error.cls_name == "DagsterAssetCheckFailedError":
        return True
    return any(finding in explanation(failure) for finding in findings)


def _reason(failure: dg.DagsterEvent) -> str:
    """Why a run failed, in a line: what the first step to fail says, else what Dagster says."""
    data: Any = failure.event_specific_data
    step = data.first_step_failure_event if data is not None else None
    if step is not None:
        if explained := explanation(step):
            return one_paragraph(explained, MOST_ERROR)
        data = step.step_failure_data
    error = data.error if data is not None else None
    while error is not None and error.cause is not None:
        error = error.cause
    message = (error.message if error is not None else failure.message) or "No error was recorded."
    # The lines after the first are a stack, or data.
    return one_line(message, MOST_ERROR)
