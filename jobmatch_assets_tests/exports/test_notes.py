"""A reader is told which dates are incomplete, held back, or fail a check."""

import datetime as dt
from collections.abc import Callable, Sequence

from jobmatch_assets_tests.exports.conftest import Copy

DAY = dt.date(2026, 3, 3)
FUNNEL = "create table funnel_daily as select date '2026-03-01' + range::int as event_date, 1 as searches from range(3)"
HELD = (
    "create table held_back (event_date date, stage varchar, check_name varchar, since timestamptz, message varchar)",
    "insert into held_back values ('2026-03-02', 'silver', 'quarantine_share', now(), 'too many'), "
    "('2026-03-03', 'silver', 'quarantine_share', now(), 'too many'), ('2026-03-04', 'silver', 'quarantine_share', now(), 'too many')",
)
FAILING = (
    "create table failing_checks (asset varchar, check_name varchar, event_date date, is_blocking boolean, since timestamptz, message varchar)",
    "insert into failing_checks values ('gold/funnel_daily', 'row_volume', '2026-03-01', false, now(), 'few rows'), "
    "('gold/ab_results', 'other', '2026-03-01', false, now(), 'of another table')",
)


def publication(complete_through: str) -> str:
    return (
        "create table publication as select now() as published_at, 'r' as run_id, null::date as first_date, "
        f"null::date as last_date, now() as newest_event_ts, {complete_through} as complete_through"
    )


def notes(copy: Copy, **selection: object) -> Sequence[str]:
    return copy.export("funnel_daily", **selection).notes


def test_where_all_is_well_nothing_is_said(planted: Callable[..., Copy]) -> None:
    assert notes(planted(FUNNEL, publication("date '2026-03-03'"), HELD[0], FAILING[0])) == []


def test_dates_that_are_not_over_are_named(planted: Callable[..., Copy]) -> None:
    copy = planted(FUNNEL, publication("date '2026-03-02'"))
    assert notes(copy) == [
        "Incomplete: dates after 2026-03-02 are not over yet, so their numbers may still grow."
    ]
    assert notes(copy, first=DAY - dt.timedelta(days=1)) == []
    assert len(notes(copy, first=DAY)) == 1


def test_without_any_date_that_is_over_all_are_incomplete(planted: Callable[..., Copy]) -> None:
    (note,) = notes(planted(FUNNEL, publication("null::date")))
    assert note.startswith("Incomplete: no date is over yet")


def test_dates_that_are_held_back_are_named_if_they_were_asked_for(planted: Callable[..., Copy]) -> None:
    copy = planted(FUNNEL, *HELD)
    (note,) = notes(copy)
    assert note == (
        "Held back, so missing or as before: 2026-03-02…2026-03-04. quarantine_share fails in silver: too many"
    )
    (note,) = notes(copy, first=DAY)
    assert "before: 2026-03-03. " in note
    assert notes(copy, first=DAY - dt.timedelta(days=2)) == []


def test_checks_of_the_table_that_fail_are_named(planted: Callable[..., Copy]) -> None:
    copy = planted(FUNNEL, *FAILING)
    assert notes(copy) == ["Fails a check: row_volume for 2026-03-01: few rows"]
    assert notes(copy, first=DAY) == []


def test_no_rows_is_said_with_the_dates_that_there_are(planted: Callable[..., Copy]) -> None:
    exported = planted(FUNNEL).export("funnel_daily", first=dt.date(2030, 1, 1))
    assert exported.rows == 0
    assert exported.notes == ["funnel_daily has no such rows. It holds 2026-03-01 to 2026-03-03."]
    assert exported.path.read_text() == "event_date,searches\n"


def test_totals_are_said_to_be_totals(golden_export: Copy) -> None:
    notes = golden_export.export("funnel_daily", totals_only=True).notes
    assert (
        "Totals over platform, device_type, surface (__all__): --all-groups exports their parts, too."
        in notes
    )
