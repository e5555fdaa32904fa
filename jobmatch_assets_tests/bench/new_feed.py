"""A copy of the project with one more feed in it: what `docs/add_a_feed.patch` adds, and nothing else."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from jobmatch_assets.settings import PROJECT_DIR

PATCH = PROJECT_DIR / "docs" / "add_a_feed.patch"
_LOOK = Path(__file__).with_name("new_feed_look.py")

EVENT = '{"event_id":"e","event_name":"search","event_ts":"2026-03-01T10:00:00Z","user_id":"u"}'
FIRST_FILES = {
    "events/dt=2026-03-01/a.ndjson": [EVENT],
    "notes/dt=2026-03-01/a.ndjson": [
        '{"note_id":"n1","author":"ann","written_at":"2026-03-01T10:00:00Z"}',
        '{"note_id":"n2","author":"bob","written_at":"2026-03-01T23:30:00-01:00"}',
        "broken",
    ],
    "notes/dt=2026-03-02/a.ndjson": ['{"note_id":"n3","author":"ann","written_at":"2026-03-02T10:00:00Z"}'],
}
LATE_FILES = {
    "notes/dt=2026-03-05/late.ndjson": [
        '{"note_id":"n0","author":"cat","written_at":"2026-02-20T10:00:00Z"}'
    ],
}
TABLES = ("notes", "notes_daily", "notes_to_date", "note_authors")


def content(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


class NewFeed:
    """The project in a folder of its own, and a process that runs its commands from there.

    Attributes:
        landing: Its landing root.
        warehouse: Its DuckDB file.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        self._project = folder / "project"
        self._log_path = folder / "log"
        self.landing = folder / "landing"
        self.warehouse = folder / "warehouse.duckdb"
        self._environment = {
            "JOBMATCH_LANDING": str(self.landing),
            "JOBMATCH_DUCKDB_PATH": str(self.warehouse),
            "JOBMATCH_PUBLISHED_PATH": str(folder / "gold.duckdb"),
            "DAGSTER_HOME": str(folder / "home"),
            **environment,
        }
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs", ".user.yml")
        for name in ("jobmatch_assets", "dbt_project"):
            shutil.copytree(PROJECT_DIR / name, self._project / name, ignore=ignored)
        (folder / "home").mkdir()
        shutil.copy(PROJECT_DIR / "dagster.yaml", folder / "home")
        # Python looks for modules beside the script first: there shall be no others.
        shutil.copy(_LOOK, self._project)
        # Outside of any repository: git takes paths as they are.
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("JOBMATCH_")
        } | {
            "GIT_CEILING_DIRECTORIES": str(folder),
            "PYTHONPATH": str(self._project),
            "NO_GCE_CHECK": "true",
        }
        self._environment = environment | self._environment
        subprocess.run(["git", "apply", str(PATCH)], cwd=self._project, env=self._environment, check=True)

    def __enter__(self) -> "NewFeed":
        self._log = self._log_path.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, _LOOK.name],
            cwd=self._project,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._log.close()
        self._process.communicate(timeout=60)  # nothing more is asked, so it ends

    def land(self, files: dict[str, list[str]]) -> None:
        for name, lines in files.items():
            path = self.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content(lines))

    def command(self, *arguments: str) -> str:
        """What a command prints; it must end well."""
        return str(self.look("command", *arguments))

    def show(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, as `jobmatch show` has them."""
        shown = self.command("show", table, "--from", "2026-01-01", "--to", "2026-12-31", "--format", "json")
        rows: list[dict[str, Any]] = json.loads(shown)
        return rows

    def look(self, what: str, *arguments: str) -> Any:
        """What `new_feed_look.py` answers in the copy."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps([what, *arguments]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"{what} {arguments}: {self._log_path.read_text()}"
        return json.loads(answer)
