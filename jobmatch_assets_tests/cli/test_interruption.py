"""Ctrl-C and SIGTERM end a run in good order, whatever it is doing, and the next one goes on."""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.cli import logs
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets_tests.bench.command import environment_of, run, start
from jobmatch_assets_tests.bench.interruptible import interruptible, write_interrupted
from jobmatch_assets_tests.bench.landings import write_faulty_landing
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

TOLD = "interrupted; the next run goes on where this one stopped\n"


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faulty_landing(tmp_path_factory.mktemp("made"), seed=21) / "landing"


def interrupted(process: "subprocess.Popen[str]", signals: list[signal.Signals]) -> str:
    """What a process says after these signals."""
    for number in signals:
        process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "Traceback" not in out + err
    assert "error" not in err
    return err


GENERATE = ["generate", "--out", "made", "--start", "2026-03-01", "--days", "1", "--users", "10"]


@pytest.mark.parametrize(
    ("place", "arguments", "told"),
    [
        ("jobmatch_assets.cli.main:<module>", ["run"], TOLD),
        ("click.core:<module>", ["run"], TOLD),
        ("click.core:make_context", ["run"], TOLD),
        ("click.core:make_context", GENERATE, "interrupted\n"),
        ("click.core:resolve_command", ["run"], TOLD),
        ("jobmatch_assets.orchestration.launchers.command_instance:<module>", ["run"], TOLD),
        ("jobmatch_assets.definitions:<module>", ["run"], TOLD),
        ("dbt.cli.main:<module>", ["run"], TOLD),
    ],
)  # fmt: skip
def test_at_a_place_of_its_beginning(
    workbench: Callable[..., Workbench],
    landing: Path,
    home: Path,
    place: str,
    arguments: list[str],
    told: str,
) -> None:
    done = interrupting_itself(workbench(landing), home, place, arguments)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", told)


def test_after_all_is_done_nothing_of_it_is_lost(
    workbench: Callable[..., Workbench], landing: Path, home: Path
) -> None:
    done = interrupting_itself(workbench(landing), home, "click.core:exit", GENERATE)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "interrupted")
    assert "made/landing" in done.stdout


def interrupting_itself(
    bench: Workbench, home: Path, place: str, arguments: list[str]
) -> "subprocess.CompletedProcess[str]":
    name = write_interrupted(home, *place.split(":"))
    # No manifest is kept for a warehouse of this name: dbt is imported at the beginning, to make one.
    warehouse = str(bench.warehouse.with_name("never_parsed.duckdb"))
    environment = environment_of(bench, home, PYTHONPATH=str(home), JOBMATCH_DUCKDB_PATH=warehouse)
    command = [sys.executable, "-m", name, *arguments]
    with interruptible():
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("seconds", [0, 0.15, 0.4, 1.0, 2.0])
def test_while_it_imports(
    workbench: Callable[..., Workbench], landing: Path, home: Path, seconds: float
) -> None:
    process = start(workbench(landing), home)
    wait_until_it_watches(process)
    time.sleep(seconds)
    assert interrupted(process, [signal.SIGINT]) == TOLD


def wait_until_it_watches(process: "subprocess.Popen[str]") -> None:
    """Until then it is no more than Python that starts. It watches for signals in its first thread of its own."""
    while len(list(Path(f"/proc/{process.pid}/task").iterdir())) < 2:
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)


def test_in_every_phase_of_a_run(workbench: Callable[..., Workbench], landing: Path, home: Path) -> None:
    bench = workbench(landing)
    for number, phase in [
        (signal.SIGINT, "bronze"),
        (signal.SIGTERM, "silver"),
        (signal.SIGINT, "gold"),
        (signal.SIGTERM, "experiments"),
    ]:
        process = start(bench, home)
        assert process.stderr
        assert any(f" {phase}: " in line for line in process.stderr)
        time.sleep(0.2)
        assert interrupted(process, [number]).endswith(TOLD)
    with dg.DagsterInstance.get() as instance:
        ends = {record.status for record in instance.get_runs()}
        assert ends <= {dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.FAILURE}
        assert instance.event_log_storage.get_concurrency_run_ids() == set()
    assert run(bench, home)[0] == 0
    contents = bench.contents()
    bench.warehouse.unlink()
    bench.run()
    assert bench.contents() == contents


def test_while_it_waits_for_another(workbench: Callable[..., Workbench], landing: Path, home: Path) -> None:
    bench = workbench(landing)
    first = start(bench, home)
    assert first.stderr
    assert "bronze" in first.stderr.readline()
    first.send_signal(signal.SIGSTOP)
    try:
        second = start(bench, home)
        assert second.stderr
        assert "waiting for run" in second.stderr.readline()
        assert interrupted(second, [signal.SIGINT]) == TOLD
    finally:
        first.kill()
        first.communicate(timeout=30)


_LOSES_INTERRUPTS = """
import os, signal, time
from jobmatch_assets.interruption import going_on, watch_signals

class Interrupt(BaseException): ...

class Finalized:
    def __init__(self, error):
        self.error = error
    def __del__(self):
        raise self.error

watch_signals("")
with going_on():
    Finalized(Interrupt("before it"))
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    except KeyboardInterrupt:
        pass
    Finalized(Interrupt("after it"))
    Finalized(ValueError("another error"))
"""

_DEAF = """
import time
from jobmatch_assets.interruption import going_on, watch_signals
watch_signals("interrupted")
says = "ready"
with going_on():
    while True:
        try:
            print(says, flush=True)
            time.sleep(100)
        except KeyboardInterrupt:
            says = "once"
"""


def test_what_is_lost_of_an_interrupt_is_not_told() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _LOSES_INTERRUPTS], capture_output=True, text=True, check=True
    ).stderr
    assert "before it" in told
    assert "after it" not in told
    assert "ValueError: another error" in told


def test_the_second_signal_ends_it_whatever_swallows_the_first(tmp_path: Path) -> None:
    with interruptible():
        process = subprocess.Popen(
            [sys.executable, "-c", _DEAF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "once\n"
    assert "ended at once" in interrupted(process, [signal.SIGTERM])


def test_in_the_background_only_sigterm_is_meant() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", _DEAF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert process.stdout.readline() == "once\n"
    assert "ended at once" in interrupted(process, [signal.SIGTERM])


@pytest.mark.parametrize(
    ("is_interrupted", "shown"), [(True, {"jobmatch_assets.x"}), (False, {"jobmatch_assets.x", "lib"})]
)
def test_libraries_do_not_complain_of_the_interrupt(
    monkeypatch: pytest.MonkeyPatch, is_interrupted: bool, shown: set[str]
) -> None:
    monkeypatch.setattr(logs, "received", lambda: is_interrupted)
    error = KeyboardInterrupt()
    records = [
        logging.LogRecord(name, logging.ERROR, "", 0, "closing", (), (type(error), error, None))
        for name in ("lib", "jobmatch_assets.x")
    ]
    assert {record.name for record in records if logs.log_handler().filter(record)} == shown


def test_a_command_that_builds_nothing_promises_nothing(
    workbench: Callable[..., Workbench], landing: Path, home: Path
) -> None:
    bench = workbench(landing)
    bench.prepared()
    with turn(bench.warehouse):
        process = start(bench, home, "show", "funnel_daily")
        time.sleep(1.5)
        assert interrupted(process, [signal.SIGINT]).splitlines()[-1].strip() == "interrupted"
