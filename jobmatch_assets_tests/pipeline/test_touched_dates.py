"""Tables of subjects that are by date in all but name: only dates that need it are built again, and all of these."""

import datetime as dt
import json
from collections.abc import Callable, Collection

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

HOURS = "job_matching_gold.job_performance_hourly"
OWN_HOURS = "job_matching_gold.job_performance_seed2"
SPENT = "job_matching_gold.job_spend_hourly"
EVENTS = "job_matching_silver.performance_events"


def _march(day: int) -> str:
    return f"2026-03-{day:02}"


def _job(job: str, company: str, since: int) -> str:
    row = {"job_id": job, "title": "A", "company_id": company, "updated_at": f"{_march(since)}T00:00:00Z"}
    return json.dumps(row)


def _click(name: str, day: int, job: str, user: str, campaign: int) -> str:
    return line(name, _march(day), "click", job_id=job, user_id=user, campaign_id=campaign, bid=0.5)


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    """Clicks on two jobs on 20 dates; `u` clicks, applies without ids, and is found qualified."""
    made = workbench()
    made.land_entities(f"job/dt={_march(20)}/jobs.ndjson", [_job("1", "A", 1), _job("2", "A", 1)])
    for day in range(1, 21):
        made.land(
            f"dt={_march(day)}/clicks.ndjson",
            [_click(f"{job}-{day}", day, job, f"v{day}", 1) for job in ("1", "2")],
        )
    applied = {"job_id": "1", "user_id": "u", "application_id": "a"}
    made.land(
        f"dt={_march(15)}/u.ndjson",
        [
            _click("u-5", 5, "1", "u", 7),
            line("u-8", _march(8), "apply", **applied),
            line("u-15", _march(15), "application_status", application_status="qualified", **applied),
        ],
    )
    made.run()
    return made


_BID = ("bid_set = 0.495", "clicks > 0", "coalesce(bid_set = 0.495, false)")

PLANTED = {
    EVENTS: ("is_repeat = true", "counted_as = 'clicks'", "is_repeat"),
    HOURS: _BID,
    OWN_HOURS: _BID,
    SPENT: _BID,
}
"""{table: (a value that no check minds, the rows that get it, whether a row has it)}"""


def _plant(bench: Workbench) -> None:
    for table, (value, rows, _) in PLANTED.items():
        bench.query(f"update {table} set {value} where {rows}")


def _built(bench: Workbench, table: str, job: str | None = None) -> list[int]:
    """The days of March on which no row, or none of a job, has a planted value any more."""
    *_, planted = PLANTED[table]
    date = "dates" if table == OWN_HOURS else "event_date"
    rows = bench.query(
        f"select day({date}) from {table} where {job is None} or job_id = '{job}' "
        f"group by all having not bool_or({planted}) order by 1"
    )
    return [day for (day,) in rows]


def _campaigns(bench: Workbench) -> Collection[tuple[object, ...]]:
    return bench.query(
        f"select day(event_date), campaign_id, conversion, qualified_application from {HOURS} "
        "where conversion + qualified_application > 0 order by 1"
    )


def test_a_late_click_moves_what_it_may_and_nothing_else(bench: Workbench) -> None:
    assert _campaigns(bench) == [(8, 7, 1, 0), (15, 7, 0, 1)]
    _plant(bench)
    bench.land(f"dt={_march(20)}/late.ndjson", [_click("u-7", 7, "1", "u", 9)])
    bench.run()
    assert _campaigns(bench) == [(8, 9, 1, 0), (15, 9, 0, 1)]
    assert _built(bench, EVENTS) == [*range(7, 15)]
    assert _built(bench, HOURS) == [*range(7, 15)]
    # The answer of the 15th is about the apply of the 8th.
    assert _built(bench, HOURS, "1") == [*range(7, 16)]
    assert _built(bench, OWN_HOURS) == [7]
    assert _built(bench, SPENT) == [7, 8]


def test_a_changed_company_moves_the_dates_of_its_job_since_then(bench: Workbench) -> None:
    _plant(bench)
    bench.land_entities(f"job/dt={_march(20)}/moved.ndjson", [_job("2", "B", 11)])
    bench.run()
    companies = bench.query(
        f"select company_id, min(day(event_date)), max(day(event_date)) from {HOURS} "
        "where job_id = '2' group by all order by all"
    )
    assert companies == [("A", 1, 10), ("B", 11, 20)]
    assert _built(bench, HOURS, "2") == _built(bench, OWN_HOURS, "2") == [*range(11, 21)]
    assert _built(bench, HOURS, "1") == _built(bench, OWN_HOURS, "1") == []
    assert _built(bench, EVENTS) == _built(bench, SPENT) == []


def test_somebody_asks_for_all_dates(bench: Workbench) -> None:
    _plant(bench)
    bench.run(forced=DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 1)))
    assert _built(bench, HOURS) == [*range(1, 21)]
