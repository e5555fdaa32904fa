"""A run has a process of its own, quickly, that can be stopped and is missed when it is gone."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.reconstruct import ReconstructableJob
from dagster._core.launcher.base import WorkerStatus

from jobmatch_assets.orchestration.launchers.fork import LocalRunLauncher
from jobmatch_assets.settings import PROJECT_DIR

_JOBS = """
import json, os, sys, time
from pathlib import Path
import dagster as dg

@dg.op
def tell():
    Path(__file__).with_name("told.json").write_text(json.dumps([os.getpid(), os.getpgrp(), sorted(sys.modules)]))

@dg.op
def wait():
    Path(__file__).with_name("waits").touch()
    time.sleep(300)

@dg.job(executor_def=dg.in_process_executor)
def tells():
    tell()

@dg.job
def waits():
    wait()
"""

_INSTANCE = """
run_launcher:
  module: jobmatch_assets.orchestration.launchers.fork
  class: LocalRunLauncher
run_coordinator:
  module: dagster.core.run_coordinator
  class: DefaultRunCoordinator
telemetry:
  enabled: false
"""

_LAUNCH_AND_STOP = """
from pathlib import Path
from jobmatch_assets_tests.orchestration.test_run_launcher import Home, wait_until

home = Home(Path.cwd())
with home.instance:
    home.launch("waits")
    wait_until((home.folder / "waits").exists)
"""


def wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


class Home:
    """A DAGSTER_HOME with two jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "jobs.py").write_text(_JOBS)
        (folder / "dagster.yaml").write_text(_INSTANCE)
        self.instance = dg.DagsterInstance.from_config(str(folder))
        launcher = self.instance.run_launcher
        assert isinstance(launcher, LocalRunLauncher)
        self.launcher = launcher

    def launch(self, job: str) -> str:
        """Start a run and give its id."""
        found = ReconstructableJob.for_file(str(self.folder / "jobs.py"), job)
        run = self.instance.create_run_for_job(
            found.get_definition(), job_code_origin=found.get_python_origin()
        )
        self.instance.launch_run(run.run_id, workspace=None)  # type: ignore[arg-type]
        return run.run_id

    def run(self, run_id: str) -> dg.DagsterRun:
        run = self.instance.get_run_by_id(run_id)
        assert run
        return run

    def status(self, run_id: str) -> dg.DagsterRunStatus:
        return self.run(run_id).status

    def wait_for(self, run_id: str) -> dg.DagsterRunStatus:
        """The status in which a run ends."""
        wait_until(lambda: self.run(run_id).is_finished)
        return self.status(run_id)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One for all tests: the server that its runs are forked from imports all libraries first."""
    home = Home(tmp_path_factory.mktemp("home"))
    with home.instance:
        yield home


@pytest.fixture
def home(shared: Home) -> Home:
    (shared.folder / "waits").unlink(missing_ok=True)
    return shared


def test_libraries_are_there_and_the_platform_is_imported_anew(home: Home) -> None:
    run_id = home.launch("tells")
    assert home.wait_for(run_id) is dg.DagsterRunStatus.SUCCESS
    process, group, modules = json.loads((home.folder / "told.json").read_text())
    assert process == group != os.getpid()
    assert {"dagster_dbt", "dbt.adapters.duckdb", "duckdb", "pandera", "scipy.special"} <= set(modules)
    assert [name for name in modules if name.startswith("jobmatch_assets")] == [
        "jobmatch_assets",
        "jobmatch_assets.garbage",
        "jobmatch_assets.orchestration",
        "jobmatch_assets.orchestration.launchers",
        "jobmatch_assets.orchestration.launchers.kept_connections",
        "jobmatch_assets.orchestration.launchers.process_mark",
        "jobmatch_assets.orchestration.launchers.run_process",
    ]


def test_a_run_can_be_stopped(home: Home) -> None:
    run_id = home.launch("waits")
    wait_until((home.folder / "waits").exists)
    assert home.launcher.check_run_worker_health(home.run(run_id)).status is WorkerStatus.RUNNING
    assert home.launcher.terminate(run_id)
    assert home.wait_for(run_id) is dg.DagsterRunStatus.CANCELED
    assert not home.launcher.terminate(run_id)


def test_a_run_whose_process_is_gone_is_missed(home: Home) -> None:
    run_id = home.launch("waits")
    wait_until((home.folder / "waits").exists)
    [process] = [
        int(entry.dagster_event.engine_event_data.metadata["pid"].value)
        for entry in home.instance.all_logs(run_id)
        if entry.dagster_event and "Started process" in entry.message
    ]
    os.kill(process, signal.SIGKILL)

    def found() -> WorkerStatus:
        return home.launcher.check_run_worker_health(home.run(run_id)).status

    wait_until(lambda: found() is WorkerStatus.FAILED)
    assert not home.launcher.terminate(run_id)


def test_whoever_launched_a_run_takes_it_along_when_it_stops(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", _LAUNCH_AND_STOP],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT_DIR)},
        check=True,
        timeout=120,
    )
    home = Home(tmp_path)
    with home.instance:
        [run] = home.instance.get_runs()
        assert home.wait_for(run.run_id) is dg.DagsterRunStatus.CANCELED


def test_a_run_that_never_said_where_it_runs_is_not_judged(home: Home) -> None:
    run = home.instance.create_run_for_job(dg.job(name="alone")(lambda: None))
    assert home.launcher.check_run_worker_health(run).status is WorkerStatus.UNKNOWN
    assert not home.launcher.terminate(run.run_id)
