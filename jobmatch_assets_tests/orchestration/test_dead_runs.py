"""Dead runs end as failed and leave their place; whoever may be alive keeps it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.launchers import dead_runs
from jobmatch_assets.orchestration.launchers.dead_runs import end_dead_runs
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL

HERE = ProcessMark.of_this_process()
STARTED = dg.DagsterRunStatus.STARTED


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as temporary:
        temporary.event_log_storage.set_concurrency_slots(WAREHOUSE_POOL, 1)
        yield temporary


def gone() -> ProcessMark:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as process:
        return ProcessMark.of_number(process.pid)


def run_of(
    instance: dg.DagsterInstance, mark: ProcessMark | None, status: dg.DagsterRunStatus = STARTED
) -> dg.DagsterRun:
    """A run of that process, which has the place in the pool."""
    run = instance.create_run_for_job(
        dg.job(name="works")(lambda: None), status=status, tags=mark.tags if mark else {}
    )
    assert instance.event_log_storage.claim_concurrency_slot(WAREHOUSE_POOL, run.run_id, "step").is_claimed
    return run


def holders(instance: dg.DagsterInstance) -> set[str]:
    return {s.run_id for s in instance.event_log_storage.get_concurrency_info(WAREHOUSE_POOL).claimed_slots}


def status_of(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found
    return found.status


@pytest.mark.parametrize("status", [STARTED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.CANCELING])
def test_a_dead_run_fails_and_leaves_its_place(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    mark = gone()
    run = run_of(instance, mark, status)
    (told,) = end_dead_runs(instance)
    assert run.run_id[:8] in told
    assert f"process {mark.process} " in told
    assert status_of(instance, run) is dg.DagsterRunStatus.FAILURE
    assert holders(instance) == set()
    assert end_dead_runs(instance) == []


@pytest.mark.parametrize("mark", [HERE, replace(HERE, host="elsewhere", process=2**22 + 1), None])
def test_a_run_that_may_be_alive_keeps_its_place(
    instance: dg.DagsterInstance, mark: ProcessMark | None
) -> None:
    run = run_of(instance, mark)
    assert end_dead_runs(instance) == []
    assert status_of(instance, run) is STARTED
    assert holders(instance) == {run.run_id}


def test_a_run_that_ends_well_while_it_is_looked_at_stays_as_it_ended(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(instance, gone())
    read = instance.get_runs

    def get_runs(*filters: object) -> object:
        found = read(*filters)  # type: ignore[arg-type]
        instance.report_dagster_event(
            dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, job_name="works"), run.run_id
        )
        return found

    monkeypatch.setattr(instance, "get_runs", get_runs)
    assert dead_runs.end_dead_runs(instance) == []
    assert status_of(instance, run) is dg.DagsterRunStatus.SUCCESS


def test_a_place_whose_run_has_ended_or_is_deleted_is_free_again(instance: dg.DagsterInstance) -> None:
    run = run_of(instance, HERE)
    instance.report_run_canceled(run)
    end_dead_runs(instance)
    assert holders(instance) == set()
    assert instance.event_log_storage.claim_concurrency_slot(WAREHOUSE_POOL, "no run", "step").is_claimed
    end_dead_runs(instance)
    assert holders(instance) == set()
