import datetime as dt
import logging
from collections.abc import Callable

import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, CUMULATIVE, GOLD, HEALTH, SILVER, WEEKLY, Stage
from jobmatch_assets.pipeline.steps.parts import in_parts
from jobmatch_assets.warehouse.duckdb import warehouse
from jobmatch_assets_tests.bench.golden import GOLDEN, golden_differences
from jobmatch_assets_tests.bench.workbench import Workbench

_DAYS = [dt.date(2026, 3, day) for day in range(2, 12)]
"""A Monday, and the nine days after it."""


class _Counted:
    """A warehouse with a line for the first day, two for the second, and so on."""

    def __init__(self, lines_at_once: int | None) -> None:
        self.lines_at_once = lines_at_once

    def has_table(self, _table: object) -> bool:
        return True

    def rows_by_date(self, _table: TableContract, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        return {day: number for number, day in enumerate(_DAYS, start=1) if first <= day <= last}


def _parts(most: int | None, stage: Stage, days: list[dt.date]) -> list[list[int]]:
    session = Session(None, _Counted(most))  # type: ignore[arg-type]
    return [[day.day for day in part] for part in in_parts(session, stage, EVENTS, days)]


@pytest.mark.parametrize("stage", [BRONZE, GOLD])
def test_a_part_has_as_many_days_as_there_is_room_for(stage: Stage) -> None:
    assert _parts(10, stage, _DAYS) == [[2, 3, 4, 5], [6], [7], [8], [9], [10], [11]]
    assert _parts(19, stage, _DAYS) == [[2, 3, 4, 5, 6], [7, 8], [9, 10], [11]]
    assert _parts(55, stage, _DAYS) == [[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]


def test_days_that_were_not_asked_for_are_in_no_part() -> None:
    assert _parts(9, GOLD, [_DAYS[8], _DAYS[0], _DAYS[2]]) == [[2, 4], [10]]


def test_a_partition_is_not_divided() -> None:
    assert _parts(1, WEEKLY, sorted(WEEKLY.whole(_DAYS))) == [list(range(2, 9)), list(range(9, 16))]


def test_what_adds_up_all_dates_and_engines_with_room_have_one_part() -> None:
    assert len(_parts(1, CUMULATIVE, _DAYS)) == 1
    assert len(_parts(None, GOLD, _DAYS)) == 1


@pytest.mark.rebuilds
def test_tables_built_day_by_day_within_a_run_are_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, workbench: Callable[..., Workbench]
) -> None:
    monkeypatch.setattr(warehouse, "_BYTES_PER_LINE", 2**60)
    bench = workbench(GOLDEN / "landing", JOBMATCH_EXPERIMENTS=str(GOLDEN / "experiments.csv"))
    with caplog.at_level(logging.INFO, "jobmatch_assets"):
        bench.run()
    assert {line.split(":")[0] for line in caplog.messages if "part 2 of" in line} == {
        stage.name for stage in (BRONZE, SILVER, HEALTH, GOLD, WEEKLY)
    }
    assert golden_differences(GOLDEN / "expected", bench.warehouse) == ""
