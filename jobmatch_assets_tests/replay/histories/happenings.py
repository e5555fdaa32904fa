"""Events of a history's jobs and applications, some of them of what no table knows."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from jobmatch_assets_tests.replay.histories.moments import DAYS
from jobmatch_assets_tests.replay.histories.world import World
from jobmatch_assets_tests.replay.tables import STATUSES

_NAMES = ("click", "job_view", "bookmark", "apply", "apply", "application_status", "application_status")


def write_events(worlds: list[World], landing: Path) -> None:
    """Land the events of all worlds, a file for each of their dates."""
    by_date = defaultdict(list)
    for world in worlds:
        for event in _events(world):
            by_date[event["event_ts"][:10]].append(json.dumps(event))
    (landing / "events").mkdir(parents=True, exist_ok=True)
    for date, lines in by_date.items():
        path = landing / "events" / f"dt={date}" / "events.ndjson"
        path.parent.mkdir()
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
