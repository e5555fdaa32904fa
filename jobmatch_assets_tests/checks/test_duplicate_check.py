"""The share of a date's duplicates: what passes, warns and blocks, and when events are lost by them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from jobmatch_assets.checks.duplicates import DUPLICATE_SHARE
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.line_tables import EVENTS, EVENTS_DUPLICATES, STG_EVENTS
from jobmatch_assets_tests.bench.outcomes import text
from jobmatch_assets_tests.bench.workbench import Workbench

# Dates of which the golden set has no line.
DAY = dt.date(2026, 1, 15)
THRESHOLDS = {"duplicates_warn_share": 0.2, "duplicates_block_share": 0.5, "duplicates_min_lines": 100}
PASSES, WARNS, BLOCKS = (True, False), (False, False), (False, True)


@dataclass(frozen=True)
class Lines:
    """Lines of a date in one file: columns are SQL over n, from 0; all others are equal in all lines."""

    count: int
    kept: bool = False
    date: dt.date = DAY
    event_id: str = "'e' || n"
    event_ts: str = "time '10:00' + to_seconds(n)"
    event_name: str = "'click'"
    user_id: str = "'u1'"
    anonymous_id: str = "'a1'"
    session_id: str = "'s1'"
    search_id: str = "'l1'"
    job_id: str = "'j1'"


@contextmanager
def landed(warehouse: Workbench, *several: Lines) -> Iterator[None]:
    """Put lines into staging, and into events or, where they are not kept, the duplicates."""

    def statement(lines: Lines, file: str, *names: str) -> str:
        values = {
            "event_date": f"date '{lines.date}'",
            "event_id": lines.event_id,
            "event_ts": f"(date '{lines.date}' + {lines.event_ts})::timestamp at time zone 'UTC'",
            **{name: getattr(lines, name) for name in ("event_name", "user_id", "anonymous_id")},
            **{name: getattr(lines, name) for name in ("session_id", "search_id", "job_id")},
        }
        values = {name: values[name] for name in names or values}
        values |= {"_source_file": f"'{file}'", "_source_sha256": "'f0'"}
        values |= {"_source_dt": f"date '{DAY}'", "_source_line": "n + 1"}
        replaced = ", ".join(f"{value} as {name}" for name, value in values.items())
        return (
            f"insert into {{t}} select one.* replace ({replaced}) "
            f"from (select * from {{t}} order by all limit 1) as one, range({lines.count}) as numbers(n)"
        )

    files = {f"dt={DAY}/{n}.ndjson": lines for n, lines in enumerate(several)}
    with ExitStack() as stack:
        for contract, names, chosen in (
            (STG_EVENTS, (), files),
            (EVENTS, (), {file: lines for file, lines in files.items() if lines.kept}),
            (
                EVENTS_DUPLICATES,
                ("event_date", "event_id"),
                {file: lines for file, lines in files.items() if not lines.kept},
            ),
        ):
            statements = [statement(lines, file, *names) for file, lines in chosen.items()]
            stack.enter_context(warehouse.planted(contract, *statements))
        yield


def duplicate_share(warehouse: Workbench, *days: dt.date, **settings: float) -> CheckOutcome:
    (outcome,) = warehouse.run_checks([DUPLICATE_SHARE], days or [DAY], **{**THRESHOLDS, **settings})
    assert outcome.key == DUPLICATE_SHARE
    return outcome


@pytest.mark.parametrize(
    ("events", "again", "lost", "settings", "expected"),
    [
        (80, 20, 0, {}, PASSES),
        (79, 21, 0, {}, WARNS),
        (3, 9, 0, {}, PASSES),
        (2, 10, 0, {}, WARNS),
        (5, 995, 0, {}, WARNS),
        (50, 0, 50, {}, WARNS),
        (49, 0, 51, {}, BLOCKS),
        (49, 51, 0, {}, WARNS),
        (1, 0, 299, {}, BLOCKS),
        (1, 700, 299, {}, BLOCKS),
        (1, 0, 98, {}, WARNS),
        (1, 0, 98, {"duplicates_min_lines": 99}, BLOCKS),
        (1, 0, 999, {"duplicates_block_share": 1.0}, WARNS),
        (79, 21, 0, {"duplicates_warn_share": 0.21}, PASSES),
        (79, 0, 21, {"duplicates_block_share": 0.2}, BLOCKS),
        (79, 0, 21, {"duplicates_block_share": 0.2, "duplicates_warn_share": 0.9}, BLOCKS),
        (0, 0, 0, {}, PASSES),
    ],
)
def test_many_duplicates_warn_and_many_lost_events_block(
    warehouse: Workbench,
    events: int,
    again: int,
    lost: int,
    settings: dict[str, float],
    expected: tuple[bool, bool],
) -> None:
    some_event = f"'e' || n % {events}"
    with landed(
        warehouse,
        Lines(events, kept=True),
        Lines(again, event_id=some_event, event_ts=f"time '10:00' + to_seconds(n % {events})"),
        Lines(lost, event_id=some_event, event_ts="time '20:00' + to_seconds(n)"),
    ):
        outcome = duplicate_share(warehouse, **settings)
    assert (outcome.passed, outcome.blocking) == expected
    assert outcome.metadata["duplicates"] == again + lost
    assert outcome.metadata["valid lines"] == events + again + lost
    assert outcome.dates == (frozenset() if outcome.passed else {DAY})
    assert outcome.held_back == ({DAY} if expected == BLOCKS else frozenset())
    if not outcome.passed:
        assert outcome.is_error == (expected == BLOCKS)
        told = outcome.description or ""
        assert f"On 2026-01-15 {again + lost:,} of {events + again + lost:,} (" in told
        assert "most of event_id e0 (" in told
        assert "for example dt=2026-01-15/" in told
        assert (f"{lost} events are lost" in told) == (lost > 0)
        assert ("nothing is lost" in told) == (lost == 0)
        assert ("JOBMATCH_DUPLICATES_BLOCK_SHARE" in told) == (expected == BLOCKS)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event_ts", "time '10:00:00.000001' + to_seconds(n)"),
        ("event_name", "'job_view'"),
        ("user_id", "'u2'"),
        ("user_id", "cast(null as varchar)"),
        ("anonymous_id", "'a2'"),
        ("session_id", "'s2'"),
        ("search_id", "'l2'"),
        ("job_id", "'j2'"),
    ],
)
def test_a_line_that_tells_of_something_else_is_a_lost_event(
    warehouse: Workbench, column: str, value: str
) -> None:
    with landed(warehouse, Lines(10, kept=True), Lines(10), Lines(10, **{column: value})):
        outcome = duplicate_share(warehouse)
    assert "10 events are lost" in (outcome.description or "")
    assert text(outcome, "dates above a threshold").endswith(
        "| 2026-01-15 | 20 | 30 | 66.67% | 10 | 10 | no |"
    )


@pytest.mark.parametrize(
    ("days_later", "says_the_same", "lost"),
    [(1, True, 0), (1, False, 1), (7, False, 1), (-7, False, 1), (8, False, 0), (-8, False, 0)],
)
def test_what_is_kept_may_have_another_date_within_the_window(
    warehouse: Workbench, days_later: int, says_the_same: bool, lost: int
) -> None:
    at = "time '10:00'"
    ahead = f"{at} - to_days({days_later})" if says_the_same else at
    other_day = DAY + dt.timedelta(days=days_later)
    with landed(
        warehouse,
        Lines(12, event_id="'e'", event_ts=at),
        Lines(1, kept=True, date=other_day, event_id="'e'", event_ts=ahead),
    ):
        outcome = duplicate_share(warehouse)
    assert text(outcome, "dates above a threshold").endswith(
        f"| 2026-01-15 | 12 | 12 | 100.00% | {lost} | 0 | no |"
    )


def test_of_many_dates_and_event_ids_ten_are_shown_and_only_some_block(warehouse: Workbench) -> None:
    days = [DAY + n * dt.timedelta(days=1) for n in range(12)]
    same = (Lines(40, date=day, event_id="'e' || n % 12", event_ts="time '10:00'") for day in days[:-1])
    with landed(warehouse, *same, Lines(120, date=days[-1], event_id="'e' || n % 12")):
        outcome = duplicate_share(warehouse, *days)
    assert outcome.dates == set(days)
    assert outcome.held_back == {days[-1]}
    assert "on 2026-01-26 more than 50.00% of the events are lost" in (outcome.description or "")
    assert len(text(outcome, "dates above a threshold").split("\n")[2:]) == 10
    assert len(text(outcome, "event_ids of 2026-01-26").split("\n")[2:]) == 10


def test_by_default_the_golden_set_passes(warehouse: Workbench) -> None:
    (outcome,) = warehouse.run_checks([DUPLICATE_SHARE])
    ((duplicates,),) = warehouse.query("select count(*) from job_matching_silver.events_duplicates")
    assert (outcome.passed, outcome.metadata["duplicates"]) == (True, duplicates)
