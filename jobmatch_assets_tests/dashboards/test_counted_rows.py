"""Tables with a row for each job, company or person: a page counts their rows, and carries none of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.dashboards.page import Table
from jobmatch_assets.dashboards.reading import columns_there, read
from jobmatch_assets.published.copy import opened
from jobmatch_assets_tests.bench.published import Copy

JOBS = (
    "create table jobs (job_id varchar, tier varchar, since date, score double, clicks bigint, spend decimal(29, 9))",
    """
    insert into jobs values
    ('a', 'hot', '2026-03-02', 1.5, 4, 0.5), ('b', 'hot', '2026-03-03', 1.49, 6, 0.25),
    ('c', 'weak', '2026-03-02', 0.3, 1, null), ('d', 'weak', '2026-03-02', 0.30000000000000004, 2, 2),
    ('e', 'weak', '2026-03-02', 99, 3, 2), ('f', null, '2026-03-02', null, 0, 0)
    """,
)


@pytest.fixture
def jobs(copy: Copy) -> Path:
    return copy.change(*JOBS).path


def carried(path: Path, table: Table) -> Mapping[str, Any]:
    with opened(path) as connection:
        return read(connection, table, columns_there(connection))


def rows(found: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a table as a page carries it."""

    def values(column: Any) -> list[Any]:
        if isinstance(column, list):
            return column
        return [None if code < 0 else column["values"][code] for code in column["codes"]]

    return list(zip(*map(values, found["columns"].values()), strict=True))


def test_rows_are_counted_by_columns_and_the_others_added_up(jobs: Path) -> None:
    found = carried(jobs, Table("jobs", ("clicks", "spend"), counted_by=("tier",), rows_as="jobs"))
    assert list(found["columns"]) == ["tier", "clicks", "spend", "jobs"]
    # A part of what was spent is no sum.
    assert rows(found) == [("hot", 10, 0.75, 2), ("weak", 6, None, 3), (None, 0, 0.0, 1)]
    assert found["missing"] == []


def test_rows_of_each_date_are_counted_by_columns(jobs: Path) -> None:
    found = carried(jobs, Table("jobs", (), "since", counted_by=("tier",), rows_as="jobs"))
    assert rows(found) == [
        ("2026-03-02", "hot", 1),
        ("2026-03-02", "weak", 3),
        ("2026-03-02", None, 1),
        ("2026-03-03", "hot", 1),
    ]


def test_numbers_are_counted_in_steps_and_the_last_one_has_all_beyond(jobs: Path) -> None:
    table = Table("jobs", (), counted_by=("score",), rows_as="jobs", steps={"score": (0.1, 31)})
    # 1.5 begins a step, and 1.49 is in the one before.
    assert rows(carried(jobs, table)) == [(3, 2), (14, 1), (15, 1), (30, 1), (None, 1)]


def test_without_a_column_to_count_by_nothing_is_carried_and_without_another_one_the_rest(jobs: Path) -> None:
    without = carried(jobs, Table("jobs", ("clicks",), counted_by=("tier", "size"), rows_as="jobs"))
    assert (without["rows"], without["missing"]) == (0, ["size"])
    rest = carried(jobs, Table("jobs", ("clicks", "views"), counted_by=("tier",), rows_as="jobs"))
    assert (list(rest["columns"]), rest["missing"]) == (["tier", "clicks", "jobs"], ["views"])
    none = carried(jobs, Table("companies", (), counted_by=("size",), rows_as="companies"))
    assert (none["rows"], none["missing"]) == (0, ["size"])
