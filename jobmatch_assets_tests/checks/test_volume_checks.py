"""The share of a date that is quarantined, and its events against the same weekday: what passes, warns, blocks."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from jobmatch_assets.checks.memory import held_back, settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.checks.quarantine import quarantine_key
from jobmatch_assets.checks.volume import volume_key
from jobmatch_assets.contracts.feed import EVENTS as FEED
from jobmatch_assets.contracts.line_tables import EVENTS, EVENTS_DUPLICATES, EVENTS_QUARANTINE
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.warehouse.control.findings import Findings
from jobmatch_assets_tests.bench.outcomes import examples, text
from jobmatch_assets_tests.bench.workbench import Workbench

QUARANTINE_SHARE = quarantine_key(FEED)
ROW_VOLUME = volume_key(FEED)

# Dates of which the golden set has no line.
DAY = dt.date(2026, 1, 15)
OTHER_DAY = dt.date(2026, 1, 16)
WEEK = dt.timedelta(days=7)
NOON = dt.time(12, tzinfo=dt.UTC)


@contextmanager
def rows(warehouse: Workbench, contract: TableContract, by_date: Mapping[dt.date, int]) -> Iterator[None]:
    """Add so many rows of these dates to a table, all of one file."""
    with warehouse.planted(
        contract,
        *(
            f"insert into {{t}} select one.* replace (date '{date}' as event_date, n + 1 as _source_line, "
            f"'dt={date}/new.ndjson' as _source_file) from (select * from {{t}} order by all limit 1) as one, "
            f"range({count}) as numbers(n)"
            for date, count in by_date.items()
        ),
    ):
        yield


@contextmanager
def lines(warehouse: Workbench, **by_date: tuple[int, int, int]) -> Iterator[None]:
    """Add lines, {date: (events, duplicates, quarantined)}; a date is written _2026_01_15."""
    dates = {dt.date.fromisoformat(day[1:].replace("_", "-")): counts for day, counts in by_date.items()}
    tables = (EVENTS, EVENTS_DUPLICATES, EVENTS_QUARANTINE)
    first, second, third = ({day: counts[n] for day, counts in dates.items()} for n in range(3))
    with (
        rows(warehouse, tables[0], first),
        rows(warehouse, tables[1], second),
        rows(warehouse, tables[2], third),
    ):
        yield


def quarantine_share(warehouse: Workbench, *days: dt.date, **settings: float) -> CheckOutcome:
    (outcome,) = warehouse.run_checks([QUARANTINE_SHARE], days or [DAY], **{**THRESHOLDS, **settings})
    assert outcome.key == QUARANTINE_SHARE
    return outcome


THRESHOLDS = {"quarantine_warn_share": 0.01, "quarantine_block_share": 0.2, "quarantine_min_lines": 100}
PASSES, WARNS, BLOCKS = (True, False), (False, False), (False, True)


@pytest.mark.parametrize(
    ("counts", "settings", "expected"),
    [
        ((99, 0, 1), {}, PASSES),
        ((98, 0, 2), {}, WARNS),
        ((98, 100, 2), {}, PASSES),
        ((80, 0, 20), {}, WARNS),
        ((79, 0, 21), {}, BLOCKS),
        ((59, 20, 21), {}, BLOCKS),
        ((0, 0, 100), {}, BLOCKS),
        ((0, 0, 99), {}, WARNS),
        ((0, 0, 99), {"quarantine_min_lines": 99}, BLOCKS),
        ((98, 0, 2), {"quarantine_warn_share": 0.02}, PASSES),
        ((98, 0, 2), {"quarantine_block_share": 0.01}, BLOCKS),
        ((79, 0, 21), {"quarantine_block_share": 1.0}, WARNS),
        ((0, 0, 0), {}, PASSES),
    ],
)
def test_a_share_above_one_threshold_warns_and_above_the_other_blocks(
    warehouse: Workbench,
    counts: tuple[int, int, int],
    settings: dict[str, float],
    expected: tuple[bool, bool],
) -> None:
    with lines(warehouse, _2026_01_15=counts):
        outcome = quarantine_share(warehouse, **settings)
    assert (outcome.passed, outcome.blocking) == expected
    assert outcome.metadata["quarantined lines"] == counts[2]
    assert outcome.metadata["lines"] == sum(counts)
    assert outcome.dates == (frozenset() if outcome.passed else {DAY})
    assert outcome.held_back == ({DAY} if expected == BLOCKS else frozenset())
    if not outcome.passed:
        assert outcome.is_error == (expected == BLOCKS)
        assert outcome.description is not None
        assert f"({counts[2]} of {sum(counts)}, " in outcome.description
        assert "dt=2026-01-15/new.ndjson:" in outcome.description
        says = "jobmatch run --from 2026-01-15 --accept-quarantine 2026-01-15"
        assert outcome.description.endswith(says) == (expected == BLOCKS)


def test_by_default_the_golden_set_blocks_nothing(warehouse: Workbench) -> None:
    (outcome,) = warehouse.run_checks([QUARANTINE_SHARE])
    ((quarantined,),) = warehouse.query("select count(*) from job_matching_silver.events_quarantine")
    assert outcome.held_back == frozenset()
    assert outcome.metadata["quarantined lines"] == quarantined


def test_a_reason_shows_the_line_in_the_metadata_and_not_in_what_alerts_send(
    warehouse: Workbench,
) -> None:
    (outcome,) = warehouse.run_checks([QUARANTINE_SHARE], quarantine_warn_share=0.0)
    lines = warehouse.query(
        "select reason, min_by(left(raw_line, 200), (_source_file || ':' || _source_line)) "
        "from job_matching_silver.events_quarantine group by reason"
    )
    table = text(outcome, "reasons")
    shown = [line for reason, line in lines if f"| {reason} |" in table]
    assert len(shown) == 10
    for line in shown:
        assert " ".join(line.split()).replace("|", "\\|") in table
        assert len(line) < 20 or line not in str(outcome.description)


def test_partitions_of_an_error_are_those_that_are_in_error(warehouse: Workbench) -> None:
    with lines(warehouse, _2026_01_15=(50, 0, 50), _2026_01_16=(95, 0, 5)):
        metadata = quarantine_share(warehouse, DAY, OTHER_DAY).shown_metadata
        assert (metadata["failing partitions"], metadata["partitions that only warn"]) == (
            str(DAY),
            str(OTHER_DAY),
        )
        metadata = quarantine_share(warehouse, OTHER_DAY).shown_metadata
        assert metadata["failing partitions"] == str(OTHER_DAY)
        assert "partitions that only warn" not in metadata


def test_of_many_dates_and_reasons_ten_are_shown(warehouse: Workbench) -> None:
    days = [DAY + n * dt.timedelta(days=1) for n in range(12)]
    reasons = "update {t} set reason = reason || _source_line where event_date between '2026-01-15' and '2026-01-26'"
    with (
        rows(warehouse, EVENTS_QUARANTINE, dict.fromkeys(days, 12)),
        warehouse.planted(EVENTS_DUPLICATES, "delete from {t}"),
    ):
        warehouse.query(reasons.format(t="job_matching_silver.events_quarantine"))
        outcome = quarantine_share(warehouse, *days)
    assert outcome.dates == set(days)
    assert len(text(outcome, "dates above a threshold").split("\n")[2:]) == 10
    assert len(text(outcome, "reasons").split("\n")[2:]) == 10


def findings(warehouse: Workbench) -> Findings:
    return warehouse.prepared().findings


def test_a_date_that_only_warns_is_not_held_back_by_another_that_blocks(warehouse: Workbench) -> None:
    warehouse.query("delete from job_matching_bronze.failing_checks")
    with lines(warehouse, _2026_01_15=(50, 0, 50), _2026_01_16=(95, 0, 5)):
        found = quarantine_share(warehouse, DAY, OTHER_DAY)
        assert (found.dates, found.held_back) == ({DAY, OTHER_DAY}, {DAY})
        (both,) = settle(findings(warehouse), "silver", [DAY, OTHER_DAY], [found])
        assert held_back([both], [DAY, OTHER_DAY]) == {DAY}
        # Looked at alone, it warns; the other one goes on blocking.
        (later,) = settle(
            findings(warehouse), "silver", [OTHER_DAY], [quarantine_share(warehouse, OTHER_DAY)]
        )
        assert (later.blocking, later.dates, later.held_back) == (True, {DAY, OTHER_DAY}, {DAY})
        assert held_back([later], [OTHER_DAY]) == set()
    with lines(warehouse, _2026_01_15=(500, 0, 1), _2026_01_16=(95, 0, 5)):
        (mended,) = settle(findings(warehouse), "silver", [DAY], [quarantine_share(warehouse, DAY)])
        assert (mended.passed, mended.blocking, mended.dates) == (False, False, {OTHER_DAY})
        assert "2026-01-16" in (mended.description or "")
    (clean,) = settle(
        findings(warehouse), "silver", [DAY, OTHER_DAY], [quarantine_share(warehouse, DAY, OTHER_DAY)]
    )
    assert clean.passed
    assert [
        check for check in findings(warehouse).failing_checks() if check.check_name == QUARANTINE_SHARE.name
    ] == []


def row_volume(
    warehouse: Workbench,
    by_date: Mapping[dt.date, int],
    *days: dt.date,
    now: dt.datetime = dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
    **settings: float,
) -> CheckOutcome:
    with rows(warehouse, EVENTS, by_date):
        (outcome,) = warehouse.run_checks([ROW_VOLUME], days or [DAY], now, **settings)
    assert outcome.key == ROW_VOLUME
    assert not outcome.blocking
    return outcome


def weeks(*counts: int, step: dt.timedelta = WEEK) -> dict[dt.date, int]:
    """{the weekday before, the one before that, …: events}."""
    return {DAY - (n + 1) * step: count for n, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("history", "events", "settings", "passed"),
    [
        (weeks(200, 200, 200), 200, {}, True),
        (weeks(200, 200, 200), 100, {}, True),
        (weeks(200, 200, 200), 99, {}, False),
        (weeks(200, 200, 200), 300, {}, True),
        (weeks(200, 200, 200), 301, {}, False),
        (weeks(200, 200, 200), 0, {}, False),
        (weeks(200, 200, 200), 150, {"row_volume_tolerance": 0.2}, False),
        (weeks(200, 200, 200, 9000), 200, {}, True),
        (weeks(200, 200), 0, {}, True),
        (weeks(200, 200, 0, 0, 0, 0, 0, 200), 0, {}, False),
        (weeks(200, 200, 0, 0, 0, 0, 0, 200), 0, {"row_volume_weeks": 7}, True),
        (weeks(99, 99, 99), 0, {}, True),
        (weeks(100, 100, 100), 0, {}, False),
        (weeks(200, 200, 200, step=dt.timedelta(days=1)), 0, {}, True),
    ],
)
def test_events_far_from_the_median_of_the_weekday_warn(
    warehouse: Workbench,
    history: dict[dt.date, int],
    events: int,
    settings: dict[str, float],
    passed: bool,
) -> None:
    outcome = row_volume(warehouse, {**history, DAY: events}, **settings)
    assert outcome.passed == passed
    assert outcome.metadata["failing dates"] == (0 if passed else 1)
    if not passed:
        assert not outcome.is_error
        assert outcome.dates == {DAY}
        assert f"2026-01-15 ({events} events, the median of " in (outcome.description or "")
        assert examples(outcome)[0].startswith(f"| 2026-01-15 | {events} | ")


def test_a_date_is_judged_when_it_is_over(warehouse: Workbench) -> None:
    history = weeks(200, 200, 200)
    during = row_volume(warehouse, history, now=dt.datetime.combine(DAY, NOON))
    assert (during.passed, during.metadata["dates compared"]) == (True, 0)
    assert not row_volume(warehouse, history, now=dt.datetime.combine(OTHER_DAY, NOON)).passed


def test_only_dates_that_were_built_are_judged_and_ten_are_shown(warehouse: Workbench) -> None:
    days = [DAY + n * dt.timedelta(days=1) for n in range(12)]
    history = {day - n * WEEK: 200 for day in days for n in (2, 3, 4)}
    outcome = row_volume(warehouse, history, *days)
    assert outcome.dates == set(days)
    assert outcome.metadata["failing dates"] == 12
    assert len(examples(outcome)) == 10
    assert row_volume(warehouse, {**history, DAY: 200}, DAY).passed
