"""Runs on this machine: a process for each, forked from one that has imported the libraries already.

Dagster's own launcher starts an interpreter for each run, which imports for longer than a small run works. It
cannot tell later either whether that process lives: a machine that went down would leave a run that seems to
go on for ever and keeps all others from their turn.
"""

import multiprocessing
import os
import signal
import sys
from functools import cached_property
from multiprocessing.context import ForkServerContext
from typing import Any

from dagster import DagsterEventType, DagsterRun
from dagster._core.launcher.base import CheckRunHealthResult, LaunchRunContext, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.types import ExecuteRunArgs

from jobmatch_assets.orchestration.launchers.dead_runs import gone_message
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark, ProcessState
from jobmatch_assets.orchestration.launchers.run_process import execute_run
from jobmatch_assets.settings import Settings

# None of the platform's own: a run imports those as they are then, and "Reload" in the UI means what it says.
_LIBRARIES = (
    "dagster._cli.api",
    "dagster._core.executor.in_process",
    "dagster._core.storage.sqlite_storage",
    "dagster_dbt",
    "dbt.cli.main",
    "dbt.task.build",
    "pandas",
    "pandera.pandas",
    "pyarrow.dataset",
    "scipy.special",
)
_LIBRARIES_OF_TARGET = {
    "duckdb": ("dbt.adapters.duckdb", "duckdb", "ibis.backends.duckdb"),
    "bigquery": ("dbt.adapters.bigquery", "google.cloud.storage", "ibis.backends.bigquery"),
}


class LocalRunLauncher(DefaultRunLauncher):
    """Starts a process for each run; for `run_launcher` in dagster.yaml."""

    @cached_property
    def _forks(self) -> ForkServerContext:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(
            [*_LIBRARIES, *_LIBRARIES_OF_TARGET[Settings.from_environment().target]]
        )
        return context

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start the process of a run; what needs another interpreter is left to its code server."""
        run, origin = context.dagster_run, context.job_code_origin
        if origin is None or origin.executable_path != sys.executable:
            super().launch_run(context)
            return
        arguments = ExecuteRunArgs(origin, run.run_id, self._instance.get_ref())
        self._forks.Process(target=execute_run, args=arguments.get_command_args()[-1:]).start()
        self._run_ids.add(run.run_id)

    def dispose(self) -> None:
        """Interrupt what still runs where Dagster is stopped in good order, whose exit would wait for it."""
        for run_id in self._run_ids:
            self.terminate(run_id)

    def terminate(self, run_id: str) -> bool:
        """Interrupt the process of a run, which then reports that it was canceled.

        Returns:
            Whether there was a process to interrupt.
        """
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        if GRPC_INFO_TAG in run.tags:
            return super().terminate(run_id)  # type: ignore[no-untyped-call, no-any-return]
        self._instance.report_run_canceling(run)
        mark = self._mark_of(run)
        if mark is None or mark.state is not ProcessState.ALIVE:
            return False
        os.kill(mark.process, signal.SIGTERM)
        return True

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Lets Dagster's run monitoring ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the process that said that it works on the run is alive."""
        mark = self._mark_of(run)
        if mark is None:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, "It has not said which process it is.")
        if mark.state is ProcessState.GONE:
            return CheckRunHealthResult(WorkerStatus.FAILED, gone_message(mark))
        return CheckRunHealthResult(WorkerStatus.RUNNING)

    def _mark_of(self, run: DagsterRun) -> ProcessMark | None:
        """Who works on a run; one that a command of Dagster's executes names its process in an event only."""
        if mark := ProcessMark.of_tags(run.tags):
            return mark
        records = self._instance.get_records_for_run(
            run.run_id, of_type=DagsterEventType.ENGINE_EVENT, ascending=False
        ).records
        for record in records:
            event = record.event_log_entry.dagster_event
            metadata: dict[str, Any] = dict(event.engine_event_data.metadata) if event else {}
            if "pid" in metadata:
                return ProcessMark.of_number(int(metadata["pid"].value))
        return None
