"""Observations and notices in as few words as a test needs."""

from typing import Any

from jobmatch_assets.alerting.incidents import (
    CheckEvaluated,
    FreshnessSeen,
    Incident,
    Notice,
    RunEnded,
    Subject,
)
from jobmatch_assets.alerting.messages import Message, message_of

NOON = 1_772_452_800.0
"""2026-03-02 12:00 UTC."""

UI = "http://127.0.0.1:3000"


def check(name: str = "unique_grain", asset: str = "gold/funnel_daily") -> Subject:
    return Subject("check", name, (asset,))


def job(name: str = "process_new_files", *assets: str, first: str = "", last: str = "") -> Subject:
    return Subject("run", name, assets, first, last or first)


def asset(name: str = "gold/funnel_daily") -> Subject:
    return Subject("asset", assets=(name,))


def evaluated(
    subject: Subject, passed: bool, run_id: str = "r1", at: float = NOON, **more: Any
) -> CheckEvaluated:
    return CheckEvaluated(
        subject,
        passed,
        **({"severity": "error", "partitions": "", "error": "bad"} | more),
        run_id=run_id,
        at=at,
    )


def ended(
    subject: Subject, outcome: Any = "success", run_id: str = "r1", at: float = NOON, **more: Any
) -> RunEnded:
    return RunEnded(subject, outcome, run_id, at, **more)


def seen(subject: Subject, status: Any, at: float = NOON) -> FreshnessSeen:
    return FreshnessSeen(subject, status, at, "Last materialized 2026-03-01 12:00 UTC.")


def notice(subject: Subject | None = None, until: float | None = None, **more: Any) -> Notice:
    incident = Incident(
        **{
            "subject": subject or check(),
            "severity": "error",
            "since": NOON,
            "run_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
            "partitions": "2026-03-02",
            "error": "3 rows, the first: event_date=2026-03-02",
            "told": True,
        }
        | more
    )
    return Notice(incident, until, incident.run_id)


def message(*notices: Notice) -> Message:
    return message_of(notices or (notice(),))
