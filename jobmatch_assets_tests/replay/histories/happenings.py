"""Events of a history's jobs and applications, some of them of what no table knows."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from jobmatch_assets_tests.replay.histories.moments import DAYS
from jobmatch_assets_tests.replay.histories.world import World
from jobmatch_assets_tests.replay.tables import STATUSES

_NAMES = ("click", "job_view", "bookmark", "apply", "apply", "application_status", "application_status")


@dataclass(frozen=True)
class EventsFile:
    """A file of events.

    Attributes:
        path: Below the landing root.
        content: Its bytes.
    """

    path: str
    content: bytes


def events_files(worlds: Sequence[World]) -> list[EventsFile]:
    """The events of worlds, some files for each of their dates."""
    lines = defaultdict(list)
    for world in worlds:
        for event in _events(world):
            path = f"events/dt={event['event_ts'][:10]}/{world.seed % 3}.ndjson"
            lines[path].append(json.dumps(event).encode() + b"\n")
    return [EventsFile(path, b"".join(of)) for path, of in lines.items()]


def _events(world: World) -> Iterator[dict[str, Any]]:
    # A sequence of its own: events do not move what records say.
    rng = Random(f"events {world.seed}")
    moments = [moment for moment in world.moments if moment.date() in DAYS]
    for number in range(rng.randint(15, 40)):
        name = rng.choice(_NAMES)
        event = {
            "event_id": f"{world.prefix}-e{rng.randint(0, 9)}-{number}",
            "schema_version": 2,
            "event_name": name,
            "event_ts": _written(rng.choice(moments)),
            "user_id": rng.choice(_ids(world, "user", "user")),
            "surface": rng.choice(["search", "email", "direct"]),
            "job_id": rng.choice(_ids(world, "job", "nobody")),
        }
        if rng.random() < 0.5:
            event["campaign_id"] = int(rng.choice(world.ids.get("campaign", ["7"])))
        if rng.random() < 0.5:
            event["search_id"] = f"s{rng.randint(1, 3)}"
        if name == "application_status" or (name == "apply" and rng.random() < 0.8):
            event["application_id"] = rng.choice(_ids(world, "application", "ap9", "ap10"))
        if name == "application_status":
            event["application_status"] = rng.choice(STATUSES)
        yield event


def _ids(world: World, table: str, *others: str) -> list[str]:
    return [*world.ids.get(table, []), *(f"{world.prefix}-{other}" for other in others)]


def _written(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
