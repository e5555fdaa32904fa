"""Which process works on a run, and whether it is still there, as far as this machine can tell."""

import os
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_PROCESS_TAG = "jobmatch/process"
_STARTED_TAG = "jobmatch/process_started"
_HOST_TAG = "jobmatch/host"

_ENDED = ("Z", "X")


class ProcessState(Enum):
    """What can be said of a process: ELSEWHERE is on another machine, or in another container."""

    ALIVE = "alive"
    GONE = "gone"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class ProcessMark:
    """Tells a process from all others, also from later ones that get its number.

    Attributes:
        process: Its number.
        started: When it was started, as its system says it.
        host: The machine, and on Linux the container, in which its number means something.
    """

    process: int
    started: str
    host: str

    @classmethod
    def of_this_process(cls) -> "ProcessMark":
        """The process that asks."""
        return cls.of_number(os.getpid())

    @classmethod
    def of_number(cls, process: int) -> "ProcessMark":
        """The process of this machine that has a number now; where there is none, the mark of one gone."""
        return cls(process, _started(process) or "", _host())

    @classmethod
    def of_tags(cls, tags: Mapping[str, str]) -> "ProcessMark | None":
        """Read the tags of a run; None where it does not say who works on it."""
        process, host = tags.get(_PROCESS_TAG, ""), tags.get(_HOST_TAG)
        if not process.isdecimal() or host is None:
            return None
        return cls(int(process), tags.get(_STARTED_TAG, ""), host)

    @property
    def tags(self) -> dict[str, str]:
        """The same as tags of a run."""
        return {_PROCESS_TAG: str(self.process), _STARTED_TAG: self.started, _HOST_TAG: self.host}

    @property
    def state(self) -> ProcessState:
        """Whether the process is there; one that nobody here can see is neither alive nor gone."""
        if self.host != _host():
            return ProcessState.ELSEWHERE
        return ProcessState.ALIVE if _started(self.process) == self.started else ProcessState.GONE

    def __str__(self) -> str:
        return f"process {self.process} on {self.host.split('/')[0]}"


def _host() -> str:
    """Host names repeat, and so do the ids of copied machines; a container has numbers of its own."""
    parts = [socket.gethostname()]
    with suppress(OSError):
        parts.append(Path("/etc/machine-id").read_text().strip())
    with suppress(OSError):
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return "/".join(parts)


def _started(process: int) -> str | None:
    """When a process was started; None where there is none, or nothing but its exit code is left of it."""
    if Path("/proc/self/stat").exists():
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return None
        # The second field, the name in brackets, may hold anything.
        state, *fields = stat.rpartition(")")[2].split()
        return None if state in _ENDED else f"{boot} {fields[18]}"
    told = subprocess.run(  # noqa: S603 (a number is all that varies)
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(process)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "TZ": "UTC"},
    ).stdout.strip()
    state, _, started = told.partition(" ")
    return None if not state or state[0] in _ENDED else started.strip()
