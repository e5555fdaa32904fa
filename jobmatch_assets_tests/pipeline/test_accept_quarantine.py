"""A date that began with broken lines can be built all the same, if somebody says so: who, when and how many."""

import datetime as dt
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.checks.accepted_quarantine import accept_command, told
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.acceptance import Acceptance
from jobmatch_assets.pipeline.stages import GOLD
from jobmatch_assets.warehouse.control.findings import AcceptedQuarantine, FailingCheck
from jobmatch_assets_tests.bench import command
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import lines
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

SHARE = dg.AssetCheckKey(dg.AssetKey(["silver", "events_quarantine"]), "quarantine_share")


@pytest.fixture
def landed(workbench: Callable[..., Workbench]) -> Workbench:
    """Of five days the second and the fourth have more broken lines than good ones."""
    bench = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10")
    for day in (1, 2, 3, 4, 5):
        bench.land(
            f"dt=2026-03-0{day}/a.ndjson", lines(f"2026-03-0{day}", 10, 30 if day in (2, 4) else 0, "a")
        )
    return bench


@pytest.fixture
def bench(landed: Workbench) -> Workbench:
    build(landed)
    return landed


def accept(bench: Workbench, *dates: str, by: str = "anna") -> RunReport:
    ranges = [DateRange.of_text(date) for date in dates]
    return bench.try_run(acceptance=Acceptance(ranges, by))


def funnel_days(bench: Workbench) -> list[int]:
    rows = bench.query("select distinct day(event_date) from job_matching_gold.funnel_daily order by all")
    return [day for (day,) in rows]


def records(bench: Workbench) -> list[tuple[object, ...]]:
    return bench.query(
        "select day(partition_date), quarantined_lines, lines, accepted_by "
        "from job_matching_bronze.accepted_quarantine order by all"
    )


def last_evaluation(bench: Workbench) -> dg.AssetCheckEvaluation:
    record = bench.instance.get_latest_asset_check_evaluation_record(SHARE)
    assert record is not None
    evaluation = record.event.asset_check_evaluation
    assert evaluation is not None
    return evaluation


def test_the_message_names_a_command_that_works(landed: Workbench, tmp_path: Path) -> None:
    bench = landed
    bench.try_run()
    found = re.search(r"jobmatch run [^:]*$", str(last_evaluation(bench).description))
    assert found
    assert "--accept-quarantine 2026-03-02 --accept-quarantine 2026-03-04" in found[0]
    code, out, err = command.run_here(bench, tmp_path / "home", *shlex.split(found[0])[1:], "--by", "anna")
    assert code == 0, (out, err)
    assert funnel_days(bench) == [1, 2, 3, 4, 5]
    assert records(bench) == [(2, 30, 40, "anna"), (4, 30, 40, "anna")]


def test_an_accepted_date_warns_and_says_by_whom_and_more_broken_lines_block_it_again(
    bench: Workbench,
) -> None:
    assert funnel_days(bench) == [5]
    before = dt.datetime.now(dt.UTC)
    assert accept(bench, "2026-03-02").problems != [], "the 4th is held back still"
    assert funnel_days(bench) == [1, 2, 5]
    accept(bench, "2026-03-04")
    assert funnel_days(bench) == [1, 2, 3, 4, 5]
    evaluation = last_evaluation(bench)
    assert (evaluation.passed, evaluation.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert f"accepted by anna on {before.date()}: 30 of 40 lines" in str(evaluation.description)
    table = str(evaluation.metadata["dates above a threshold"].value)
    assert f"| no | 30 by anna on {before.date()} |" in table
    (at,) = {record.accepted_at for record in bench.prepared().findings.accepted_quarantine()[:1]}
    assert before <= at <= dt.datetime.now(dt.UTC)

    bench.land("dt=2026-03-02/b.ndjson", lines("2026-03-02", 5, 0, "b"))
    bench.run()
    assert bench.query(
        "select searches from job_matching_gold.funnel_daily where event_date = '2026-03-02' "
        "and platform = '__all__' and device_type = '__all__' and surface = '__all__'"
    ) == [(15,)], "later runs build it, too"

    bench.land("dt=2026-03-02/c.ndjson", lines("2026-03-02", 1, 1, "c"))
    (problem,) = bench.try_run().problems
    assert "accepted by anna" in problem
    assert "More are quarantined now than were accepted" in problem
    assert "--accept-quarantine 2026-03-02" in problem
    assert bench.work().held_back[GOLD] == {dt.date(2026, 3, 1), dt.date(2026, 3, 2)}
    assert accept(bench, "2026-03-02", by="bea").problems == []
    assert records(bench) == [(2, 30, 40, "anna"), (2, 31, 47, "bea"), (4, 30, 40, "anna")]
    assert not bench.work()
    assert accept(bench, "2026-03-02", by="cid").problems == [], "a repeated run changes nothing"
    assert len(records(bench)) == 3


def test_what_is_accepted_is_built_as_if_it_had_never_been_held_back(
    bench: Workbench, workbench: Callable[..., Workbench]
) -> None:
    accept(bench, "2026-03-01..2026-03-05")
    assert [record[0] for record in records(bench)] == [2, 4], "of a range the dates that are held back"
    contents = bench.contents()
    lenient = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10000")
    bench.warehouse.unlink()
    lenient.run()
    assert lenient.contents() == contents


def test_only_what_is_held_back_by_its_quarantine_can_be_accepted(bench: Workbench) -> None:
    (problem,) = accept(bench, "2026-03-03").problems
    assert "nothing to accept on 2026-03-03" in problem
    assert "Held back by them: 2026-03-02, 2026-03-04" in problem
    date = dt.date(2026, 3, 2)
    events, contract = "silver/events", "matches_contract"
    bench.prepared().findings.note(
        [CheckKey(TableKey.of(events), contract)],
        [date],
        [FailingCheck("silver", events, contract, date, True, "no user_id")],
    )
    for dates in ("2026-03-02", "2026-03-01..2026-03-04"):
        (problem,) = accept(bench, dates).problems
        assert "2026-03-02 is held back by the check matches_contract of silver/events, too" in problem
        assert "only the share of quarantined lines (quarantine_share) can be accepted" in problem
        assert "no user_id" in problem
    assert records(bench) == []
    assert funnel_days(bench) == [5]


@pytest.mark.parametrize(
    ("by", "tags", "recorded"),
    [
        ("  dora \x1b[31m", {}, "dora [31m"),
        (None, {"user": "emil@example.com"}, "emil@example.com"),
        (None, {}, "somebody in the Dagster UI"),
    ],
)
def test_it_can_be_accepted_in_the_ui(
    by: str | None, tags: dict[str, str], recorded: str, bench: Workbench
) -> None:
    config = {"accept_quarantine": ["2026-03-02", "2026-03-04"], **({"accepted_by": by} if by else {})}
    result = (
        bench.definitions()
        .resolve_job_def(PROCESS_NEW_FILES)
        .execute_in_process(
            instance=bench.instance, run_config={"ops": {"load_and_build": {"config": config}}}, tags=tags
        )
    )
    assert result.success
    assert {record[3] for record in records(bench)} == {recorded}
    assert funnel_days(bench) == [1, 2, 3, 4, 5]


def test_dates_that_are_not_understood_change_nothing(bench: Workbench, tmp_path: Path) -> None:
    config = {"ops": {"load_and_build": {"config": {"accept_quarantine": ["2. March"]}}}}
    result = (
        bench.definitions()
        .resolve_job_def(PROCESS_NEW_FILES)
        .execute_in_process(instance=bench.instance, run_config=config, raise_on_error=False)
    )
    report = RunReport(bench.platform.plan)
    report.add(result)
    assert "['2. March'] as accept_quarantine" in report.problems[0]
    for arguments, says in (
        (("--accept-quarantine", "2026-03-04..2026-03-02"), "lies before"),
        (("--accept-quarantine", "2026-03-02", "--from", "2026-03-02", "--select", "group:gold"), "--select"),
        (("--by", "anna"), "--by"),
    ):
        code, _, err = command.run_here(bench, tmp_path / "home", "run", *arguments)
        assert code == 2, err
        assert says in err
    assert records(bench) == []


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([2], "jobmatch run --from 2026-03-02 --accept-quarantine 2026-03-02"),
        ([2, 3], "jobmatch run --from 2026-03-02 --to 2026-03-03 --accept-quarantine 2026-03-02..2026-03-03"),
        ([2, 5], "jobmatch run --accept-quarantine 2026-03-02 --accept-quarantine 2026-03-05"),
        (range(2, 30, 2), "jobmatch run --accept-quarantine 2026-03-02..2026-03-28"),
    ],
)
def test_the_command_stays_short(days: list[int], says: str) -> None:
    assert accept_command([day(number) for number in days]) == says


def test_of_many_dates_the_first_are_told() -> None:
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    accepted = {day(n): AcceptedQuarantine(day(n), n, 10 * n, "anna", at) for n in range(1, 6)}
    said = told(accepted, [day(n) for n in range(1, 30)])
    assert said.startswith("accepted by anna on 2026-04-01: 1 of 10 lines of 2026-03-01, 2 of 20 lines of")
    assert said.endswith(" and 2 more dates")
    assert told(accepted, [day(9)]) == ""
