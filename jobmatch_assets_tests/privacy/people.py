"""A small platform with a person in every table, spot and spelling, and another who does the same."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.events import event
from jobmatch_assets_tests.bench.workbench import Workbench

ANNA, BERT = "anna-4711x", "bert-0815y"
KEY = "a key of this test alone"
SETTINGS = {
    "JOBMATCH_ERASURE_KEY": KEY,
    "JOBMATCH_PARTITIONS_START": "2026-03-01",
    "JOBMATCH_PARTITIONS_END": "2026-03-04",
    "JOBMATCH_QUARANTINE_WARN_SHARE": "1",
    "JOBMATCH_QUARANTINE_BLOCK_SHARE": "1",
}


def device_of(user: str) -> str:
    return f"cookie-9{user[:4]}1"


def candidate_of(user: str) -> str:
    return f"cand-7{user[:4]}k"


def written_by(user: str) -> str:
    """What stands in everything that the user, or somebody else of them, wrote."""
    return f"Dear {user[:4].title()} Example"


@contextmanager
def platform_of_people(folder: Path) -> Iterator[tuple[Workbench, Path]]:
    """What they have landed in a folder, and the home of Dagster, in which commands are given until the block ends."""
    home = folder / "home"
    home.mkdir()
    shutil.copy(PROJECT_DIR / "dagster.yaml", home)
    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        patch.chdir(home)
        bench = Workbench(folder, instance, None, **SETTINGS)
        land_people(bench)
        yield bench, home


def land_people(bench: Workbench) -> None:
    """Events of two days and records of four tables."""
    bench.land("dt=2026-03-01/a.ndjson", [*events_of(ANNA), *events_of(BERT), *odd_lines_of(ANNA)])
    bench.land(
        "dt=2026-03-02/b.ndjson", [event("login", ANNA, "2026-03-02T08:00:00", anonymous_id=device_of(ANNA))]
    )
    for user in (ANNA, BERT):
        _land_records(bench, user)
    job = {"job_id": "job-1", "title": f"Nurse, ask {ANNA}", "updated_at": "2026-03-01T00:00:00Z"}
    bench.land_entities("job/dt=2026-03-01/jobs.ndjson", [job])


def events_of(user: str) -> list[Mapping[str, Any]]:
    at, device, listed = "2026-03-01T09:30", device_of(user), {"search_id": f"q-{user}", "surface": "search"}
    shown = {**listed, "job_id": "job-1", "rank_position": 1}
    person = {"name": written_by(user)}
    anonymous = {"event_id": f"{user}-0", "event_name": "session_start", "event_ts": f"{at}:00Z"}
    return [
        anonymous | {"anonymous_id": device, "session_id": f"{device}-s1"},
        event("search", user, f"{at}:05", anonymous_id=device, search_query=written_by(user), **listed),
        event("impression", user, f"{at}:06", **shown),
        event("click", user, f"{at}:09", **shown, referrer=f"https://x.example/u/{user}?a=1", person=person),
        event("apply", user, f"{at}:30", **shown, application_id=f"app-{user[:4]}"),
    ]


def odd_lines_of(user: str) -> list[str | bytes]:
    """Lines that are rejected, each for a reason of its own, with the user in them."""
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in user)
    words = written_by(user)
    return [
        f'{{"event_id":"odd-1","user_id":"{user}","search_query":"{words}',
        f'{{"event_id":"odd-2","event_name":"dance","event_ts":"2026-03-01T09:00:00Z","user_id":"{escaped}"}}',
        f'["{user}", "{words}"]',
        f'{{"user_id":"{user}","search_query":"{words} \xe4"}}'.encode("latin-1"),
        json.dumps({"user_id": user, "x": words * 2**17}),
        f'{{"event_id":"odd-3","user_id":"{user}","deep":{"[" * 600}"{words}"{"]" * 600}}}',
        f"call {user} back, {words}",
    ]


def _land_records(bench: Workbench, user: str) -> None:
    name, candidate, words = user[:4], candidate_of(user), written_by(user)
    at = {"updated_at": "2026-03-01T06:00:00Z"}
    after = {"user_id": user, "role": "candidate", "candidate_id": candidate, "full_name": words}
    source = {"name": "shop", "lsn": 5, "ts_us": 1772342400000000}
    bench.land_entities(
        f"user/dt=2026-03-01/{name}.ndjson", [{"op": "c", "before": None, "after": after, "source": source}]
    )
    bench.land_entities(
        f"candidate/dt=2026-03-01/{name}.csv",
        [
            "candidate_id,user_id,headline,city,email,updated_at",
            f"{candidate},{user},{words},Bremen,{words},{at['updated_at']}",
            f"{candidate},{user}",
        ],
    )
    application = {"application_id": f"app-{name}", "job_id": "job-1", "candidate_id": candidate}
    bench.land_entities(
        f"application/dt=2026-03-01/{name}.ndjson",
        [{**application, "user_id": user, "status": "submitted", **at}],
    )
    bench.land_entities(
        f"application/dt=2026-03-02/{name}.csv",
        [
            "application_id,status,rejection_reason,updated_at",
            f"app-{name},rejected,{words},2026-03-02T06:00:00Z",
        ],
    )
