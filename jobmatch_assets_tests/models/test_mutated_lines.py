"""Damaged lines and records stop nothing, are all accounted for, and leave the valid ones beside them alone."""

import gzip
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jobmatch_assets_tests.bench.mutations import HOSTILE, mutated
from jobmatch_assets_tests.bench.workbench import Workbench

Lines = list[bytes | str | Mapping[str, Any]]

DAY = "2026-03-02"
LIMITS = {"JOBMATCH_QUARANTINE_BLOCK_SHARE": "1", "JOBMATCH_DUPLICATES_BLOCK_SHARE": "1"}
VALID = 50
BOMB = 64 * 2**20


def an_event(rng: random.Random, number: int) -> dict[str, Any]:
    return {
        "event_id": f"broken-{number}",
        "schema_version": rng.choice((1, 2)),
        "event_name": rng.choice(("search", "impression", "click", "apply", "login")),
        "event_ts": f"{DAY}T10:{number % 60:02}:00Z",
        "user_id": f"u{number % 97}",
        "search_id": f"s{number % 31}",
        "job_id": f"j{number % 7}",
        "rank_position": number % 9 + 1,
        "experiment_id": "exp",
        "variant": rng.choice(("a", "b")),
    }


def a_job(rng: random.Random, number: int) -> dict[str, Any]:
    return {
        "job_id": f"broken-{number}",
        "title": "Nurse",
        "company_id": f"c{number % 5}",
        "salary_min": rng.randrange(9_000),
        "skills": ["a", "b"],
        "updated_at": f"{DAY}T06:00:00Z",
    }


def valid(make: Callable[[random.Random, int], dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return [make(random.Random(0), number) | {key: f"ok-{number}"} for number in range(VALID)]


def landed(bench: Workbench, seed: int, count: int) -> None:
    """Half of the damage in events, half in records, valid ones between; and what only looks like a file."""
    events: Lines = [*mutated(seed, count // 2, an_event), *valid(an_event, "event_id")]
    jobs: Lines = [*mutated(seed + 1, count - count // 2, a_job), *valid(a_job, "job_id")]
    for lines in (events, jobs):
        random.Random(seed).shuffle(lines)
    bench.land(f"dt={DAY}/all {HOSTILE[0]}.ndjson", events)
    bench.land_entities(f"job/dt={DAY}/jobs.ndjson", jobs)
    bench.land(f"dt={DAY}/bomb.ndjson.gz", []).write_bytes(gzip.compress(b" " * BOMB + b'{"a":1}'))
    bench.land_entities(f"job/dt={DAY}/deep.json", [b"[" * 100_000])


def accounted_for(bench: Workbench, count: int) -> None:
    """Every line has one outcome, and the valid ones read as they were sent."""
    problems = bench.try_run().problems
    # The one file that cannot be read is told, once, and nothing else is wrong.
    assert len(problems) == 1, problems
    assert "deep.json" in problems[0]
    ((lines, staged, kept, duplicates, quarantined),) = bench.query(
        "select (select count(*) from job_matching_bronze.events_raw), "
        + ", ".join(
            f"(select count(*) from job_matching_silver.{table})"
            for table in ("stg_events", "events", "events_duplicates", "events_quarantine")
        )
    )
    assert lines == staged == kept + duplicates + quarantined
    assert lines > count // 2
    assert quarantined > count // 10
    ((records, staged_records),) = bench.query(
        "select (select count(*) from job_matching_bronze.entities_raw), "
        "(select count(*) from job_matching_silver.stg_entity_records)"
    )
    assert records == staged_records > count - count // 2
    found = bench.rows(
        "select event_id, user_id, search_id, rank_position from job_matching_silver.events "
        "where starts_with(event_id, 'ok-')"
    )
    by_id = {sent["event_id"]: sent for sent in valid(an_event, "event_id")}
    assert len(found) == VALID
    assert all(row.items() <= by_id[row["event_id"]].items() for row in found)
    titles = bench.query(
        "select distinct title from job_matching_silver.job_versions where starts_with(job_id, 'ok-')"
    )
    jobs = bench.query(
        "select count(*) from job_matching_silver.job_versions where starts_with(job_id, 'ok-')"
    )
    assert (titles, jobs) == ([("Nurse",)], [(VALID,)])


def test_hundreds_of_damaged_lines(workbench: Callable[..., Workbench]) -> None:
    bench = workbench(**LIMITS)
    landed(bench, seed=1, count=600)
    accounted_for(bench, 600)


@pytest.mark.proof
def test_a_hundred_thousand_damaged_lines(workbench: Callable[..., Workbench]) -> None:
    bench = workbench(**LIMITS)
    landed(bench, seed=2, count=100_000)
    accounted_for(bench, 100_000)
