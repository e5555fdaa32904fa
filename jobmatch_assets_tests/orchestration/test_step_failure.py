"""What the event of a failed step holds, which is what Dagster's page of the run shows."""

from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.orchestration.step_failure import StepFailure, explanation
from jobmatch_assets_tests.bench.workbench import Workbench


def failure_of(result: dg.ExecuteInProcessResult) -> dg.DagsterEvent:
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    return failure


def shown(failure: dg.DagsterEvent) -> str:
    """The error as the UI writes it: of an error of the user's code that has a cause, it leaves out the stack."""
    data = failure.step_failure_data
    error = data.error
    assert error is not None
    text = error.message
    if not (data.error_source.value == "USER_CODE_ERROR" and error.cause):
        text += "".join(error.stack)
    while error.cause is not None:
        error = error.cause
        text += error.message + "".join(error.stack)
    return text


def run_op(error: Exception) -> dg.DagsterEvent:
    @dg.op
    def fails() -> None:
        raise error

    @dg.job
    def some_job() -> None:
        fails()

    return failure_of(some_job.execute_in_process(raise_on_error=False))


def test_a_failure_that_is_explained_shows_its_message_and_no_stack() -> None:
    failure = run_op(StepFailure("The file a: b is broken.\nRemove it."))
    assert 'File "' not in shown(failure)
    assert "The file a: b is broken.\nRemove it." in shown(failure)
    assert explanation(failure) == "The file a: b is broken.\nRemove it."


def test_any_other_failure_keeps_its_stack() -> None:
    assert 'File "' in shown(run_op(ValueError("a bug")))
    assert explanation(run_op(ValueError("a bug"))) == ""
    assert explanation(run_op(dg.Failure("said so"))) == "said so"


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    return workbench(JOBMATCH_QUARANTINE_MIN_LINES="1")


def test_runs_that_the_platform_stops_show_why_and_nothing_else(bench: Workbench) -> None:
    job = bench.definitions().resolve_job_def(PROCESS_NEW_FILES)

    def failed(**config: object) -> dg.DagsterEvent:
        run_config = {"ops": {"load_and_build": {"config": config}}}
        result = job.execute_in_process(instance=bench.instance, run_config=run_config, raise_on_error=False)
        return failure_of(result)

    nothing_landed, no_date = failed(), failed(first="yesterday")
    bench.land("dt=2026-03-02/a.ndjson", ["{"])
    held_back = failed()
    for failure, says in (
        (nothing_landed, str(bench.landing)),
        (no_date, "'yesterday' to None: write YYYY-MM-DD"),
        (held_back, "--accept-quarantine 2026-03-02"),
    ):
        assert says in shown(failure)
        assert says in explanation(failure)
        assert 'File "' not in shown(failure)


def test_assets_that_are_held_back_show_why_and_nothing_else(bench: Workbench) -> None:
    bench.land("dt=2026-03-02/a.ndjson", ["{"])
    bench.try_run()
    definitions, day = bench.definitions(), "2026-03-02"
    keys = [dg.AssetKey(["silver", name]) for name in ("events", "events_duplicates", "events_quarantine")]
    result = (
        definitions.resolve_implicit_global_asset_job_def()
        .get_subset(asset_selection=set(keys))
        .execute_in_process(instance=bench.instance, partition_key=day, raise_on_error=False)
    )
    failure = failure_of(result)
    assert "--accept-quarantine 2026-03-02" in explanation(failure)
    assert 'File "' not in shown(failure)
    report = RunReport(bench.platform.plan)
    report.add(result)
    (problem,) = report.problems
    assert problem.startswith("Check quarantine_share")


def test_a_run_of_the_command_says_it_once(bench: Workbench) -> None:
    bench.land("dt=2026-03-02/a.ndjson", ["{"])
    (problem,) = bench.try_run().problems
    assert problem.count("--accept-quarantine 2026-03-02") == 1
