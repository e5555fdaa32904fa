"""Readers are told which of their dates are not over, and which are held back."""

import datetime as dt
from pathlib import Path

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.published.copy import opened
from jobmatch_assets.published.state import notes_on_dates
from jobmatch_assets_tests.bench.published import Copy

FIRST = dt.date(2026, 3, 2)


def days(first: int, last: int) -> DateRange:
    return DateRange(FIRST + dt.timedelta(first), FIRST + dt.timedelta(last))


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "gold.duckdb").publication(7, complete=5)


def notes(copy: Copy, dates: DateRange | None) -> list[str]:
    with opened(copy.path) as connection:
        return notes_on_dates(connection, dates)


def test_dates_that_are_over_need_no_word(copy: Copy) -> None:
    assert notes(copy, days(0, 4)) == []


@pytest.mark.parametrize("dates", [days(0, 5), None])
def test_dates_that_may_still_grow_are_told(copy: Copy, dates: DateRange | None) -> None:
    assert notes(copy, dates) == [
        "Incomplete: dates after 2026-03-06 are not over yet, so their numbers may still grow."
    ]


def test_where_no_date_is_over_that_is_told(copy: Copy) -> None:
    copy.publication(1)
    assert notes(copy, None) == ["Incomplete: no date is over yet, so its numbers may still grow."]


def test_held_back_dates_are_told_to_those_who_read_them(copy: Copy) -> None:
    copy.change(
        "insert into held_back values ('2026-03-03', 'gold', 'quarantine_share', now(), 'most lines are broken'), "
        "('2026-03-04', 'gold', 'quarantine_share', now(), 'most lines are broken')"
    )
    assert notes(copy, days(0, 1)) == [
        "Held back, so missing or as before: 2026-03-03. quarantine_share fails in gold: most lines are broken"
    ]
    assert "2026-03-03…2026-03-04" in notes(copy, days(0, 4))[0]
    assert notes(copy, days(3, 4)) == []


def test_a_date_that_waits_for_another_names_no_check(copy: Copy) -> None:
    copy.change("insert into held_back values ('2026-03-03', 'gold', null, null, 'silver is not built yet')")
    assert notes(copy, days(0, 1)) == [
        "Held back, so missing or as before: 2026-03-03. Waits in gold: silver is not built yet"
    ]


def test_a_copy_of_an_earlier_version_says_nothing(copy: Copy) -> None:
    copy.change("drop table publication", "drop table held_back")
    assert notes(copy, None) == []
