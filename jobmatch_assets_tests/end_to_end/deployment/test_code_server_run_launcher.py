"""Whether a run is alive is asked of the code server that started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher.base import WorkerStatus
from dagster._grpc.client import DagsterGrpcClient

from jobmatch_assets.orchestration.launchers.code_server import CodeServerRunLauncher
from jobmatch_assets.settings import PROJECT_DIR

_JOB = """
import time
import dagster as dg

@dg.op
def wait():
    time.sleep(300)

@dg.job
def waits():
    wait()
"""

_INSTANCE = """
run_launcher:
  module: jobmatch_assets.orchestration.launchers.code_server
  class: CodeServerRunLauncher
run_coordinator:
  module: dagster.core.run_coordinator
  class: DefaultRunCoordinator
telemetry:
  enabled: false
"""

_WORKSPACE = """
load_from:
  - grpc_server: {{host: 127.0.0.1, port: {port}, location_name: waits}}
"""


class Home:
    """A DAGSTER_HOME with a job that takes long, and the code server's port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._folder = folder
        for name, text in (
            ("waits.py", _JOB),
            ("dagster.yaml", _INSTANCE),
            ("workspace.yaml", _WORKSPACE.format(port=self.port)),
        ):
            (folder / name).write_text(text)

    def instance(self) -> dg.DagsterInstance:
        return dg.DagsterInstance.from_config(str(self._folder))

    @contextmanager
    def code_server(self) -> Iterator[None]:
        """A code server that ends as a container is killed: all of its processes at once."""
        process = self._start(
            "api", "grpc", "--host", "127.0.0.1", "--port", str(self.port), "--python-file", "waits.py"
        )
        try:
            client = DagsterGrpcClient(host="127.0.0.1", port=self.port)
            self._wait_until(lambda: client.health_check_query() == "SERVING")
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start_run(self) -> dg.DagsterRun:
        """A run of the job, once it has begun."""
        assert self._start("job", "launch", "--workspace", "workspace.yaml", "--job", "waits").wait(90) == 0
        with self.instance() as instance:
            [run] = instance.get_runs()
            self._wait_until(lambda: self.status(run.run_id) is dg.DagsterRunStatus.STARTED)
        return run

    def status(self, run_id: str) -> dg.DagsterRunStatus:
        with self.instance() as instance:
            run = instance.get_run_by_id(run_id)
        assert run
        return run.status

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dagster", *arguments],
                cwd=self._folder,
                env={**os.environ, "DAGSTER_HOME": str(self._folder), "PYTHONPATH": str(PROJECT_DIR)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 90
        while not ready():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            time.sleep(0.2)


def test_a_run_is_lost_when_its_server_was_started_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.instance() as instance:
        launcher = instance.run_launcher
        assert isinstance(launcher, CodeServerRunLauncher)
        with home.code_server():
            run = home.start_run()
            assert launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
        # Nobody knows: the server may come back.
        with pytest.raises(DagsterUserCodeUnreachableError):
            launcher.check_run_worker_health(run)
        with home.code_server():
            found = launcher.check_run_worker_health(run)
    assert found.status is WorkerStatus.FAILED
    assert f"127.0.0.1:{home.port} does not know it" in str(found.msg)


def test_a_run_without_a_server_is_left_alone(tmp_path: Path) -> None:
    with Home(tmp_path).instance() as instance:
        run = instance.create_run_for_job(dg.job(name="alone")(lambda: None))
        found = instance.run_launcher.check_run_worker_health(run)  # type: ignore[attr-defined]
    assert found.status is WorkerStatus.RUNNING
