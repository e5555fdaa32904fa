"""Runs of commands wait for the living, by name, and never for the dead; two first ones share a new home."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.launchers import dagster_home
from jobmatch_assets.orchestration.launchers.command_instance import command_instance
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL
from jobmatch_assets.settings import PROJECT_DIR, SettingsError
from jobmatch_assets_tests.orchestration.test_dead_runs import gone, holders, run_of, status_of

_OPEN = """
import sys, time
from jobmatch_assets.orchestration.launchers import dagster_home
from jobmatch_assets.orchestration.launchers.command_instance import command_instance
print("ready", flush=True)
sys.stdin.readline()
with command_instance(has_turns=True) as instance:
    print(len(instance.get_runs()), len(instance.event_log_storage.get_concurrency_run_ids()))
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with the project's own configuration."""
    (tmp_path / "dagster.yaml").write_bytes((PROJECT_DIR / "dagster.yaml").read_bytes())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dg.op(pool=WAREHOUSE_POOL)
def works() -> None:
    """Takes a place in the pool."""


@dg.job(executor_def=dg.in_process_executor)
def working() -> None:
    works()


def test_where_processes_take_turns_a_run_takes_no_place(home: Path) -> None:
    with command_instance(has_turns=True) as instance:
        instance.event_log_storage.set_concurrency_slots(WAREHOUSE_POOL, 1)
    with dg.DagsterInstance.get() as daemons:
        run = run_of(daemons, ProcessMark.of_this_process())
    with command_instance(has_turns=True) as instance:
        assert working.execute_in_process(instance=instance).success
        assert holders(instance) == {run.run_id}


def test_where_they_do_not_it_waits_and_says_for_whom(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with command_instance(has_turns=False) as instance:
        mark = replace(ProcessMark.of_this_process(), host="elsewhere")
        with dg.DagsterInstance.get() as daemons:
            daemons.event_log_storage.set_concurrency_slots(WAREHOUSE_POOL, 1)
            run = run_of(daemons, mark)
        pauses = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                instance.report_run_canceled(run)

        monkeypatch.setattr("jobmatch_assets.orchestration.launchers.command_instance.time.sleep", pause)
        assert working.execute_in_process(instance=instance).success
    (told,) = [message for message in caplog.messages if message.startswith("waiting for")]
    assert told.startswith(f"waiting for run {run.run_id[:8]} (process {mark.process} on elsewhere, since 20")
    assert len(pauses) >= 3


def test_the_dead_are_not_waited_for(home: Path) -> None:
    with dg.DagsterInstance.get() as daemons:
        daemons.event_log_storage.set_concurrency_slots(WAREHOUSE_POOL, 1)
        run = run_of(daemons, gone())
    with command_instance(has_turns=False) as instance:
        assert working.execute_in_process(instance=instance).success
        assert status_of(instance, run) is dg.DagsterRunStatus.FAILURE
        assert holders(instance) == set()


def test_first_commands_at_the_same_instant_share_the_new_home(home: Path) -> None:
    commands = [
        subprocess.Popen(
            [sys.executable, "-c", _OPEN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for command in commands:
        assert command.stdout
        assert command.stdout.readline() == "ready\n"
    ended = []
    for command in commands:
        assert command.stdin
        command.stdin.write("\n")
        command.stdin.flush()
    for command in commands:
        out, err = command.communicate(timeout=120)
        ended.append((command.returncode, out, err))
    assert [(code, out) for code, out, _ in ended] == [(0, "0 0\n")] * 4, ended


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("relative", "is not an absolute path"),
        ("/nowhere/at/all", "does not exist"),
        ("/dev/null", "is not a folder"),
    ],
)
def test_a_home_that_is_no_folder_is_named(monkeypatch: pytest.MonkeyPatch, value: str, wrong: str) -> None:
    monkeypatch.setenv("DAGSTER_HOME", value)
    with pytest.raises(SettingsError, match=f"DAGSTER_HOME={value} {wrong}"), command_instance(True):
        pass


def test_where_a_wheel_cannot_keep_anything_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setattr(dagster_home, "is_clone", lambda: False)
    monkeypatch.setattr(dagster_home, "data_dir", lambda: tmp_path / "data")
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    told = f"Dagster's storage cannot be made in {tmp_path}/data/dagster: not a directory"
    with pytest.raises(SettingsError, match=told), command_instance(True):
        pass
