"""A PostgreSQL of its own: Debian's server in a temporary folder, reached by its socket alone, and sessions of psql."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from jobmatch_assets_tests.bench.interruptible import interruptible

_INSTALLED = Path("/usr/lib/postgresql")
_OWNER = "postgres"
_START_SECONDS = 120
_STOP_SECONDS = 60
_DONE = "-- done:"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "wal_level": "logical",
    "timezone": "UTC",
    "lc_messages": "C",
    "fsync": "off",
    "autovacuum": "off",
    "deadlock_timeout": "10ms",
    "statement_timeout": "120s",
}


class StatementError(Exception):
    """A statement failed; the first argument is its SQLSTATE."""


class Session:
    """One connection: a psql that is told what to do by its standard input."""

    def __init__(self, psql: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [*psql, "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Rows are written at the end of each statement, messages at once: together they stay in order.
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def send(self, statement: str) -> None:
        """Begin a statement, which may have to wait for another session."""
        assert self._process.stdin
        self._process.stdin.write(f"{statement};\n\\warn {_DONE}:SQLSTATE\n")
        self._process.stdin.flush()

    def receive(self) -> list[str]:
        """Wait for the statement's end; gives what it wrote."""
        assert self._process.stdout
        said: list[str] = []
        for line in self._process.stdout:
            if line.startswith(_DONE):
                state = line.removeprefix(_DONE).strip()
                if state != "00000":
                    raise StatementError(state, "".join(said))
                return said
            said.append(line)
        raise StatementError("psql has ended", "".join(said))

    def run(self, statement: str) -> list[str]:
        """Run a statement to its end."""
        self.send(statement)
        return self.receive()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query, as PostgreSQL makes JSON of them."""
        found = self.run(f"select row_to_json(found) from ({query}) as found")
        return [json.loads(line, parse_float=Decimal) for line in found]

    def close(self) -> None:
        self._process.communicate()


class Postgres:
    """A running server.

    Attributes:
        folder: Where its socket lies.
    """

    def __init__(self, programs: Path, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._programs = programs
        self._environment = environment
        self._open = ExitStack()

    def session(self, options: str = "") -> Session:
        """A new connection, with more options of libpq if given; it ends with the server at the latest."""
        target = f"host={self.folder} user={_OWNER} dbname=postgres {options}"
        session = Session([str(self._programs / "psql"), "--dbname", target], self._environment)
        self._open.callback(session.close)
        return session

    def wait_until_somebody_waits_for(self, other: Session) -> None:
        """Until a session is held up by another one."""
        session, (pid,) = self.session(), other.run("select pg_backend_pid()")
        deadline = time.monotonic() + _START_SECONDS
        waiting = f"select pid from pg_stat_activity where {int(pid)} = any(pg_blocking_pids(pid))"
        while not session.rows(waiting):
            assert time.monotonic() < deadline, "nobody waits for it"
            time.sleep(0.01)

    def is_ready(self) -> bool:
        command = [self._programs / "pg_isready", "--quiet", "--host", self.folder]
        return subprocess.run(command, env=self._environment, check=False).returncode == 0

    def close(self) -> None:
        self._open.close()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A new server without tables that writes all that logical decoding needs."""
    programs = _programs()
    # Only what is asked for here counts, and no file of the person who runs this.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # The path of a socket is short, which those of pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="jobmatch-postgres-") as name:
        folder = Path(name)
        rights = _unprivileged(folder)
        server = Postgres(programs, folder, environment)
        initdb = [programs / "initdb", "--username", _OWNER, "--auth", "trust", "--encoding", "UTF8"]
        made = subprocess.run(
            [*initdb, "--no-locale", "--no-sync", "--pgdata", folder / "data"],
            **(rights | {"env": environment, "cwd": folder, "capture_output": True, "text": True}),
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        settings = _SETTINGS | {"unix_socket_directories": name}
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += [word for setting, value in settings.items() for word in ("-c", f"{setting}={value}")]
        log = folder / "log"
        with interruptible(), log.open("wb") as file:
            process = subprocess.Popen(
                command, **(rights | {"env": environment, "cwd": folder, "stdout": file, "stderr": file})
            )
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not server.is_ready():
                running = process.poll() is None and time.monotonic() < deadline
                assert running, f"PostgreSQL does not start:\n{log.read_text(errors='replace')}"
                time.sleep(0.05)
            yield server
        finally:
            _stop(process, server)


def _stop(process: "subprocess.Popen[bytes]", server: Postgres) -> None:
    # SIGINT ends sessions, too, those first that wait for each other; SIGQUIT does not even tidy up.
    for number in (signal.SIGINT, signal.SIGQUIT):
        process.send_signal(number)
        try:
            process.wait(_STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            continue
    server.close()


def _programs() -> Path:
    """The folder of the newest version's programs, as Debian and Ubuntu lay them out."""
    found = [path.parent for path in _INSTALLED.glob("*/bin/postgres")]
    assert found, f"{_INSTALLED}/*/bin/postgres is missing: `make test-postgres` installs it"
    return max(found, key=lambda path: int(path.parent.name))


def _unprivileged(folder: Path) -> dict[str, Any]:
    """How to start what refuses to be root's, which then owns the folder: as the user that the package made."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, _OWNER, _OWNER)
    return {"user": _OWNER, "group": _OWNER, "extra_groups": []}
