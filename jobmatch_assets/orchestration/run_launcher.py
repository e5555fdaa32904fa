"""Runs on this machine, and whether the process of a run is still there.

Dagster's own launcher starts a process for each run and cannot tell later whether it lives. A machine that
went down in the middle would leave a run that seems to go on for ever and keeps all others from their turn.
"""

import os
import subprocess
from typing import Any

from dagster import DagsterEventType, DagsterRun
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher


class LocalRunLauncher(DefaultRunLauncher):
    """Starts a process for each run; for `run_launcher` in dagster.yaml."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Lets Dagster's run monitoring ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the process that said last that it works on the run is alive."""
        process = self._process_of(run.run_id)
        if process is None:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, "It has not said which process it is.")
        if _is_python(process):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.FAILED, f"Its process {process} is gone: it was killed, or the machine went down."
        )

    def _process_of(self, run_id: str) -> int | None:
        records = self._instance.get_records_for_run(
            run_id, of_type=DagsterEventType.ENGINE_EVENT, ascending=False
        ).records
        for record in records:
            event = record.event_log_entry.dagster_event
            metadata: dict[str, Any] = dict(event.engine_event_data.metadata) if event else {}
            if "pid" in metadata:
                return int(metadata["pid"].value)
        return None


def _is_python(process: int) -> bool:
    """Whether there is such a process, and not another program by now under the number of one that ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    command = subprocess.run(  # noqa: S603 (a number is all that varies)
        ["/bin/ps", "-o", "command=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return "python" in command.stdout.lower() or "jobmatch" in command.stdout
