"""What is built of entities when something arrives: exactly what it touches."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import NO_DATE, DateRange
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS, check_held_back
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import Stage
from jobmatch_assets.pipeline.steps import build
from jobmatch_assets.pipeline.steps.build import Selection
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets.warehouse.control.queue import QueuedDate
from jobmatch_assets_tests.bench.events import line, lines
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"


class World:
    """A platform with files of entities."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def land(self, path: str, *records: dict[str, Any]) -> Path:
        file = self.bench.landing / "entities" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
        return file

    def jobs(self, name: str, count: int, **columns: Any) -> Path:
        """A full dump of jobs 1 to `count`."""
        records = ({"job_id": str(number), "title": "A", **columns} for number in range(1, count + 1))
        return self.land(f"job/dt={name[:10]}/{name[11:] or 'all'}.snapshot.ndjson", *records)


@pytest.fixture
def world(workbench: Callable[..., Workbench]) -> World:
    bench = workbench()
    (bench.landing / "events").mkdir(parents=True, exist_ok=True)
    return World(bench)


def test_a_table_is_empty_until_a_record_tells_of_an_entity_of_it(world: World) -> None:
    def companies() -> list[tuple[Any, ...]]:
        return world.bench.query("select company_id, name, version from job_matching_silver.company_versions")

    world.land(f"job/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A"})
    # A line that is rejected tells of none.
    world.land(f"company/dt={DAY}/a.ndjson", {"name": "without an id"})
    world.bench.run()
    assert companies() == []
    world.land(f"company/dt={DAY}/b.ndjson", {"company_id": "c", "name": "C"})
    world.bench.run()
    assert companies() == [("c", "C", 1)]


def test_only_touched_entities_are_walked_again(world: World) -> None:
    world.land(f"job/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A"}, {"job_id": "2", "title": "A"})
    world.bench.run()
    for table in ("job_records", "job_versions"):
        world.bench.query(f"update job_matching_silver.{table} set title = 'planted'")
    world.land(f"job/dt={DAY}/b.ndjson", {"job_id": "2", "title": "B", "updated_at": f"{DAY}T10:00:00Z"})
    world.bench.run()
    assert world.bench.query(
        "select job_id, version, title from job_matching_silver.job_versions order by all"
    ) == [
        ("1", 1, "planted"),
        ("2", 1, "B"),
        ("2", 2, "A"),
    ]
    assert world.bench.query("select count(*) from job_matching_bronze.entities_touched") == [(0,)]


def test_only_tables_that_read_what_was_touched_are_built_again(world: World) -> None:
    world.land(f"job/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A", "company_id": "1"})
    world.land(f"company/dt={DAY}/a.ndjson", {"company_id": "1", "name": "A"})
    world.bench.run()
    world.bench.query("update job_matching_gold.dim_job set title = 'planted'")
    world.bench.query("update job_matching_gold.dim_company set name = 'planted'")
    shown = "select title from job_matching_gold.dim_job union all select name from job_matching_gold.dim_company order by 1"
    world.land(
        f"company/dt={DAY}/b.ndjson", {"company_id": "1", "name": "B", "updated_at": f"{DAY}T10:00:00Z"}
    )
    world.bench.run()
    assert world.bench.query(shown) == [("A",), ("B",), ("planted",), ("planted",), ("planted",)]
    assert world.bench.query("select count(*) from job_matching_bronze.tables_touched") == [(0,)]
    world.bench.run(forced=DateRange(dt.date(2026, 3, 2), dt.date(2026, 3, 2)))
    assert world.bench.query(shown) == [("A",), ("A",), ("B",), (None,), (None,)]


REQUISITION = {"company_id": "c", "requisition_id": "r"}

HISTORY_AND_MEMBERS = ("job_matching_silver.job_versions", "job_matching_gold.dim_job")

OF_JOBS = {
    "job_matching_gold.dim_job": "title",
    "job_matching_silver.live_versions": "category",
    "job_matching_silver.live_periods": "ends_as",
    "job_matching_silver.opening_outcomes": "category",
}
"""{what is made of the versions of a job, or of an opening: a text in it}"""


def test_what_is_made_of_versions_is_made_again_of_touched_entities(world: World) -> None:
    def left() -> dict[str, int]:
        counts = {
            table: f"select count(*) from {table} where {column} = 'paused'"
            for table, column in OF_JOBS.items()
        }
        return {table: world.bench.query(query)[0][0] for table, query in counts.items()}

    world.land(f"job/dt={DAY}/a.ndjson", *({"job_id": str(job), "title": "A"} for job in range(3)))
    world.bench.run()
    for table, column in OF_JOBS.items():
        world.bench.query(f"update {table} set {column} = 'paused'")
    world.bench.query("update job_matching_silver.live_periods set ends_at = now(), people = 1")
    before = left()
    world.land(f"job/dt={DAY}/b.ndjson", {"job_id": "2", "title": "B", "updated_at": f"{DAY}T10:00:00Z"})
    world.bench.try_run()
    assert left() == {table: count - 1 for table, count in before.items()}
    world.bench.run(forced=DateRange(dt.date(2026, 3, 2), dt.date(2026, 3, 2)))
    assert left() == dict.fromkeys(before, 0)


def test_outcomes_follow_what_comes_to_be_without_a_record(world: World) -> None:
    """Of three jobs, one expires and one is posted when the last date comes, and one leaves its opening."""
    own = {"title": "A", "company_id": "c"}
    world.land(
        f"job/dt={DAY}/a.ndjson",
        {"job_id": "1", **own, "expires_at": "2026-03-04T12:00:00Z"},
        {"job_id": "2", **own, "posted_at": "2026-03-05T12:00:00Z"},
        {"job_id": "3", **own, "requisition_id": "left"},
        {"job_id": "4", **own, "requisition_id": "shared"},
    )
    world.bench.run()
    assert world.bench.query("select opening_id from job_matching_silver.opening_outcomes order by 1") == [
        ("1",),
        ("c/left",),
        ("c/shared",),
    ]
    for date in ("2026-03-03", "2026-03-04", "2026-03-05"):
        world.land(f"company/dt={date}/a.ndjson", {"company_id": "c", "name": date})
        world.bench.run()
    moved = {"job_id": "3", **own, "requisition_id": "shared", "updated_at": "2026-03-06T10:00:00Z"}
    world.land("job/dt=2026-03-06/a.ndjson", moved)
    world.bench.run()
    assert world.bench.query(
        "select opening_id, outcome, live_postings from job_matching_silver.opening_outcomes "
        "where as_of_to is null order by 1"
    ) == [("1", "closed", 0), ("2", None, 1), ("c/shared", None, 2)]
    _is_as_from_nothing(world)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_stage_that_was_not_reached_builds_what_was_touched_before(
    world: World, monkeypatch: pytest.MonkeyPatch, forgets: bool
) -> None:
    world.land(f"job/dt={DAY}/a.ndjson", *({"job_id": str(job), "title": "A"} for job in range(3)))
    world.bench.run()
    _stop_at(monkeypatch, "dim_job")
    world.land(f"job/dt={DAY}/b.ndjson", {"job_id": "1", "title": "B", "updated_at": f"{DAY}T10:00:00Z"})
    (problem,) = world.bench.try_run().problems
    assert "_StoppedError" in problem
    if forgets:  # as versions did that built dimensions as a whole
        world.bench.query("delete from job_matching_bronze.entities_touched")
    monkeypatch.undo()
    world.land(f"job/dt={DAY}/c.ndjson", {"job_id": "2", "title": "C", "updated_at": f"{DAY}T11:00:00Z"})
    world.bench.run()
    assert world.bench.query("select count(*) from job_matching_bronze.entities_touched") == [(0,)]
    _is_as_from_nothing(world)


PAIRS: dict[str, tuple[list[tuple[str, str, dict[str, Any]]], ...]] = {
    # Both hires of a job of two turn out to be of the day before.
    "hires": (
        [
            ("job", DAY, {"job_id": "1", "title": "A", "openings": 2}),
            *(("application", DAY, {"application_id": a, "job_id": "1"}) for a in "ab"),
            *(
                ("application", "2026-03-05", {"application_id": a, "job_id": "1", "status": "placed"})
                for a in "ab"
            ),
        ],
        [
            ("application", "2026-03-04", {"application_id": a, "job_id": "1", "status": "placed"})
            for a in "ab"
        ],
    ),
    # Both postings of a requisition say when they are to be filled, and the last date comes to it.
    "closes": (
        [
            *(("job", "2026-03-01", {"job_id": job, "title": "A", **REQUISITION}) for job in "12"),
            *(
                (
                    "job",
                    DAY,
                    {
                        **{"job_id": job, "title": "A", "status": "filled", **REQUISITION},
                        "closed_at": "2026-03-04T12:00:00Z",
                    },
                )
                for job in "12"
            ),
        ],
        [("company", "2026-03-06", {"company_id": "c", "name": "C"})],
    ),
}
"""{what changes in two rows at once, alike: what lands, and what lands then}: (table, day, record of the day)"""


@pytest.mark.parametrize("changes", PAIRS)
def test_a_change_of_two_rows_alike_is_none_the_less_a_change(world: World, changes: str) -> None:
    for number, records in enumerate(PAIRS[changes]):
        for place, (table, day, record) in enumerate(records):
            updated = {"updated_at": f"{day}T08:00:00Z"}
            world.land(f"{table}/dt={day}/{number}-{place}.ndjson", {**record, **updated})
        world.bench.run()
    _is_as_from_nothing(world)


def _hold_back(world: World) -> None:
    """Lines of a date of events that nothing is built from, nor what reads all dates."""
    world.bench.land("dt=2026-03-03/a.ndjson", lines("2026-03-03", 5, 20, "x"))


def _release(world: World) -> None:
    world.bench.land("dt=2026-03-03/b.ndjson", lines("2026-03-03", 300, 0, "y"))
    world.bench.run()


@pytest.fixture
def events_and_jobs(workbench: Callable[..., Workbench]) -> World:
    world = World(workbench(JOBMATCH_QUARANTINE_MIN_LINES="10"))
    world.land(f"job/dt={DAY}/a.ndjson", *({"job_id": str(job), "title": "A"} for job in range(3)))
    world.bench.land(f"dt={DAY}/a.ndjson", lines(DAY, 20, 0))
    world.bench.run()
    return world


def test_who_is_told_of_is_forgotten_with_the_history_whatever_is_held_back(events_and_jobs: World) -> None:
    world = events_and_jobs
    _hold_back(world)
    own = {"user_id": "u", "candidate_id": "u", "updated_at": f"{DAY}T10:00:00Z"}
    for table in ("user", "candidate"):
        world.land(f"{table}/dt={DAY}/a.ndjson", own)
    world.land(f"job/dt={DAY}/b.ndjson", {"job_id": "1", "title": "B", "updated_at": f"{DAY}T10:00:00Z"})
    assert world.bench.try_run().problems
    touched = "select entity_table, entity_key from job_matching_bronze.entities_touched"
    assert world.bench.query(touched) == [("job", "1")]
    _release(world)
    assert world.bench.query(touched) == []
    _is_as_from_nothing(world)


def test_what_a_later_stage_waits_for_is_not_walked_again(events_and_jobs: World) -> None:
    world = events_and_jobs
    _hold_back(world)
    for job, title in (("1", "B"), ("2", "C")):
        changed = {"job_id": job, "title": title, "updated_at": f"{DAY}T10:00:00Z"}
        world.land(f"job/dt={DAY}/of {job}.ndjson", changed)
        world.bench.try_run()
        if title == "B":
            world.bench.query(
                "update job_matching_silver.job_versions set title = 'planted' where title = 'B'"
            )
    touched = "select entity_key from job_matching_bronze.entities_touched order by all"
    assert world.bench.query(touched) == [("1",), ("2",)]
    _release(world)
    titles = "select job_id, title from job_matching_{} where version = 1 and job_id <> '0' order by all"
    for table in ("silver.job_versions", "gold.dim_job"):
        assert world.bench.query(titles.format(table)) == [("1", "planted"), ("2", "C")], table


def test_a_history_that_fails_is_looked_at_where_nothing_is_built(world: World) -> None:
    world.land(f"job/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A"}, {"job_id": "2", "title": "A"})
    world.bench.run()
    world.bench.query("update job_matching_silver.job_records set duplicates = 7 where entity_key = '1'")
    records = table_named("job_records")
    conserved = CheckKey(records.key, "job_records_are_conserved")
    with world.bench.platform.open() as session:
        stage = session.plan.stage_of(records.table).name
        failing = FailingCheck(stage, str(records.key), conserved.name, NO_DATE, True, "it was found before")
        session.findings.note([conserved], [NO_DATE], [failing])
    world.land(f"job/dt={DAY}/b.ndjson", {"job_id": "2", "title": "B", "updated_at": f"{DAY}T10:00:00Z"})
    (problem,) = world.bench.try_run().problems
    assert conserved.name in problem


def test_histories_built_for_all_reach_what_is_made_of_them_when_it_can_be_built(
    events_and_jobs: World,
) -> None:
    world = events_and_jobs

    def planted() -> list[int]:
        counts = (f"select count(*) from {table} where title = 'planted'" for table in HISTORY_AND_MEMBERS)
        return [world.bench.query(query)[0][0] for query in counts]

    for table in HISTORY_AND_MEMBERS:
        world.bench.query(f"update {table} set title = 'planted' where title is not null")
    assert planted() == [3, 3]
    _hold_back(world)
    assert world.bench.try_run(DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 4))).problems
    assert planted() == [0, 3]
    _release(world)
    assert planted() == [0, 0]
    assert not world.bench.work()


class _StoppedError(Exception):
    pass


def _stop_at(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    """Let a run end before it builds the stage of a table."""
    ours = build._what_waits

    def stop(session: Session, stage: Stage, waiting: Sequence[QueuedDate], found: Selection) -> Any:
        if table in {planned.name for planned in found.tables}:
            raise _StoppedError
        return ours(session, stage, waiting, found)

    monkeypatch.setattr(build, "_what_waits", stop)


def _is_as_from_nothing(world: World) -> None:
    contents = world.bench.contents()
    world.bench.warehouse.unlink()
    world.bench.run()
    assert world.bench.contents() == contents


def test_a_late_version_of_a_company_moves_the_facts_of_its_interval_and_no_others(world: World) -> None:
    days = [f"2026-03-{day:02}" for day in range(1, 8)]
    for company, job in (("1", "10"), ("2", "20")):
        world.land(f"job/dt={DAY}/{job}.ndjson", {"job_id": job, "title": "A", "company_id": company})
        world.land(
            f"company/dt={days[-1]}/{company}.ndjson",
            {"company_id": company, "name": "first", "updated_at": "2026-03-02T00:00:00Z"},
            {"company_id": company, "name": "last", "updated_at": "2026-03-06T00:00:00Z"},
        )
    for date in days:
        applies = [
            line(f"{date}-{job}", date, "apply", job_id=job, application_id=f"{date}-{job}")
            for job in ("10", "20")
        ]
        world.bench.land(f"dt={date}/events.ndjson", applies)
    world.bench.run()
    facts = {
        fact: f"select {date}, md5(string_agg(f::varchar order by f::varchar)) from job_matching_gold.{fact} as f group by all order by all"
        for fact, date in (("fact_event", "event_date"), ("fact_application", "applied_date"))
    }
    before = {fact: world.bench.query(query) for fact, query in facts.items()}
    world.land(
        f"company/dt={days[-1]}/late.ndjson",
        {"company_id": "1", "name": "between", "updated_at": "2026-03-04T00:00:00Z"},
    )
    world.bench.run()
    for fact, query in facts.items():
        moved = {date for date, _ in set(before[fact]) ^ set(world.bench.query(query))}
        assert moved == {dt.date(2026, 3, 4), dt.date(2026, 3, 5)}, fact


def test_what_was_held_back_is_built_with_what_came_later(world: World) -> None:
    world.jobs("2026-03-02", 400)
    world.land(f"company/dt={DAY}/a.ndjson", {"company_id": "1", "name": "A"})
    world.bench.run()
    world.jobs("2026-03-03 cut", 270)
    assert len(world.bench.try_run().problems) == 1
    world.land("company/dt=2026-03-03/b.ndjson", {"company_id": "2", "name": "B"})
    world.bench.try_run()
    world.jobs("2026-03-03 whole", 401)
    world.bench.run()
    counts = (
        "select (select count(*) from job_matching_gold.dim_job where is_current), "
        "(select count(*) from job_matching_gold.dim_company where is_current)"
    )
    assert world.bench.query(counts) == [(402, 3)]


def test_a_dump_touches_all_entities_of_its_source_and_no_others(world: World) -> None:
    world.land(f"job/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A"}, {"job_id": "2", "title": "A"})
    world.land(f"job/source=ats/dt={DAY}/a.ndjson", {"job_id": "1", "title": "A"})
    world.bench.run()
    world.bench.query("update job_matching_silver.job_versions set title = 'planted'")
    world.jobs("2026-03-03", 1)
    world.bench.run()
    assert world.bench.query(
        "select source, job_id, title, ended_by from job_matching_silver.job_versions order by all"
    ) == [("ats", "1", "planted", None), ("product", "1", "A", None), ("product", "2", "A", "delete")]


def test_a_changed_line_of_the_registry_stages_the_files_of_its_source_again(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    registry = tmp_path / "sources.csv"
    header = "source,time_zone,default_currency,freshness_hours,max_deleted_share\n"
    registry.write_text(header + "ats,UTC,USD,,\n")
    world = World(workbench(JOBMATCH_SOURCES=str(registry)))
    (world.bench.landing / "events").mkdir(parents=True, exist_ok=True)
    local = {"title": "A", "salary_min": 1, "updated_at": f"{DAY}T10:00:00"}
    world.land(f"job/source=ats/dt={DAY}/a.ndjson", {"job_id": "1", **local})
    world.land(f"job/source=crm/dt={DAY}/a.ndjson", {"job_id": "1", **local})
    world.bench.run()
    versions = "select source, salary_currency, extract(hour from valid_from)::int from job_matching_silver.job_versions order by all"
    assert world.bench.query(versions) == [("ats", "USD", 10), ("crm", "EUR", 10)]
    registry.write_text(header + "ats,Europe/Berlin,CHF,,\n")
    world.bench.run()
    assert world.bench.query(versions) == [("ats", "CHF", 9), ("crm", "EUR", 10)]


def test_a_dump_that_implies_too_many_deletes_holds_back_what_reads_it_until_somebody_builds_it_again(
    world: World,
) -> None:
    world.jobs("2026-03-02", 400)
    world.bench.run()
    world.jobs("2026-03-03", 270)
    (problem,) = world.bench.try_run().problems
    assert problem.startswith(
        "Check job_deletes_are_plausible of silver/job_versions found 1 rows, the first: source=product, "
        "taken_at=2026-03-03 23:59:59.999999+00:00, implied=130, live=400, max_deleted_share=0.2"
    )
    current = "select count(*) from job_matching_gold.dim_job where is_current"
    assert world.bench.query(current) == [(401,)]
    # Nothing new: it waits.
    world.bench.try_run()
    assert world.bench.query(current) == [(401,)]
    world.bench.run(forced=DateRange(dt.date(2026, 3, 3), dt.date(2026, 3, 3)))
    assert world.bench.query(current) == [(271,)]
    # What was accepted stays so.
    world.jobs("2026-03-04", 270)
    world.bench.run()


def test_what_does_not_read_the_history_is_built_meanwhile(world: World) -> None:
    held = {"dim_job", "fact_event", "fact_application", "entity_orphans_daily"}

    def told() -> set[str]:
        keys = [key for key in HELD_BACK_CHECKS if key.table.name in {*held, "dim_company", "dim_user"}]
        with world.bench.platform.open() as session:
            return {found.key.table.name for found in check_held_back(session, keys) if not found.passed}

    world.jobs("2026-03-02", 400)
    world.land(f"company/dt={DAY}/a.ndjson", {"company_id": "1", "name": "A"})
    world.bench.run()
    world.jobs("2026-03-03 cut", 270)
    world.bench.try_run()
    world.land("company/dt=2026-03-03/b.ndjson", {"company_id": "2", "name": "B"})
    world.bench.try_run()
    current = "select count(*) from job_matching_gold.{} where is_current"
    assert world.bench.query(current.format("dim_company")) == [(3,)]
    assert world.bench.query(current.format("dim_job")) == [(401,)]
    assert told() == held
    assert not world.bench.work()
    world.jobs("2026-03-03 whole", 402)
    world.bench.run()
    assert world.bench.query(current.format("dim_job")) == [(403,)]
    assert told() == set()
    _is_as_from_nothing(world)


def test_a_better_dump_of_the_same_time_makes_the_deletes_go(world: World) -> None:
    world.jobs("2026-03-02", 400)
    world.jobs("2026-03-03 cut", 270)
    assert len(world.bench.try_run().problems) == 1
    world.jobs("2026-03-03 whole", 400)
    world.bench.run()
    assert world.bench.query("select count(*) from job_matching_gold.dim_job where is_current") == [(401,)]


@pytest.mark.parametrize(("kept", "registry"), [(301, ""), (301, "product,,,,0.1")])
def test_up_to_100_deletes_are_not_suspicious(
    workbench: Callable[..., Workbench], tmp_path: Path, kept: int, registry: str
) -> None:
    path = tmp_path / "sources.csv"
    path.write_text(f"source,time_zone,default_currency,freshness_hours,max_deleted_share\n{registry}\n")
    world = World(workbench(JOBMATCH_SOURCES=str(path)))
    (world.bench.landing / "events").mkdir(parents=True, exist_ok=True)
    world.jobs("2026-03-02", 401)
    world.jobs("2026-03-03", kept)
    world.bench.run()
