"""Old runs and ticks leave Dagster's storage, with their files; what the UI still needs stays."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    InProcessCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from jobmatch_assets.orchestration.pruning import prune

TODAY = dt.datetime.now(dt.UTC).date()
IN_A_MONTH = TODAY + dt.timedelta(days=30)
ORIGIN = RemoteInstigatorOrigin(
    RemoteRepositoryOrigin(InProcessCodeLocationOrigin(LoadableTargetOrigin()), "repository"), "new_files"
)


@dg.asset
def table() -> None:
    pass


@dg.op
def step() -> None:
    print("what the step printed")


@dg.job
def job() -> None:
    step()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        yield instance


def materialized(instance: dg.DagsterInstance) -> str:
    return dg.materialize([table], instance=instance).run_id


def files_of(folder: Path, run_id: str) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if run_id in str(path.relative_to(folder)))


def ticked(instance: dg.DagsterInstance, days_ago: int) -> None:
    moment = dt.datetime.combine(TODAY - dt.timedelta(days=days_ago), dt.time(), dt.UTC).timestamp()
    instance.create_tick(
        TickData(
            instigator_origin_id=ORIGIN.get_id(),
            instigator_name="new_files",
            instigator_type=InstigatorType.SENSOR,
            status=TickStatus.SKIPPED,
            timestamp=moment,
            selector_id=ORIGIN.get_selector().get_id(),
        )
    )


def test_old_runs_go_with_their_files_and_the_last_of_an_asset_stays(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    first, last = materialized(instance), materialized(instance)
    of_job = job.execute_in_process(instance=instance).run_id
    assert all(files_of(tmp_path, run_id) for run_id in (first, last, of_job))

    pruned = prune(instance, IN_A_MONTH, days=20)

    assert pruned.runs == 2
    assert {record.dagster_run.run_id for record in instance.get_run_records()} == {last}
    assert files_of(tmp_path, first) == files_of(tmp_path, of_job) == []
    assert files_of(tmp_path, last)
    event = instance.get_latest_materialization_event(dg.AssetKey("table"))
    assert event is not None
    assert event.run_id == last


def test_runs_that_are_not_so_old_stay(instance: dg.DagsterInstance) -> None:
    runs = {materialized(instance), materialized(instance)}
    assert prune(instance, TODAY, days=1).runs == 0
    assert {record.dagster_run.run_id for record in instance.get_run_records()} == runs


def test_a_run_that_has_not_ended_stays(instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert prune(instance, IN_A_MONTH, days=0).runs == 0
    assert instance.get_run_by_id(run.run_id)


def test_more_runs_than_are_asked_for_at_once_go(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_assets.orchestration.pruning._AT_ONCE", 2)
    for _ in range(5):
        instance.create_run_for_job(job, status=dg.DagsterRunStatus.SUCCESS)
    assert prune(instance, IN_A_MONTH, days=0).runs == 5
    assert not instance.get_run_records()


def test_ticks_before_the_moment_go(instance: dg.DagsterInstance) -> None:
    state = InstigatorState(
        ORIGIN, InstigatorType.SENSOR, InstigatorStatus.RUNNING, SensorInstigatorData(min_interval=30)
    )
    instance.add_instigator_state(state)
    for days_ago in (1, 10, 11):
        ticked(instance, days_ago)
    assert len(instance.get_ticks(ORIGIN.get_id(), state.selector_id)) == 3
    prune(instance, TODAY, days=5)
    (left,) = instance.get_ticks(ORIGIN.get_id(), state.selector_id)
    assert dt.datetime.fromtimestamp(left.timestamp, dt.UTC).date() == TODAY - dt.timedelta(days=1)
