"""The command with a Dagster home of its own: as people run it, a process of its own, or within this one."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets_tests.bench.interruptible import interruptible
from jobmatch_assets_tests.bench.workbench import Workbench

COMMAND = [sys.executable, "-c", "from jobmatch_assets.cli.command import main; main()"]

HANGS = 600
"""Seconds after which a command has stopped for good; a busy machine may take minutes."""


def environment_of(bench: Workbench, home: Path, **changes: str) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("JOBMATCH_", "GOOGLE_"))}
    # Without credentials Google's library would ask the machine's network for some.
    own["NO_GCE_CHECK"] = "true"
    return own | bench.environment | {"DAGSTER_HOME": str(home), "COLUMNS": "400", "NO_COLOR": "1"} | changes


def start(bench: Workbench, home: Path, *arguments: str, **changes: str) -> "subprocess.Popen[str]":
    with interruptible():
        return subprocess.Popen(
            [*COMMAND, *(arguments or ("run",))],
            env=environment_of(bench, home, **changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def run(bench: Workbench, home: Path, *arguments: str, **changes: str) -> tuple[int, str, str]:
    """(exit code, what it says, what it says went wrong)."""
    process = start(bench, home, *arguments, **changes)
    out, err = process.communicate(timeout=HANGS)
    return process.returncode, out, err


def run_here(bench: Workbench, home: Path, *arguments: str, **changes: str) -> tuple[int, str, str]:
    """The same within this process, which need not import all of it again; without the log's lines."""
    done = CliRunner().invoke(
        main, arguments or ("run",), env=environment_of(bench, home, **changes), catch_exceptions=False
    )
    return done.exit_code, done.stdout, done.stderr


def error_of(result: tuple[int, str, str], code: int) -> str:
    """The one paragraph that a failed command ends with."""
    exit_code, out, err = result
    assert exit_code == code, (out, err)
    assert "Traceback" not in out + err
    (paragraph,) = [line for line in err.splitlines() if line.startswith("error:")]
    return paragraph
