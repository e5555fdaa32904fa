"""Dumps that are not whole, and sources that send no more, are told."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.checks.entity_files import DUMPS_ARE_COMPLETE, SOURCES_ARE_RECENT
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = dt.date(2026, 3, 2)
TAKEN_AT = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


@pytest.fixture
def bench(workbench: Callable[..., Workbench], tmp_path: Path) -> Workbench:
    registry = tmp_path / "sources.csv"
    registry.write_text("source,time_zone,default_currency,freshness_hours,max_deleted_share\nats,,,6,\n")
    made = workbench(JOBMATCH_SOURCES=str(registry))
    (made.landing / "events").mkdir(parents=True, exist_ok=True)
    return made


def land(bench: Workbench, name: str, *keys: str | None) -> None:
    file = bench.landing / "entities" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps({"job_id": key, "title": "A"}) + "\n" for key in keys))


def found(bench: Workbench, key: object, now: dt.datetime = TAKEN_AT) -> CheckOutcome:
    (outcome,) = bench.run_checks([key], [DAY], now)
    assert outcome.blocking is False
    return outcome


def test_a_dump_without_one_of_its_parts_is_told_until_it_comes(bench: Workbench) -> None:
    land(bench, f"job/dt={DAY}/jobs.snapshot-1-of-2.ndjson", "1")
    bench.run()
    outcome = found(bench, DUMPS_ARE_COMPLETE)
    assert not outcome.passed
    assert outcome.description == (
        "Check dumps_are_complete of silver/entity_snapshots: 1 dumps cannot be used as a whole, the last: job of product, "
        "2026-03-02 (job/dt=2026-03-02/jobs.snapshot-1-of-2.ndjson) has 1 of 2 parts. Land the others: until then it "
        "deletes nothing"
    )
    land(bench, f"job/dt={DAY}/jobs.snapshot-2-of-2.ndjson", "2")
    bench.run()
    assert found(bench, DUMPS_ARE_COMPLETE).passed


def test_a_dump_with_a_key_that_cannot_be_read_is_told(bench: Workbench) -> None:
    land(bench, f"job/dt={DAY}/jobs.snapshot.ndjson", "1", None)
    bench.try_run()
    told = found(bench, DUMPS_ARE_COMPLETE).description
    assert told is not None
    assert "has records whose key cannot be read (see silver/entities_quarantine)" in told


@pytest.mark.parametrize(("hours", "late"), [(6, []), (7, ["ats"]), (48, ["ats"]), (49, ["ats", "product"])])
def test_a_source_without_files_for_longer_than_its_hours_is_told(
    bench: Workbench, hours: int, late: list[str]
) -> None:
    land(bench, f"job/dt={DAY}/a.ndjson", "1")
    land(bench, f"job/source=ats/dt={DAY}/a.ndjson", "1")
    bench.run()
    outcome = found(bench, SOURCES_ARE_RECENT, TAKEN_AT + dt.timedelta(hours=hours, microseconds=-1))
    assert outcome.passed is not bool(late)
    if late:
        assert outcome.description is not None
        assert outcome.description.startswith(
            f"Check sources_are_recent of silver/entity_snapshots: {len(late)} sources have sent nothing for too long, "
            f"longest ats: its newest file is of 2026-03-02 23:59 UTC, {hours} hours ago; 6 are allowed"
        )
