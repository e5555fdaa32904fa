"""A date that fails a blocking check holds back what is built from it, and only that, until it is mended."""

import datetime as dt
import re
from collections.abc import Callable

import dagster as dg
import duckdb
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.stages import GOLD, HEALTH
from jobmatch_assets_tests.bench.events import lines
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10", JOBMATCH_QUARANTINE_BLOCK_SHARE="0.2")
    for day in (1, 2, 3, 4, 5):
        bench.land(f"dt=2026-03-0{day}/a.ndjson", lines(f"2026-03-0{day}", 20, 15 if day == 3 else 0))
    return bench


def funnel_dates(bench: Workbench) -> list[str]:
    rows = bench.query("select distinct event_date from job_matching_gold.funnel_daily order by all")
    return [str(date) for (date,) in rows]


def test_gold_of_the_bad_date_waits_and_all_other_dates_go_on(bench: Workbench) -> None:
    report = bench.try_run()
    assert not report.succeeded
    (problem,) = report.problems
    assert "quarantine" in problem
    assert "2026-03-03" in problem
    # The funnel of the date before reaches into the bad one.
    assert funnel_dates(bench) == ["2026-03-01", "2026-03-04", "2026-03-05"]
    assert not bench.work(), "what is held back is nothing to do"
    assert {str(date) for date in bench.work().held_back[GOLD]} == {"2026-03-02", "2026-03-03"}


def test_what_became_of_its_lines_is_shown_all_the_same_and_published(bench: Workbench) -> None:
    """Also as it is after more bad lines, which mend nothing."""
    queries = [
        "select date, lines, events, quarantined from job_matching_gold.data_health_daily order by date",
        "select date, reason, lines from job_matching_gold.quarantine_daily order by all",
    ]

    def read() -> list[list[tuple[object, ...]]]:
        with duckdb.connect(str(bench.settings.published_path), read_only=True) as reader:
            published = [reader.sql(query).fetchall() for query in queries]
        assert published == [bench.query(query) for query in queries]
        return published

    bench.try_run()
    health, reasons = read()
    assert [(str(date), *rest) for date, *rest in health] == [
        *(("2026-03-01", 20, 20, 0), ("2026-03-02", 20, 20, 0)),
        ("2026-03-03", 35, 20, 15),
        *(("2026-03-04", 20, 20, 0), ("2026-03-05", 20, 20, 0)),
    ]
    assert [(str(date), *rest) for date, *rest in reasons] == [("2026-03-03", "not_json", 15)]
    assert held_back(bench, "data_health_daily") == ""
    assert "2026-03-03" not in str(bench.work().held_back[HEALTH])

    funnel = bench.gold_by_date(["funnel_daily"])
    bench.land("dt=2026-03-03/worse.ndjson", ["{"] * 5)
    assert bench.try_run().built("health") == [dt.date(2026, 3, 3)]
    health, _ = read()
    assert health[2][1:] == (40, 20, 20)
    assert bench.gold_by_date(["funnel_daily"]) == funnel


def held_back(bench: Workbench, table: str) -> str:
    """What the check of a gold table says in the UI; empty where it passes."""
    key = dg.AssetCheckKey(dg.AssetKey(["gold", table]), "dates_are_not_held_back")
    record = bench.instance.get_latest_asset_check_evaluation_record(key)
    assert record is not None
    evaluation = record.event.asset_check_evaluation
    assert evaluation is not None
    assert evaluation.passed or evaluation.severity == dg.AssetCheckSeverity.WARN
    return "" if evaluation.passed else str(evaluation.description)


def test_gold_shows_which_dates_are_held_back_and_why_until_they_are_built(bench: Workbench) -> None:
    bench.try_run()
    for table in ("funnel_daily", "search_quality_daily"):
        said = held_back(bench, table)
        assert "2026-03-03" in said
        assert "quarantine_share of silver/events_quarantine on 2026-03-03" in said
        assert "2026-03-05" not in said
    more = [line.replace("2026-03-03-", "2026-03-03-more") for line in lines("2026-03-03", 2000, 0)]
    bench.land("dt=2026-03-03/b.ndjson", more)
    bench.run()
    assert [held_back(bench, table) for table in ("funnel_daily", "ab_results")] == ["", ""]


def test_a_table_that_is_built_by_itself_shows_it_too(bench: Workbench) -> None:
    bench.try_run()
    date = dt.date(2026, 3, 5)
    report = bench.run_selected('key:"gold/funnel_daily"', DateRange(date, date))
    assert report.problems == []
    assert "2026-03-02…2026-03-03" in held_back(bench, "funnel_daily")


def results_until(bench: Workbench) -> str:
    rows = bench.query("select max(as_of_date) from job_matching_gold.ab_cumulative_sums")
    return str(rows[0][0])


def test_ab_results_stop_before_a_bad_date_and_go_on_when_it_is_mended(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10", JOBMATCH_QUARANTINE_BLOCK_SHARE="0.2")

    def land(day: int, name: str, bad: int = 0) -> None:
        date = f"2026-03-0{day}"
        marked = [line[:-1] + ',"experiment_id":"exp","variant":"control"}' for line in lines(date, 100, 0)]
        named = [line.replace(f'"event_id":"{date}', f'"event_id":"{name}-{date}') for line in marked]
        bench.land(f"dt={date}/{name}.ndjson", [*named, *["{"] * bad])

    for day in (1, 2, 3, 4):
        land(day, "a", bad=50 if day == 3 else 0)
    bench.try_run()
    assert results_until(bench) == "2026-03-01", "the funnel of the 2nd reads the 3rd"
    land(1, "late")
    land(5, "a")
    bench.try_run()
    assert results_until(bench) == "2026-03-01", "the funnel of the 2nd reads the 3rd"
    assert not bench.work(), "what is held back is nothing to do"
    for name in "bcd":
        land(3, name)
    bench.run()
    assert results_until(bench) == "2026-03-05"
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.run()
    assert bench.contents() == contents


def test_other_data_does_not_clear_it_and_good_data_does(bench: Workbench) -> None:
    bench.try_run()
    check = dg.AssetCheckKey(dg.AssetKey(["silver", "events_quarantine"]), "quarantine_share")

    def passed() -> bool:
        record = bench.instance.get_latest_asset_check_evaluation_record(check)
        assert record is not None
        return bool(record.event.dagster_event.event_specific_data.passed)

    bench.land("dt=2026-03-06/a.ndjson", lines("2026-03-06", 20, 0))
    bench.try_run()
    assert "2026-03-06" in funnel_dates(bench)
    assert "2026-03-03" not in funnel_dates(bench)
    assert not passed(), "yesterday still fails, whatever today looks like"

    more = [line.replace("2026-03-03-", "2026-03-03-more") for line in lines("2026-03-03", 2000, 0)]
    bench.land("dt=2026-03-03/b.ndjson", more)
    bench.run()
    assert passed()
    assert funnel_dates(bench) == [f"2026-03-0{day}" for day in range(1, 7)]
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.run()
    assert bench.contents() == contents


def test_events_that_share_an_event_id_hold_back_their_date_until_they_come_with_their_own(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench()
    own = lines("2026-03-03", 1200, 0)
    shared = [re.sub('"event_id":"[^"]*"', '"event_id":"0"', line) for line in own]
    bench.land("dt=2026-03-01/a.ndjson", lines("2026-03-01", 20, 0))
    bench.land("dt=2026-03-03/a.ndjson", shared)
    report = bench.try_run()
    assert not report.succeeded
    (problem,) = report.problems
    assert "1,199 of 1,200" in problem
    assert "event_id 0 (1,199, for example dt=2026-03-03/a.ndjson:" in problem
    assert "jobmatch run --from 2026-03-03 --to 2026-03-03" in problem
    assert funnel_dates(bench) == ["2026-03-01"]
    # Lines that come again neither mend what is lost nor hold back what is right.
    bench.land("dt=2026-03-03/again.ndjson", [*shared, *shared])
    bench.land("dt=2026-03-01/again.ndjson", lines("2026-03-01", 20, 0) * 60)
    assert not bench.try_run().succeeded
    assert funnel_dates(bench) == ["2026-03-01"]
    bench.land("dt=2026-03-03/b.ndjson", own)
    bench.run()
    assert funnel_dates(bench) == ["2026-03-01", "2026-03-03"]
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.run()
    assert bench.contents() == contents


def test_readers_have_a_copy_of_gold_that_builds_do_not_disturb(workbench: Callable[..., Workbench]) -> None:
    bench = workbench()
    published = bench.settings.published_path
    bench.land("dt=2026-03-01/a.ndjson", lines("2026-03-01", 3, 0))
    bench.run()
    query = "select event_date, sum(searches) from job_matching_gold.funnel_daily group by all order by all"
    with duckdb.connect(str(published), read_only=True) as reader:
        before = reader.sql(query).fetchall()
        bench.land("dt=2026-03-02/a.ndjson", lines("2026-03-02", 3, 0))
        bench.run()
        assert reader.sql(query).fetchall() == before, "who has the old file open goes on reading it"
    with duckdb.connect(str(published), read_only=True) as reader:
        assert reader.sql(query).fetchall() == bench.query(query)
        assert len(bench.query(query)) == 2
    published.unlink()
    bench.land("dt=2026-03-02/b.ndjson", ["{"])
    bench.run()
    assert published.exists()
