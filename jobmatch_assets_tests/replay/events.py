"""The events that histories come with: valid ones, each with an identity of its own."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobmatch_assets_tests.replay import times


@dataclass(frozen=True)
class Event:
    """What facts know of an event."""

    event_id: str
    name: str
    at: int
    unit_id: str
    surface: str
    job_id: str | None
    campaign_id: int | None
    search_id: str | None
    application_id: str | None
    status: str | None


def read_events(landing: Path) -> list[Event]:
    """All events of a landing root."""
    lines = (
        line
        for path in sorted((landing / "events").rglob("*.ndjson"))
        for line in path.read_text().splitlines()
    )
    return [_event(line) for line in lines]


def _event(line: str) -> Event:
    sent = json.loads(line)
    at = times.moment(sent["event_ts"])
    assert at is not None
    return Event(
        event_id=sent["event_id"],
        name=sent["event_name"],
        at=at,
        unit_id=sent["user_id"],
        surface=sent["surface"],
        job_id=sent.get("job_id"),
        campaign_id=sent.get("campaign_id"),
        search_id=sent.get("search_id"),
        application_id=sent.get("application_id"),
        status=sent.get("application_status"),
    )


def of_applications(events: Sequence[Event]) -> Iterator[Event]:
    """Those that tell about an application."""
    return (
        event for event in events if event.name in ("apply", "application_status") and event.application_id
    )
