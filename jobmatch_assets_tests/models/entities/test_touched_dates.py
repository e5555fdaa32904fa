"""A changed version touches the dates of the applications that it reaches, and no others."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models.entities.planted import BUILT

CHANGED = "job_matching_bronze.changed_versions"
FACTS = "job_matching_gold.fact_application"


@dataclass(frozen=True)
class Change:
    """A change of versions.

    Attributes:
        of: The table, source and key of the entity.
        statement: What changes, in which {t} stands for the table of versions.
        interval: The days of March between which its versions say something else.
        touched: The days of March whose applications it touches.
        moved: Those whose rows are others than before.
    """

    of: tuple[str, str, str]
    statement: str
    interval: tuple[int, int | None]
    touched: set[int]
    moved: set[int]


CHANGES = {
    "first version, which facts before it have, too": Change(
        ("job", "product", "j"),
        "update {t} set company_id = 'z' where job_id = 'j' and version = 1",
        (2, 3),
        {2},
        {2},
    ),
    "version before a gap": Change(
        ("job", "product", "j"),
        "update {t} set company_id = 'c' where job_id = 'j' and version = 2",
        (3, 4),
        {3, 4},
        {3, 4},
    ),
    "current version": Change(
        ("job", "product", "j"),
        "update {t} set company_id = 'z' where job_id = 'j' and version = 3",
        (5, None),
        {6, 7, 8},
        {6, 7, 8},
    ),
    "company that arrives late": Change(
        ("company", "product", "d"),
        "insert into {t} by name select 'product' as source, 'd' as company_id, 1 as version, "
        "timestamptz '2026-03-20' as valid_from, true as is_current, false as is_deleted",
        (20, None),
        {3, 4},
        {3, 4},
    ),
    "candidate": Change(
        ("candidate", "product", "p"),
        "update {t} set valid_from = timestamptz '2026-03-02' where candidate_id = 'p'",
        (1, None),
        {3},
        {3},
    ),
    "campaign without a gap": Change(
        ("campaign", "product", "-1"),
        "update {t} set name = 'other' where campaign_id = -1",
        (1, None),
        {3},
        set(),
    ),
    "job of a source that does not answer": Change(
        ("job", "ats", "j"),
        "insert into {t} by name select 'ats' as source, 'j' as job_id, 'j' as title, 1 as version, "
        "timestamptz '2026-03-01' as valid_from, true as is_current, false as is_deleted",
        (1, None),
        set(),
        set(),
    ),
    "application that was made on another date": Change(
        ("application", "product", "a"),
        "update {t} set applied_at = timestamptz '2026-03-10 08:00:00' where application_id = 'a'",
        (6, None),
        {3, 10},
        {3, 10},
    ),
}


@pytest.fixture(scope="module")
def asked(world: Workbench, dbt: Dbt) -> str:
    """The SQL that tells which dates are touched."""
    world.query(
        f"create table {CHANGED} (entity_table varchar, source varchar, entity_key varchar, "
        "changed_from timestamptz, changed_to timestamptz)"
    )
    return DbtProject(world.settings).compile("dates_touched_by_versions", ())


@pytest.fixture
def rebuilt(world: Workbench, dbt: Dbt) -> Iterator[None]:
    """What a test changes is built again as it was."""
    yield
    world.query(f"delete from {CHANGED}")
    dbt("run", "--select", *BUILT)


def _day(number: int | None) -> dt.datetime | None:
    return None if number is None else dt.datetime(2026, 3, number, tzinfo=dt.UTC)


def _rows_by_day(bench: Workbench) -> dict[int, set[str]]:
    rows: dict[int, set[str]] = {}
    for row in bench.rows(f"select * from {FACTS}"):
        rows.setdefault(row["applied_date"].day, set()).add(repr(row))
    return rows


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.usefixtures("rebuilt")
def test_the_dates_of_a_changed_version(built: Workbench, dbt: Dbt, asked: str, change: Change) -> None:
    before, begin_end = _rows_by_day(built), map(_day, change.interval)
    with built.planted(f"job_matching_silver.{change.of[0]}_versions", change.statement):
        built.query(f"insert into {CHANGED} values (?, ?, ?, ?, ?)", *change.of, *begin_end)
        touched = {date.day for (date,) in built.query(asked)}
        dbt("run", "--select", *BUILT)
        after = _rows_by_day(built)

    assert touched == change.touched
    assert {day for day in before.keys() | after.keys() if before.get(day) != after.get(day)} == change.moved


def test_the_share_of_the_unknown_is_counted_by_date(built: Workbench, dbt: Dbt) -> None:
    days = [dt.date(2026, 3, 4), dt.date(2026, 3, 9)]
    shares = DbtProject(built.settings).compile("unknown_shares", days)

    found = [row for row in built.query(shares) if row[1] == "job"]
    assert found == [
        ("fact_application", "job", days[0], 2, 1, 0.5),
        ("fact_event", "job", days[0], 3, 0, 0.0),
        ("fact_event", "job", days[1], 4, 1, 0.25),
    ]
