"""A table by week: which changes build a week again, and what holds it back. Weeks begin on Monday, 2 March 2026."""

import datetime as dt
from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.stages import WEEKLY
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import event, lines
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

FIRST, SECOND, THIRD = (dt.date(2026, 3, 2) + dt.timedelta(days=7 * n) for n in range(3))
WEEK = "funnel_weekly"


def searched(unit: str, time: str, name: str = "search", **fields: object) -> dict[str, object]:
    return event(name, unit, f"2026-03-{time}:00", search_id=f"s-{unit}", **fields)


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    """Three weeks: one user comes twice in the first, another on its Sunday evening."""
    bench = workbench()
    bench.land("dt=2026-03-03/a.ndjson", [searched("ann", "03T10:00")])
    bench.land("dt=2026-03-06/a.ndjson", [searched("ann", "06T10:00")])
    bench.land("dt=2026-03-08/a.ndjson", [searched("bob", "08T20:00")])
    bench.land("dt=2026-03-11/a.ndjson", [searched("cat", "11T10:00")])
    bench.land("dt=2026-03-17/a.ndjson", [searched("dan", "17T10:00")])
    build(bench)
    return bench


def totals(bench: Workbench, *columns: str) -> list[tuple[object, ...]]:
    return bench.query(
        f"select week_start, {', '.join(columns)} from job_matching_gold.funnel_weekly "
        "where platform = '__all__' and device_type = '__all__' and surface = '__all__' order by week_start"
    )


def changed_weeks(bench: Workbench, before: dict[tuple[str, str], str]) -> set[str]:
    after = bench.gold_by_date([WEEK])
    return {week for table, week in after if before.get((table, week)) != after[table, week]}


def assert_as_from_nothing(bench: Workbench) -> None:
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.try_run()
    assert bench.contents() == contents


def test_a_user_of_two_days_is_one_user_of_the_week(bench: Workbench) -> None:
    assert totals(bench, "searches", "users_search", "entered") == [
        (FIRST, 3, 2, 2),
        (SECOND, 1, 1, 1),
        (THIRD, 1, 1, 1),
    ]


def test_a_late_event_builds_its_week_again_and_no_other(bench: Workbench) -> None:
    before = bench.gold_by_date([WEEK])
    bench.land("dt=2026-03-20/late.ndjson", [searched("eve", "04T10:00")])
    report = bench.run()
    assert report.built("weekly") == [FIRST]
    assert changed_weeks(bench, before) == {str(FIRST)}
    assert totals(bench, "users_search")[0] == (FIRST, 3)
    assert_as_from_nothing(bench)


def test_an_event_just_after_a_week_builds_that_week_again(bench: Workbench) -> None:
    before = bench.gold_by_date([WEEK])
    after_midnight = searched("bob", "09T19:00", "impression", job_id="j", rank_position=1)
    bench.land("dt=2026-03-09/a.ndjson", [after_midnight])
    report = bench.run()
    assert report.built("weekly") == [FIRST, SECOND]
    assert changed_weeks(bench, before) == {str(FIRST), str(SECOND)}
    assert totals(bench, "impressions", "reached_impression")[:2] == [(FIRST, 0, 1), (SECOND, 1, 0)]
    assert_as_from_nothing(bench)


def test_an_event_of_tuesday_does_not_reach_into_the_week_before(bench: Workbench) -> None:
    bench.land(
        "dt=2026-03-10/a.ndjson", [searched("bob", "10T00:00", "impression", job_id="j", rank_position=1)]
    )
    assert bench.run().built("weekly") == [SECOND]


def test_dates_that_are_built_by_force_build_their_week(bench: Workbench) -> None:
    bench.query("update job_matching_gold.funnel_weekly set searches = 99")
    thursday = dt.date(2026, 3, 11)
    assert bench.run(DateRange(thursday, thursday)).built("weekly") == [SECOND]
    assert [searches for _, searches in totals(bench, "searches")] == [99, 1, 99]


def test_a_week_that_is_built_by_itself_takes_its_dates_off_the_queue(bench: Workbench) -> None:
    bench.query("update job_matching_gold.funnel_weekly set searches = 99")
    bench.query(
        "insert into job_matching_bronze.rebuild_queue (stage, event_date, cause_date, request_id, feed) "
        "select 'weekly', date '2026-03-05', date '2026-03-05', 'test', 'events'"
    )
    report = bench.run_selected(
        'key:"gold/funnel_weekly"', DateRange(dt.date(2026, 3, 4), dt.date(2026, 3, 9))
    )
    assert (report.problems, report.built("weekly")) == ([], [FIRST, SECOND])
    assert bench.waiting("weekly") == []
    assert [searches for _, searches in totals(bench, "searches")] == [3, 1, 99]


def test_one_bad_date_holds_its_week_back_and_the_week_that_reads_it(
    workbench: Callable[..., Workbench],
) -> None:
    bench = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10", JOBMATCH_QUARANTINE_BLOCK_SHARE="0.2")
    # Monday the 9th is read by the week before, too.
    for day, bad in ((3, 0), (8, 0), (9, 15), (11, 0), (17, 0)):
        bench.land(f"dt=2026-03-{day:02d}/a.ndjson", lines(f"2026-03-{day:02d}", 20, bad))
    bench.try_run()
    assert [week for week, _ in totals(bench, "searches")] == [THIRD]
    assert bench.work().held_back[WEEKLY] == {FIRST, SECOND}
    assert not bench.work(), "what is held back is nothing to do"
    bench.try_run(DateRange(FIRST, THIRD))
    assert [week for week, _ in totals(bench, "searches")] == [THIRD]
    more = [line.replace("2026-03-09-", "2026-03-09-more") for line in lines("2026-03-09", 200, 0)]
    bench.land("dt=2026-03-09/b.ndjson", more)
    bench.run()
    assert [week for week, _ in totals(bench, "searches")] == [FIRST, SECOND, THIRD]
    assert bench.work().held_back[WEEKLY] == set()
    assert_as_from_nothing(bench)


def test_the_first_and_the_last_week_may_lack_days(workbench: Callable[..., Workbench]) -> None:
    bench = workbench(JOBMATCH_PARTITIONS_START="2026-03-05", JOBMATCH_PARTITIONS_END="2026-03-11")
    for day in (5, 11, 12):
        bench.land(f"dt=2026-03-{day:02d}/a.ndjson", [searched(f"u{day}", f"{day:02d}T10:00")])
    report = bench.run()
    assert report.built("weekly") == [FIRST, SECOND]
    assert totals(bench, "searches") == [(FIRST, 1), (SECOND, 1)]
    selected = bench.run_selected(
        'key:"gold/funnel_weekly"', DateRange(dt.date(2026, 3, 5), dt.date(2026, 3, 11))
    )
    assert (selected.problems, selected.built("weekly")) == ([], [FIRST, SECOND])
    partitions = bench.definitions().resolve_asset_graph().get(dg.AssetKey(["gold", WEEK])).partitions_def
    assert partitions is not None
    assert list(partitions.get_partition_keys()) == [str(FIRST), str(SECOND)]


def test_a_week_waits_for_its_days_and_for_what_comes_after(bench: Workbench) -> None:
    graph = bench.definitions().resolve_asset_graph()
    week, events = (dg.AssetKey(["gold", WEEK]), dg.AssetKey(["silver", "events"]))
    mapping = graph.get_partition_mapping(week, events)
    found = mapping.get_upstream_mapped_partitions_result_for_partitions(
        graph.get(week).partitions_def.subset_with_partition_keys([str(FIRST)]),
        graph.get(week).partitions_def,
        graph.get(events).partitions_def,
    )
    days = sorted(found.partitions_subset.get_partition_keys())
    assert days[0] == str(FIRST)
    assert str(SECOND) in days
