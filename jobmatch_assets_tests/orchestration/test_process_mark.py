"""A process is told from all others, and from those that nobody here can see."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark, ProcessState


@pytest.fixture
def other() -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True) as process:
        yield process


def test_this_process_lives_and_its_tags_say_so() -> None:
    mark = ProcessMark.of_this_process()
    assert mark.process == os.getpid()
    assert mark.state is ProcessState.ALIVE
    assert ProcessMark.of_tags({**mark.tags, "team": "search"}) == mark


def test_a_killed_process_is_gone_even_before_its_parent_has_asked(other: "subprocess.Popen[str]") -> None:
    mark = ProcessMark.of_number(other.pid)
    assert mark.state is ProcessState.ALIVE
    other.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the table of processes
    assert mark.state is ProcessState.GONE
    other.wait()
    assert mark.state is ProcessState.GONE


def test_a_later_process_of_the_same_number_is_another(other: "subprocess.Popen[str]") -> None:
    earlier = replace(ProcessMark.of_number(other.pid), started=ProcessMark.of_number(1).started)
    assert earlier.state is ProcessState.GONE


def test_processes_of_other_machines_and_containers_are_not_judged() -> None:
    mark = ProcessMark.of_this_process()
    assert replace(mark, host=f"other-{mark.host}").state is ProcessState.ELSEWHERE
    assert replace(mark, host=f"{mark.host}1", process=2**22 + 1).state is ProcessState.ELSEWHERE


def test_a_number_that_nobody_has_is_gone() -> None:
    assert ProcessMark.of_number(2**22 + 1).state is ProcessState.GONE


@pytest.mark.parametrize(
    "tags", [{}, {"jobmatch/process": "12"}, {"jobmatch/process": "x", "jobmatch/host": "h"}]
)
def test_tags_that_name_no_process_are_none(tags: dict[str, str]) -> None:
    assert ProcessMark.of_tags(tags) is None
