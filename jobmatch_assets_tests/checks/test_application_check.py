"""Applications that several events tell of: from how many on there is a warning, and how far apart they may be."""

import datetime as dt
from collections.abc import Mapping

import pytest

from jobmatch_assets.checks.applications import APPLICATIONS_ARE_COUNTED_ONCE
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets_tests.bench.outcomes import examples, text
from jobmatch_assets_tests.bench.workbench import Workbench

# Dates of which the golden set has no line.
DAY = dt.date(2026, 1, 15)
ONE_DAY = dt.timedelta(days=1)
UNIQUE = "date || '-' || n"
"""An application_id of their own for all events."""


def counted_once(
    warehouse: Workbench,
    applies: Mapping[tuple[dt.date, str], int],
    *days: dt.date,
    event_name: str = "apply",
    **settings: int,
) -> CheckOutcome:
    """Run the check with so many more events, {(date, SQL of their application_id over date and n): count}."""
    statements = [
        f"insert into {{t}} select one.* replace (date as event_date, '{event_name}' as event_name, "
        f"{application} as application_id, 'e{number}-' || n as event_id, n + 1 as _source_line, "
        f"'dt={date}/{number}.ndjson' as _source_file) from (select * from {{t}} order by all limit 1) as one, "
        f"(select date '{date}' as date), range({count}) as numbers(n)"
        for number, ((date, application), count) in enumerate(applies.items())
    ]
    with warehouse.planted(EVENTS, *statements):
        (outcome,) = warehouse.run_checks([APPLICATIONS_ARE_COUNTED_ONCE], days or [DAY], **settings)
    assert outcome.key == APPLICATIONS_ARE_COUNTED_ONCE
    assert not outcome.blocking
    return outcome


@pytest.mark.parametrize(
    ("own", "shared", "application", "passed"),
    [
        (0, 0, "'a'", True),
        (0, 9, "'a'", True),
        (0, 10, "'a'", False),
        (0, 10, "'a' || n % 5", False),
        (0, 10, "'a' || n % 6", True),
        (0, 400, "'a' || n % 200", False),
        (990, 10, "'a'", True),
        (989, 10, "'a'", False),
        (0, 1000, UNIQUE, True),
        (0, 1000, "null", True),
    ],
)
def test_many_applies_with_the_application_of_another_warn(
    warehouse: Workbench, own: int, shared: int, application: str, passed: bool
) -> None:
    outcome = counted_once(warehouse, {(DAY, UNIQUE): own, (DAY, application): shared})
    assert outcome.passed == passed
    if not passed:
        assert not outcome.is_error
        assert outcome.dates == {DAY}
        told = outcome.description or ""
        assert f"most on 2026-01-15 ({shared} of {own + shared}, " in told
        example = text(outcome, "examples").split("\n")[2]
        first, second = (cell.strip() for cell in example.split("|")[3:5])
        assert first != second
        assert f"{first} and {second}" in told
        assert "(dt=2026-01-15/1.ndjson:" in first


def test_applies_that_name_no_application_and_other_events_do_not_count(warehouse: Workbench) -> None:
    same = {(DAY, "'a'"): 20}
    for event_name in ("application_status", "apply_start", "click"):
        outcome = counted_once(warehouse, same, event_name=event_name)
        assert outcome.passed
        assert outcome.metadata["applies that name an application"] == 0
    outcome = counted_once(warehouse, {**same, (DAY, "null"): 5000})
    assert (outcome.passed, outcome.metadata["applies that name an application"]) == (False, 20)


@pytest.mark.parametrize("window", [0, 1, 7])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_other_apply_may_have_another_date_within_the_window(
    warehouse: Workbench, window: int, sign: int
) -> None:
    def with_another(days: int) -> CheckOutcome:
        applies = {(DAY, "'a' || n"): 20, (DAY + sign * days * ONE_DAY, "concat('a', n)"): 20}
        return counted_once(warehouse, applies, dedup_window_days=window)

    outside = with_another(window + 1)
    assert (outside.passed, outside.metadata["applies that share it"]) == (True, 0)
    inside = with_another(window)
    assert (inside.passed, inside.dates) == (False, {DAY})
    assert inside.metadata["applies that share it"] == (20 if window else 40)


def test_only_dates_that_were_built_are_judged_and_ten_are_shown(warehouse: Workbench) -> None:
    days = [DAY + n * 20 * ONE_DAY for n in range(-1, 12)]
    applies = {(day, "'a' || n % 12"): 24 for day in days}
    outcome = counted_once(warehouse, applies, *days[1:])
    assert outcome.dates == set(days[1:])
    assert len(text(outcome, "dates above the threshold").split("\n")[2:]) == 10
    assert len(examples(outcome)) == 10


def test_the_golden_set_has_none(warehouse: Workbench) -> None:
    (outcome,) = warehouse.run_checks([APPLICATIONS_ARE_COUNTED_ONCE])
    ((named,),) = warehouse.query(
        "select count(application_id) from job_matching_silver.events where event_name = 'apply'"
    )
    assert outcome.passed
    assert outcome.metadata["applies that name an application"] == named > 0
    assert outcome.metadata["applies that share it"] == 0
