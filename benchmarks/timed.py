"""Commands in processes of their own, and what each took."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """What a command took.

    Attributes:
        seconds: From its start to its end.
        cpu: Seconds of processors, its own and the system's for it.
        peak_mib: The most memory that it had at once, in MiB.
    """

    seconds: float
    cpu: float
    peak_mib: float

    def __str__(self) -> str:
        return f"{self.seconds:7.1f} s, {self.cpu:7.1f} s of CPU, {self.peak_mib:6.0f} MiB"


def timed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Taken:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed; with the end of what it said.
    """
    begin = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 (commands of this package)
        command,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {said[-2000:]}")
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def interleaved(rounds: int, makers: Mapping[str, Callable[[], Taken]]) -> dict[str, Taken]:
    """{name: the medians of several rounds}, in each of which all are measured one after the other."""
    found: dict[str, list[Taken]] = {name: [] for name in makers}
    for _ in range(rounds):
        for name, make in makers.items():
            found[name].append(make())
    return {
        name: Taken(
            statistics.median(taken.seconds for taken in all_taken),
            statistics.median(taken.cpu for taken in all_taken),
            max(taken.peak_mib for taken in all_taken),
        )
        for name, all_taken in found.items()
    }
