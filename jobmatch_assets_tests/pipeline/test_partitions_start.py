"""The first partition moves: what is staged again by it moves along, and a line that does not is found."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.golden import GOLDEN
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

EARLY, LATE = "2026-03-01", "2026-03-03"


@pytest.fixture
def bench_from(tmp_path: Path, instance: dg.DagsterInstance) -> Callable[..., Workbench]:
    """The same folder by other settings."""

    def made(**environment: str) -> Workbench:
        return Workbench(tmp_path, instance, **environment)

    return made


def land(bench: Workbench) -> DateRange:
    """Lines of three dates in a file of the last one, and a list over all of them; returns its day."""
    lines = [
        unit_line(f"{date}{n}", date, "b")
        for date in ("2026-03-01", "2026-03-02", "2026-03-04")
        for n in "ab"
    ]
    again = unit_line("2026-03-02a", "2026-03-04", "b").replace("}", ',"source":"x"}')
    bench.land("dt=2026-03-04/a.ndjson", [*lines, again, "{"])
    bench.land("dt=2026-03-05/b.ndjson", [unit_line("other", "2026-03-05", "control")])
    return DateRange(*[dt.date(2026, 3, 4)] * 2)


def counts(bench: Workbench) -> tuple[int, ...]:
    tables = ("events", "events_duplicates", "events_quarantine")
    return tuple(bench.query(f"select count(*) from job_matching_silver.{name}")[0][0] for name in tables)


@pytest.mark.parametrize(("before", "after"), [(LATE, EARLY), (EARLY, LATE)])
def test_staging_a_day_again_moves_its_lines_wherever_they_belong(
    before: str, after: str, bench_from: Callable[..., Workbench]
) -> None:
    bench = bench_from(JOBMATCH_PARTITIONS_START=before)
    day = land(bench)
    build(bench)
    moved = bench_from(JOBMATCH_PARTITIONS_START=after)
    moved.run(day)
    assert sum(counts(moved)) == 9
    contents = moved.contents()
    assert moved.waiting("silver", "gold", "experiments") == []
    moved.warehouse.unlink()
    build(moved)
    assert moved.contents() == contents


@pytest.mark.parametrize(("before", "after"), [(LATE, EARLY), (EARLY, LATE)])
def test_a_new_file_of_the_day_does_the_same(
    before: str, after: str, bench_from: Callable[..., Workbench]
) -> None:
    land(bench_from(JOBMATCH_PARTITIONS_START=before))
    build(bench_from(JOBMATCH_PARTITIONS_START=before))
    moved = bench_from(JOBMATCH_PARTITIONS_START=after)
    moved.land("dt=2026-03-04/new.ndjson", [unit_line("new", "2026-03-04")])
    moved.run()
    contents = moved.contents()
    moved.warehouse.unlink()
    build(moved)
    assert moved.contents() == contents


def test_another_currency_changes_the_dates_of_bids_without_one(bench_from: Callable[..., Workbench]) -> None:
    bench = bench_from()
    bid = unit_line("bid", "2026-03-02").replace("}", ',"bid":1.5,"schema_version":2,"search_id":"s"}')
    bench.land("dt=2026-03-04/a.ndjson", [bid, unit_line("a", "2026-03-03")])
    bench.run()
    other = bench_from(JOBMATCH_DEFAULT_CURRENCY="CHF")
    report = other.run(DateRange(*[dt.date(2026, 3, 4)] * 2))
    assert [str(date) for date in report.built("silver")] == ["2026-03-02"]
    assert other.query("select currency from job_matching_silver.events where bid > 0") == [("CHF",)]


def test_staging_again_by_the_same_settings_touches_nothing_else(golden_copy: Workbench) -> None:
    golden_copy.land_copy(GOLDEN / "landing", "02032026_funnel.ndjson")
    day = dt.date(2026, 3, 4)
    report = golden_copy.run(DateRange(day, day))
    assert report.built("bronze") == report.built("silver") == [day]


def test_a_run_that_is_stopped_after_staging_forgets_no_line(
    bench_from: Callable[..., Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobmatch_assets.warehouse.control.staging import StagedLines

    def stopped(*_: object) -> None:
        raise RuntimeError("stopped")

    day = land(bench_from(JOBMATCH_PARTITIONS_START=EARLY))
    build(bench_from(JOBMATCH_PARTITIONS_START=EARLY))
    moved = bench_from(JOBMATCH_PARTITIONS_START=LATE)
    with monkeypatch.context() as patch:
        patch.setattr(StagedLines, "queue", stopped)
        assert not moved.try_run(day).succeeded
    moved.run()
    contents = moved.contents()
    moved.warehouse.unlink()
    build(moved)
    assert moved.contents() == contents


@pytest.mark.parametrize("start", [EARLY, LATE])
def test_lines_that_stand_under_two_dates_or_none_are_found(
    start: str, bench_from: Callable[..., Workbench]
) -> None:
    """As it was before staging queued what it changes: the day is staged, the moved dates are not built."""
    bench = bench_from(JOBMATCH_PARTITIONS_START=EARLY if start == LATE else LATE)
    day = land(bench)
    build(bench)
    moved = bench_from(JOBMATCH_PARTITIONS_START=start)
    moved.run_selected('key:"silver/stg_events" or key:"silver/stg_search_dates"', day)
    moved.query("delete from job_matching_bronze.rebuild_queue")
    report = moved.run_selected('key:"silver/events" or key:"silver/events_duplicates"', day)
    found = [problem for problem in report.problems if "lines_are_conserved" in problem]
    assert found
    assert "dt=2026-03-04/a.ndjson" in found[0]
