"""A SQL shell of somebody else: another process that has the DuckDB file open."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SHELL = """
import sys
import duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read only")
print(connection.execute("select 1").fetchall(), flush=True)
sys.stdin.readline()
"""


@contextmanager
def shell(path: Path, read_only: bool = False) -> Iterator[int]:
    """Its process number; it closes the file when the block ends.

    Raises:
        AssertionError: It was not let in.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _SHELL, str(path), "read only" if read_only else "writing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    try:
        assert process.stdout.readline() == "[(1,)]\n", process.stderr.read()
        yield process.pid
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()
