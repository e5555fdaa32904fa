"""A `dagster dev` of its own: started with the project's dagster.yaml, driven like the UI drives it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.interruptible import interruptible

_START_SECONDS = 120
_STOP_SECONDS = 30

_ASSETS = """
{ assetNodes { assetKey { path } isMaterializable repository { name location { name } } } }
"""

_LAUNCH_RUN = """
mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) {
    __typename
    ... on LaunchRunSuccess { run { id } }
    ... on PythonError { message }
  }
}
"""

_RUNS_UNDER_WAY = """
{
  runsOrError(filter: {statuses: [QUEUED, NOT_STARTED, STARTING, STARTED, CANCELING]}) {
    ... on Runs { results { id } }
  }
}
"""

_ALL_RUNS = """
{ runsOrError { ... on Runs { results { id status jobName tags { key value } startTime endTime } } } }
"""

_LAUNCH_BACKFILL = """
mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""

_RUN = """
query($id: ID!) {
  runOrError(runId: $id) { ... on Run { status assetSelection { path } tags { key value } } }
}
"""

_BACKFILL = """
query($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill {
      status
      error { message }
      runs(limit: 50) { status assetSelection { path } tags { key value } }
    }
  }
}
"""

_PARTITION = """
query($asset: AssetKeyInput!, $partitions: [String!]) {
  assetNodeOrError(assetKey: $asset) {
    ... on AssetNode {
      assetMaterializations(partitions: $partitions, limit: 1) {
        metadataEntries { label ... on IntMetadataEntry { intValue } }
      }
    }
  }
}
"""


class DagsterDev:
    """The processes of `dagster dev` in an empty folder: web server, daemon and code server."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_DIR / "dagster.yaml", folder)
        self.log = folder / "dagster-dev.log"
        self._folder = folder
        self._port = _free_port()
        self._environment = {
            **os.environ,
            **settings,
            "DAGSTER_HOME": str(folder),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "PYTHONPATH": str(PROJECT_DIR),
            "NO_COLOR": "1",
        }

    def __enter__(self) -> "DagsterDev":
        command = [
            *(sys.executable, "-m", "dagster", "dev"),
            *("--host", "127.0.0.1", "--port", str(self._port)),
            *("--workspace", str(PROJECT_DIR / "workspace.yaml")),
        ]
        with interruptible(), self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.wait_for(self._answers, _START_SECONDS, "dagster dev does not answer")
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill(runs=True)

    def kill(self, *, runs: bool) -> None:
        """End `dagster dev` without warning.

        Args:
            runs: Also everything that it started, as when the machine goes down. Otherwise runs that are under
                way go on alone.
        """
        self._process.kill()
        self._process.wait()
        # Web server, daemon and code servers notice it themselves, but a new `dagster dev` must not meet them.
        servers = (b"dagster_webserver", b"dagster._daemon", b"\0code-server\0", b"\0grpc\0")
        for process, command in self._processes():
            if runs or any(name in command for name in servers):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        self.wait_for(lambda: not (runs and self._processes()), 30, "its processes do not end")

    def _processes(self) -> list[tuple[int, bytes]]:
        """Everything that runs with this folder as DAGSTER_HOME: (process id, command line)."""
        home = b"DAGSTER_HOME=" + os.fsencode(self._folder) + b"\0"
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            # A process may end while it is looked at.
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                if command and home in (folder / "environ").read_bytes():
                    found.append((int(folder.name), command))
        return found

    def runs_under_way(self) -> int:
        """How many runs are queued, starting or started."""
        return len(self.query(_RUNS_UNDER_WAY)["runsOrError"]["results"])

    def runs(self) -> list[Any]:
        """Every run so far, the newest first, with its status, job and tags."""
        return list(self.query(_ALL_RUNS)["runsOrError"]["results"])

    def _answers(self) -> bool:
        assert self._process.poll() is None, f"dagster dev has ended:\n{self.log.read_text()}"
        try:
            return bool(self.query("{ version }"))
        except OSError:
            return False

    def query(self, query: str, **variables: object) -> Any:
        """What the UI's server answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/graphql",
            json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            answer = json.load(error)
        assert not answer.get("errors"), answer["errors"]
        return answer["data"]

    def assets(self) -> list[str]:
        """All assets that can be materialized, as layer/table."""
        return sorted(
            "/".join(node["assetKey"]["path"]) for node in self._nodes() if node["isMaterializable"]
        )

    def _nodes(self) -> list[Any]:
        return list(self.query(_ASSETS)["assetNodes"])

    def materialize(self, asset: str, day: str) -> str:
        """What the button of an asset's page sends when one partition is chosen; the run's id."""
        repository = self._nodes()[0]["repository"]
        params = {
            "selector": {
                "repositoryName": repository["name"],
                "repositoryLocationName": repository["location"]["name"],
                "pipelineName": "__ASSET_JOB",
                "assetSelection": [{"path": asset.split("/")}],
            },
            "mode": "default",
            "runConfigData": {},
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": day}]},
        }
        outcome = self.query(_LAUNCH_RUN, params=params)["launchPipelineExecution"]
        assert outcome["__typename"] == "LaunchRunSuccess", outcome
        return str(outcome["run"]["id"])

    def backfill(self, assets: Sequence[str], days: Sequence[str]) -> str:
        """What "Materialize all" sends when a range of partitions is chosen; the backfill's id."""
        params = {
            "assetSelection": [{"path": asset.split("/")} for asset in assets],
            "partitionNames": list(days),
            "fromFailure": False,
            "tags": [],
        }
        outcome = self.query(_LAUNCH_BACKFILL, params=params)["launchPartitionBackfill"]
        assert outcome["__typename"] == "LaunchBackfillSuccess", outcome
        return str(outcome["backfillId"])

    def finished_run(self, run_id: str, seconds: float) -> Any:
        """The run, once it has ended."""

        def run() -> Any:
            answer = self.query(_RUN, id=run_id)["runOrError"]
            return answer if answer["status"] in ("SUCCESS", "FAILURE", "CANCELED") else None

        return self.wait_for(run, seconds, f"run {run_id} does not end")

    def finished_backfill(self, backfill_id: str, seconds: float) -> Any:
        """The backfill with its runs, once it has ended."""

        def backfill() -> Any:
            answer = self.query(_BACKFILL, id=backfill_id)["partitionBackfillOrError"]
            return answer if answer["status"] not in ("REQUESTED", "CANCELING", "FAILING") else None

        return self.wait_for(backfill, seconds, f"backfill {backfill_id} does not end")

    def row_count(self, asset: str, day: str) -> int:
        """The rows that the page of an asset's partition shows."""
        answer = self.query(_PARTITION, asset={"path": asset.split("/")}, partitions=[day])
        [materialization] = answer["assetNodeOrError"]["assetMaterializations"]
        entries = {entry["label"]: entry for entry in materialization["metadataEntries"]}
        return int(entries["dagster/partition_row_count"]["intValue"])

    def sleep(self, seconds: float) -> None:
        """Let it work for so long."""
        time.sleep(seconds)

    def wait_for(self, ready: Callable[[], Any], seconds: float, otherwise: str) -> Any:
        """Ask until there is an answer."""
        deadline = time.monotonic() + seconds
        while not (answer := ready()):
            assert time.monotonic() < deadline, f"{otherwise}:\n{self.log.read_text()[-5000:]}"
            time.sleep(0.5)
        return answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
