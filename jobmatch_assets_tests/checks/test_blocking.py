"""What fails a blocking check in one layer is not built any further, in its run and in later ones."""

import datetime as dt
from collections.abc import Callable

import pytest

from jobmatch_assets.orchestration import data_checks
from jobmatch_assets.orchestration.partitions import DateRange
from jobmatch_assets_tests.workbench import Workbench

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)


def search(event_id: str, date: dt.date) -> str:
    return (
        f'{{"event_id":"{event_id}","event_name":"search","event_ts":"{date}T10:00:00Z","user_id":"u",'
        '"experiments":[{"experiment_id":"exp_rank","variant":"control"}]}'
    )


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    for date in (FIRST, SECOND):
        bench.land(f"dt={date}/a.ndjson", [search(f"a-{date}", date)])
    return bench


def searches(bench: Workbench) -> dict[dt.date, int]:
    rows = bench.query(
        "select event_date, searches from job_matching_gold.funnel_daily "
        "where platform = '__all__' and surface = '__all__'"
    )
    return dict(rows)


def failing(bench: Workbench) -> list[tuple[object, ...]]:
    return bench.query(
        "select asset, check_name, partition_date, is_blocking from job_matching_bronze.failing_checks "
        "where is_blocking order by all"
    )


def test_a_bad_row_in_bronze_stops_its_day_before_staging(bench: Workbench) -> None:
    bench.run()
    place = f"where _source_dt = '{SECOND}'"
    bench.query(f"update job_matching_bronze.events_raw set raw_form = 'utf16' {place}")
    before = bench.contents_by_date()
    for date in (FIRST, SECOND):
        bench.land(f"dt={date}/b.ndjson", [search(f"b-{date}", date)])

    report = bench.try_run()

    (problem,) = report.problems
    assert (
        "matches_contract of bronze/events_raw found 1 rows on 2026-03-02 that break raw_form_is_known"
        in problem
    )
    assert f"dt={SECOND}/a.ndjson:1" in problem
    assert searches(bench) == {FIRST: 2, SECOND: 1}
    after = bench.contents_by_date()
    assert {date for table, date in after if after[table, date] != before.get((table, date))} == {FIRST}
    assert failing(bench) == [("bronze/events_raw", "matches_contract", SECOND, True)]
    assert not bench.work()

    bench.query(f"update job_matching_bronze.events_raw set raw_form = 'text' {place}")
    bench.land(f"dt={SECOND}/c.ndjson", [search("d", SECOND)])
    bench.run()
    assert searches(bench) == {FIRST: 2, SECOND: 3}
    assert failing(bench) == []


def test_a_bad_row_in_gold_stops_the_experiments_of_its_date(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = data_checks.check_contract

    def with_a_bad_funnel(contract, columns, backend, days):  # type: ignore[no-untyped-def]
        if contract.table == "funnel_daily":
            backend.raw_sql(
                f"update job_matching_gold.funnel_daily set job_views = -1 where event_date = '{FIRST}'"
            )
        return check(contract, columns, backend, days)

    with monkeypatch.context() as patch:
        patch.setattr(data_checks, "check_contract", with_a_bad_funnel)
        report = bench.try_run()
    (problem,) = report.problems
    assert "matches_contract of gold/funnel_daily" in problem
    assert "counts_are_not_negative" in problem
    assert FIRST in report.built("gold")
    assert bench.query(
        "select count(*) from job_matching_gold.ab_cumulative_sums where as_of_date = $1", FIRST
    ) == [(0,)]
    assert failing(bench) == [("gold/funnel_daily", "matches_contract", FIRST, True)]
    assert not bench.work()

    bench.run(DateRange(FIRST, FIRST))
    assert failing(bench) == []
    assert not bench.work()
