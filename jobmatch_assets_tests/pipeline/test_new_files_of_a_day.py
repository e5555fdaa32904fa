"""A file stages its own lines; those of the day's other files stay, unless something asks for the whole day."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.events import unit_line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"
ONE_DATE = DateRange(dt.date.fromisoformat(DAY), dt.date.fromisoformat(DAY))


def _company(key: str) -> str:
    return json.dumps({"company_id": key, "name": key, "updated_at": f"{DAY}T00:00:00Z"})


FEEDS = {
    "events": ("dt=2026-03-02/{}.ndjson", unit_line, "stg_events"),
    "entities": (
        "company/dt=2026-03-02/{}.ndjson",
        lambda name, _day: _company(name),
        "stg_entity_records",
    ),
}


class Staged:
    """A platform whose staged lines of one day are marked by a hand that no line would write."""

    def __init__(self, bench: Workbench, feed: str) -> None:
        self.bench = bench
        self._path, self._line, table = FEEDS[feed]
        self._table = f"job_matching_silver.{table}"
        self._land = bench.land if feed == "events" else bench.land_entities

    def land(self, name: str) -> None:
        self._land(self._path.format(name), [self._line(name, DAY)])

    def mark(self) -> None:
        self.execute(f"update {self._table} set source = 'marked'")

    def rows(self) -> dict[str, bool]:
        """{file: whether its line is marked}."""
        with duckdb.connect(str(self.bench.warehouse)) as connection:
            rows = connection.sql(
                f"select _source_file, source is not distinct from 'marked' from {self._table}"
            ).fetchall()
        return {Path(file).stem: is_marked for file, is_marked in rows}

    def execute(self, statement: str) -> None:
        with duckdb.connect(str(self.bench.warehouse)) as connection:
            connection.execute(statement)


@pytest.fixture(params=FEEDS)
def staged(request: pytest.FixtureRequest, workbench: Callable[..., Workbench]) -> Staged:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True)
    made = Staged(bench, request.param)
    made.land("a")
    made.bench.run()
    made.mark()
    return made


def test_lines_of_other_files_stay(staged: Staged) -> None:
    staged.land("b")
    staged.bench.run()
    assert staged.rows() == {"a": True, "b": False}


def test_who_asks_for_the_day_gets_all_of_it_staged_again(staged: Staged) -> None:
    staged.bench.run(ONE_DATE)
    assert staged.rows() == {"a": False}
    staged.mark()
    staged.land("b")
    staged.bench.run(ONE_DATE)
    assert staged.rows() == {"a": False, "b": False}


def test_what_a_stopped_run_has_staged_is_staged_again(staged: Staged) -> None:
    staged.land("b")
    staged.execute("update job_matching_bronze.files set staged = false")
    staged.bench.run()
    assert staged.rows() == {"a": False, "b": False}


def test_a_day_has_one_setting(workbench: Callable[..., Workbench]) -> None:
    before = Staged(workbench(), "events")
    before.land("a")
    before.bench.run()
    before.mark()
    after = Staged(workbench(JOBMATCH_DEFAULT_CURRENCY="CHF"), "events")
    after.land("b")
    after.bench.run()
    assert after.rows() == {"a": False, "b": False}


@pytest.fixture
def broken(workbench: Callable[..., Workbench]) -> Staged:
    """A platform whose bronze breaks its contract since it was looked at."""
    made = Staged(workbench(), "events")
    made.land("a")
    made.bench.run()
    made.execute("update job_matching_bronze.events_raw set line_bytes = -1")
    return made


def test_lines_that_have_not_changed_are_not_looked_at_again(broken: Staged) -> None:
    os.utime(broken.bench.landing / "events" / "dt=2026-03-02" / "a.ndjson", (1, 1))
    assert broken.bench.work().days[EVENTS]
    broken.bench.run()
    assert not broken.bench.work()


@pytest.mark.parametrize("asked", ["a new file", "a stopped run", "somebody"])
def test_else_they_are(asked: str, broken: Staged) -> None:
    if asked == "a new file":
        broken.land("b")
    if asked == "a stopped run":
        broken.execute("update job_matching_bronze.files set staged = false")
    report = broken.bench.try_run(ONE_DATE if asked == "somebody" else None)
    assert "line_bytes" in " ".join(report.problems)


def test_the_same_bytes_for_two_tables_are_staged_twice(workbench: Callable[..., Workbench]) -> None:
    made = Staged(workbench(), "entities")
    (made.bench.landing / "events").mkdir(parents=True)
    row = json.dumps({"company_id": "1", "job_id": "1", "name": "A", "updated_at": f"{DAY}T00:00:00Z"})
    made.bench.land_entities("company/dt=2026-03-02/of_companies.ndjson", [row])
    made.bench.run()
    made.bench.land_entities("job/dt=2026-03-02/of_jobs.ndjson", [row])
    made.bench.run()
    assert made.rows() == {"of_companies": False, "of_jobs": False}
