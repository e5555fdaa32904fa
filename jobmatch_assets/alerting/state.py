"""What is remembered from one look to the next, as text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from jobmatch_assets.alerting.incidents import (
    CheckEvaluated,
    FailedAttempts,
    Incident,
    Incidents,
    Notice,
    RunEnded,
    Subject,
)
from jobmatch_assets.alerting.messages import Message
from jobmatch_assets.alerting.outbox import Outbox, Queue
from jobmatch_assets.alerting.reports import ReadyReport, ToldReports

_VERSION = 1


class StateError(ValueError):
    """The text is none that this version has written."""


@dataclass(frozen=True)
class AlertState:
    """Everything between two looks.

    Attributes:
        position: The last event that was taken in.
        caught_up: Whether the past was taken in to its end once; nothing is told before.
        incidents: What is wrong.
        outbox: What waits for receivers.
        reports: Which reports were told.
    """

    position: int = -1
    caught_up: bool = False
    incidents: Incidents = field(default_factory=Incidents)
    outbox: Outbox = field(default_factory=dict)
    reports: ToldReports = field(default_factory=ToldReports)


def to_text(state: AlertState) -> str:
    """The state as JSON."""
    return json.dumps({"version": _VERSION, **asdict(state)}, separators=(",", ":"))


def from_text(text: str) -> AlertState:
    """The state that was written.

    Raises:
        StateError: It was not written by this version.
    """
    try:
        read = json.loads(text)
        if read["version"] != _VERSION:
            raise StateError(f"version {read['version']}")
        incidents = read["incidents"]
        return AlertState(
            position=int(read["position"]),
            caught_up=bool(read["caught_up"]),
            incidents=Incidents(
                open=tuple(map(_incident, incidents["open"])),
                unfinished=tuple(map(_check, incidents["unfinished"])),
                attempts=tuple(map(_attempts, incidents["attempts"])),
            ),
            outbox={name: _queue(queue) for name, queue in read["outbox"].items()},
            # States from before there were reports have none.
            reports=ToldReports(**read.get("reports", {})),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StateError(f"{type(error).__name__}: {error}") from error


def _subject(read: Mapping[str, Any]) -> dict[str, Any]:
    return {**read, "subject": Subject(**{**read["subject"], "assets": tuple(read["subject"]["assets"])})}


def _incident(read: Mapping[str, Any]) -> Incident:
    return Incident(**_subject(read))


def _check(read: Mapping[str, Any]) -> CheckEvaluated:
    return CheckEvaluated(**_subject(read))


def _attempts(read: Mapping[str, Any]) -> FailedAttempts:
    return FailedAttempts(RunEnded(**_subject(read["run"])), int(read["left"]))


def _notice(read: Mapping[str, Any]) -> Notice:
    return Notice(**{**read, "incident": _incident(read["incident"])})


def _message(read: Mapping[str, Any]) -> Message:
    reports = tuple(ReadyReport(**report) for report in read.get("reports", ()))
    return Message(**{**read, "notices": tuple(map(_notice, read["notices"])), "reports": reports})


def _queue(read: Mapping[str, Any]) -> Queue:
    return Queue(**{**read, "messages": tuple(map(_message, read["messages"]))})
