"""Runs in the container of the code server, and whether they are still there.

A container sees no processes of another, so the daemon cannot look at a run's process as LocalRunLauncher
does. It asks the code server that started it. The server itself notices a run process that dies; what it
cannot notice is its own end, which takes all of its runs along.
"""

from dagster import DagsterRun
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import deserialize_value

from jobmatch_assets.orchestration.launchers.dead_runs import gone_message
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark, ProcessState


class CodeServerRunLauncher(DefaultRunLauncher):
    """Lets the code server start runs, and asks it about them; for `run_launcher` in dagster.yaml."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Lets Dagster's run monitoring ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the code server still works on the run.

        Raises:
            DagsterUserCodeUnreachableError: It does not answer, which says nothing of the run. Run monitoring
                logs it and asks again.
        """
        server: DagsterGrpcClient | None = self._get_grpc_client_for_termination(run.run_id)  # type: ignore[no-untyped-call]
        if server is None:
            mark = ProcessMark.of_tags(run.tags)
            if mark and mark.state is ProcessState.GONE:
                return CheckRunHealthResult(WorkerStatus.FAILED, gone_message(mark))
            return CheckRunHealthResult(
                WorkerStatus.RUNNING, "No code server started it, so nobody can say that it is gone."
            )
        answer = deserialize_value(
            server.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id)),
            CanCancelExecutionResult,
        )
        if answer.can_cancel:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.FAILED,
            f"The code server at {server.host}:{server.port} does not know it: it was started again since.",
        )
