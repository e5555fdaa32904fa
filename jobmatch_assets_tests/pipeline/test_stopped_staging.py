"""A run that is stopped between staging lines and queueing what they touch, and what somebody does before the next."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.steps import build
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"
ONE_DATE = DateRange(dt.date.fromisoformat(DAY), dt.date.fromisoformat(DAY))


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True)
    return bench


def stop(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose lines are staged, and nothing is told of it."""

    def stopped(*_given: object) -> None:
        raise RuntimeError("stopped")

    with monkeypatch.context() as patched:
        patched.setattr(build, "queue_staged", stopped)
        assert not bench.try_run().succeeded


def test_files_of_two_tables_may_have_the_same_bytes(
    bench: Workbench, tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = json.dumps({"company_id": "1", "job_id": "1", "name": "A", "title": "A"})
    bench.land_entities(f"company/dt={DAY}/companies.ndjson", [both])
    other = bench.land_entities(f"company/dt={DAY}/other.ndjson", [json.dumps({"company_id": "2"})])
    bench.run()
    bench.land_entities(f"job/dt={DAY}/jobs.ndjson", [both])
    stop(bench, monkeypatch)
    bench.withdraw(f"entities/company/dt={DAY}/other.ndjson")
    bench.run()
    assert bench.query("select job_id from job_matching_silver.job_versions") == [("1",)]
    other.unlink()
    (tmp_path / "fresh").mkdir()
    fresh = Workbench(tmp_path / "fresh", instance, bench.landing)
    fresh.run()
    assert bench.contents(provenance=False) == fresh.contents(provenance=False)


def test_lines_that_a_later_stage_has_taken_in_leave_it_with_their_file(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.land(f"dt={DAY}/a.ndjson", [unit_line("a", DAY)])
    bench.run()
    bench.land("dt=2026-03-03/b.ndjson", [unit_line("b", DAY)])
    stop(bench, monkeypatch)
    events = "select event_id from job_matching_silver.events order by all"
    of_silver = ("events", "events_duplicates", "events_quarantine")
    bench.run_selected(" or ".join(f'key:"silver/{table}"' for table in of_silver), ONE_DATE)
    assert bench.query(events) == [("a",), ("b",)]
    bench.withdraw("events/dt=2026-03-03/b.ndjson")
    bench.run()
    assert bench.query(events) == [("a",)]
