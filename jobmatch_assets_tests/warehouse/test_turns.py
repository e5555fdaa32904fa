"""Turns at the DuckDB file: whose it is, how it ends, and what those are told who do not wait."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseError

_TAKE = """
import sys
from pathlib import Path
from jobmatch_assets.warehouse.duckdb.turns import turn
with turn(Path(sys.argv[1]), run_id="0123456789"):
    print("taken", flush=True)
    sys.stdin.readline()
"""

# The child lives on, with a file descriptor of everything that its parent had open.
_TAKE_AND_FORK = """
import os, sys
from pathlib import Path
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import WarehouseBusyError
told, tells = os.pipe()
with turn(Path(sys.argv[1])):
    child = os.fork()
    if not child:
        try:
            with turn(Path(sys.argv[1]), wait=False):
                print("the child has it, too", flush=True)
        except WarehouseBusyError:
            print("taken", flush=True)
        os.write(tells, b"x")
        sys.stdin.readline()
        os._exit(0)
    os.read(told, 1)
    if sys.argv[2] == "dies":
        os.kill(os.getpid(), 9)
print("given back", flush=True)
os.waitpid(child, 0)
"""


@contextmanager
def process(script: str, *arguments: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has said that it has the turn."""
    other = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout
        assert other.stdin
        try:
            assert other.stdout.readline() == "taken\n"
            yield other
        finally:
            other.stdin.close()


def take(path: Path) -> bool:
    with turn(path, wait=False):
        return True


def test_who_does_not_wait_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with process(_TAKE, path) as other, pytest.raises(WarehouseBusyError) as told:
        take(path)
    assert f"{path} is in use by run 01234567, process {other.pid} on " in str(told.value)
    assert take(path)
    assert (tmp_path / "w.duckdb.lock").read_text() == ""


def test_a_link_leads_to_the_same_turn(tmp_path: Path) -> None:
    path, link = tmp_path / "w.duckdb", tmp_path / "link.duckdb"
    path.touch()
    link.symlink_to(path)
    with process(_TAKE, link), pytest.raises(WarehouseBusyError):
        take(path)


def test_inside_it_is_the_same_turn_until_the_outermost_ends(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with turn(path, run_id="outermost"):
        assert take(path)
        assert "run outermos, " in (tmp_path / "w.duckdb.lock").read_text()
        other = subprocess.run(
            [sys.executable, "-c", _TAKE.replace('run_id="0123456789"', "wait=False"), str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "WarehouseBusyError" in other.stderr
    assert take(path)


def test_the_turn_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with process(_TAKE, path) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait(timeout=30)
        assert take(path)


def test_a_forked_process_has_no_turn_and_keeps_none(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with process(_TAKE_AND_FORK, path, "gives back") as other:
        assert other.stdout
        assert other.stdout.readline() == "given back\n"
        assert take(path)
    with process(_TAKE_AND_FORK, path, "dies") as other:
        assert other.wait(timeout=30) == -signal.SIGKILL
        assert take(path)


def test_a_turn_that_ends_in_another_thread_is_free(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"

    def step() -> Generator[None, None, None]:
        with turn(path):
            yield

    work = step()
    next(work)
    thread = threading.Thread(target=work.close)
    thread.start()
    thread.join()
    with process(_TAKE, path):
        pass


def test_a_lock_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb.lock").mkdir()
    with pytest.raises(WarehouseError, match=r"w\.duckdb\.lock cannot be opened: Is a directory"):
        take(tmp_path / "w.duckdb")
