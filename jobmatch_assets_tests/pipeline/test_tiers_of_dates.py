"""Tiers of jobs are told again from the first date that has changed on, and are the same as if all were told at once."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

TIERS = "job_matching_silver.job_tiers"
HISTORY = "job_matching_gold.job_mart_history"
LISTS_A_DAY = 8
DAYS = 9


def _date(day: int) -> str:
    return f"2026-03-{day:02}"


def _click(job: str, day: int, number: int, at: str = "") -> str:
    return line(
        f"c-{job}-{day}-{number}",
        at or _date(day),
        "click",
        search_id=f"s-{job}-{day}-{number}",
        job_id=job,
        user_id=f"u{number}",
    )


def _lists(day: int) -> list[str]:
    """Lists of one item: `1` is clicked until the fourth day, `2` from then on, `3` every other time."""
    lines = []
    for number in range(LISTS_A_DAY):
        for job in ("1", "2", "3"):
            search = {"search_id": f"s-{job}-{day}-{number}", "user_id": f"u{number}"}
            lines.append(
                line(
                    f"i-{job}-{day}-{number}", _date(day), "impression", job_id=job, rank_position=1, **search
                )
            )
            if {"1": day < 5, "2": day >= 5, "3": bool(number % 2)}[job]:
                lines.append(_click(job, day, number))
    return lines


def _job(job: str, since: int) -> str:
    return json.dumps({"job_id": job, "title": "A", "updated_at": f"{_date(since)}T00:00:00Z"})


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    """Three jobs with lists from the second day on; the last day has not come."""
    made = workbench()
    made.land_entities(f"job/dt={_date(2)}/jobs.ndjson", [_job(job, 2) for job in ("1", "2", "3")])
    for day in range(2, DAYS):
        made.land(f"dt={_date(day)}/lists.ndjson", _lists(day))
    made.run()
    assert {tier for _, tier, *_ in _told(made, TIERS)} == {"hot", "good", "weak", "insufficient"}
    return made


def _told(bench: Workbench, table: str) -> list[tuple[object, ...]]:
    return bench.query(
        f"select job_id, tier, valid_from, valid_to, * from {table} order by job_id, valid_from"
    )


def _another_day(bench: Workbench) -> None:
    bench.land(f"dt={_date(DAYS)}/lists.ndjson", _lists(DAYS))


def _late_lists(bench: Workbench) -> None:
    bench.land(f"dt={_date(DAYS - 1)}/late.ndjson", [_click("2", 3, number) for number in range(LISTS_A_DAY)])


def _clicks_after_midnight(bench: Workbench) -> None:
    """They are clicks of the date after, and count on that of their lists."""
    clicks = [_click("1", 6, number, f"{_date(7)}T02:00:00") for number in range(LISTS_A_DAY)]
    bench.land(f"dt={_date(DAYS - 1)}/clicks.ndjson", clicks)


def _known_before(bench: Workbench) -> None:
    bench.land_entities(f"job/dt={_date(DAYS - 1)}/before.ndjson", [_job("2", 1)])


def _last_date_of_a_file(bench: Workbench) -> None:
    bench.land_entities(f"job/dt={_date(12)}/rejected.ndjson", ["{}"])


CHANGES = [_another_day, _late_lists, _clicks_after_midnight, _known_before, _last_date_of_a_file]


@pytest.mark.parametrize("is_reversed", [False, True])
def test_they_are_those_of_a_build_of_all_dates(bench: Workbench, is_reversed: bool) -> None:
    for change in reversed(CHANGES) if is_reversed else CHANGES:
        before = _told(bench, TIERS)
        change(bench)
        bench.run()
        told = {table: _told(bench, table) for table in (TIERS, HISTORY)}
        # A change that comes after all others may change nothing more.
        assert is_reversed or told[TIERS] != before
        bench.run(forced=DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 1)))
        assert {table: _told(bench, table) for table in (TIERS, HISTORY)} == told


def test_of_dates_before_the_first_changed_one_they_are_left(bench: Workbench) -> None:
    bench.query(f"update {TIERS} set tier = 'weak' where job_id = '1' and tier = 'hot'")
    planted = _told(bench, TIERS)
    assert ("1", "hot") not in {(job, tier) for job, tier, *_ in planted}
    _another_day(bench)
    bench.run()
    kept = {(job, tier, begin) for job, tier, begin, *_ in planted}
    assert kept <= {(job, tier, begin) for job, tier, begin, *_ in _told(bench, TIERS)}
    bench.land(f"dt={_date(DAYS)}/late.ndjson", [line("late", _date(2), "impression", job_id="1")])
    bench.run()
    assert ("1", "hot") in {(job, tier) for job, tier, *_ in _told(bench, TIERS)}
