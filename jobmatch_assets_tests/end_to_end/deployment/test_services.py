"""The commands and health checks of the compose file, run side by side on this machine with SQLite for Postgres."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.interruptible import interruptible
from jobmatch_assets_tests.end_to_end.deployment.files import parsed

pytestmark = pytest.mark.proof

SERVICES = parsed("compose.yaml")["services"]
IN_ORDER = ("code", "daemon", "webserver")
_START_SECONDS = 180


class Machine:
    """Stands for the containers: their paths, ports and host names become those of a folder on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ports = {"4000": _free_port(), "3000": _free_port()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        config = parsed("dagster.yaml") | {"storage": {"sqlite": {"base_dir": str(folder / "storage")}}}
        workspace = parsed("workspace.yaml")
        workspace["load_from"][0]["grpc_server"] |= {"host": "127.0.0.1", "port": int(self.ports["4000"])}
        self._write("dagster.yaml", config)
        self._write("workspace.yaml", workspace)

    def start(self, service: str) -> None:
        with interruptible(), (self._folder / f"{service}.log").open("wb") as log:
            self._processes[service] = subprocess.Popen(
                self._here(SERVICES[service]["command"]),
                cwd=PROJECT_DIR,
                env=self._environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def is_healthy(self, service: str) -> bool:
        check = self._here(SERVICES[service]["healthcheck"]["test"][1:])
        outcome = subprocess.run(
            check, cwd=PROJECT_DIR, env=self._environment(), capture_output=True, check=False
        )
        return outcome.returncode == 0

    def wait_for(self, service: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self.is_healthy(service):
            log = (self._folder / f"{service}.log").read_text()
            assert self._processes[service].poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(1)

    def stop(self) -> None:
        for process in reversed(self._processes.values()):
            process.terminate()
            process.wait(timeout=60)
        self._processes.clear()

    def _here(self, command: list[str]) -> list[str]:
        program, *arguments = command
        replaced = {
            "0.0.0.0": "127.0.0.1",
            "127.0.0.1:3000": f"127.0.0.1:{self.ports['3000']}",
            "/opt/jobmatch/home": str(self._folder),
        }
        for old, new in replaced.items():
            arguments = [argument.replace(old, new) for argument in arguments]
        return [
            str(Path(sys.executable).parent / program),
            *(self.ports.get(argument, argument) for argument in arguments),
        ]

    def _environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("JOBMATCH_")}
        return {
            **others,
            "DAGSTER_HOME": str(self._folder),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "JOBMATCH_LANDING": str(self._folder / "landing"),
            "JOBMATCH_DUCKDB_PATH": str(self._folder / "warehouse.duckdb"),
            "PYTHONPATH": str(PROJECT_DIR),
        }

    def _write(self, name: str, content: object) -> None:
        text = yaml.safe_dump(content).replace("/var/lib/jobmatch", str(self._folder))
        (self._folder / name).write_text(text)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path)
    yield found
    found.stop()


def test_services_become_healthy_one_after_the_other(machine: Machine) -> None:
    assert [service for service in IN_ORDER if machine.is_healthy(service)] == []
    for service in IN_ORDER:
        machine.start(service)
        machine.wait_for(service)
    query = {"query": "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{machine.ports['3000']}/graphql",
        json.dumps(query).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        [location] = json.load(response)["data"]["workspaceOrError"]["locationEntries"]
    assert location == {"name": "jobmatch_assets.definitions", "loadStatus": "LOADED"}
    machine.stop()
    assert not machine.is_healthy("code")
    assert not machine.is_healthy("webserver")


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
