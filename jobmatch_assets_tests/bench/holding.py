"""Another process that has the DuckDB file open."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLD = """
import duckdb, sys, time
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


@contextmanager
def held(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the DuckDB file open until it is told to let go."""
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        yield other
    finally:
        let_go(other)


def let_go(other: "subprocess.Popen[str]") -> None:
    assert other.stdin
    other.stdin.close()
    other.wait(timeout=30)
