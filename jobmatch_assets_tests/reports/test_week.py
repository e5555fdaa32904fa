"""Weeks are ISO weeks, and what is none is refused with what one looks like."""

import datetime as dt

import pytest

from jobmatch_assets.errors import RequestError
from jobmatch_assets.reports.week import Week


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W10", "2026-03-02"),
        ("2026-W01", "2025-12-29"),
        ("2026-W53", "2026-12-28"),
        (" 2027-W01 ", "2027-01-04"),
    ],
)
def test_a_week_begins_on_its_monday(text: str, monday: str) -> None:
    week = Week.of_text(text)
    assert (week.monday.isoformat(), str(week)) == (monday, text.strip())
    assert week.days.days[-1] == week.sunday
    assert week.before.sunday == week.monday - dt.timedelta(days=1)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-05", "2026-03-08"])
def test_each_day_lies_in_one(day: str) -> None:
    assert str(Week.of_date(dt.date.fromisoformat(day))) == "2026-W10"


@pytest.mark.parametrize(
    "text", ["", "2026-10", "2026-W1", "W10", "2026-W10-1", "next", "2026-w10", "٢٠٢٦-W10"]
)
def test_what_is_not_written_as_a_week_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match=r"is no week\. Write .* 2026-W10"):
        Week.of_text(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-W54", "2026 has the weeks 01 to 53"),
        ("2025-W53", "2025 has the weeks 01 to 52"),
        ("2026-W00", "2026 has the weeks 01 to 53"),
        ("9999-W52", "the calendar does not reach that far"),
        ("0000-W01", "the calendar does not reach that far"),
        ("0001-W01", "the calendar does not reach that far"),
    ],
)
def test_a_week_that_no_year_has_is_refused(text: str, why: str) -> None:
    with pytest.raises(RequestError, match=why):
        Week.of_text(text)
