"""A small warehouse, built by the real models with dbt in this process."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
from dbt.cli.main import dbtRunner, dbtRunnerResult

PROJECT = Path(__file__).parents[2] / "dbt_project"

CONTROL = {"experiments": [{"experiment_id": "exp", "variant": "control"}]}
BLUE = {"experiments": [{"experiment_id": "exp", "variant": "blue"}]}
RED = {"experiments": [{"experiment_id": "exp", "variant": "red"}]}
WEB = {"platform": "web", "device_type": "desktop"}
IOS = {"platform": "ios", "device_type": "mobile", "surface": "recommendation"}


def events() -> Iterator[Mapping[str, Any]]:
    """Three dates: a searched and a recommended list, actions outside of lists, variants."""

    def event(name: str, user: str, at: str, **fields: Any) -> Mapping[str, Any]:
        return {
            "event_id": f"{user}-{name}-{at}-{fields.get('job_id')}",
            "schema_version": 2,
            "event_name": name,
            "user_id": user,
            "event_ts": f"2026-03-{at}Z",
            **fields,
        }

    ann = {**WEB, **CONTROL, "search_id": "s1"}
    yield event("search", "ann", "02T10:00:00", results_count=3, **ann)
    for rank, job in ((1, "j1"), (2, "j2"), (25, "j3")):
        yield event("impression", "ann", "02T10:00:01", job_id=job, rank_position=rank, **ann)
    yield event("click", "ann", "02T10:00:09", job_id="j1", **ann)
    yield event("apply", "ann", "02T10:05:00", job_id="j1", **ann)

    bob = {**IOS, **BLUE, "search_id": "s2"}
    yield event("search", "bob", "02T11:00:00", results_count=0, **bob)
    for rank, job in ((1, "j1"), (4, "j2")):
        yield event("impression", "bob", "02T11:00:01", job_id=job, rank_position=rank, **bob)
    yield event("click", "bob", "02T11:00:09", job_id="j2", **bob)
    yield event("login", "bob", "04T11:00:00", **BLUE)

    yield event("login", "cat", "02T12:00:00", **CONTROL)
    yield event("login", "cat", "02T13:00:00", **RED)

    yield event("search", "dan", "03T12:00:00", search_id="s3")
    yield event("click", "dan", "03T12:00:01", job_id="j9")


def lines() -> list[str]:
    """The events, one of them twice, and a line that is none."""
    written = [json.dumps(event) for event in events()]
    return [*written, written[0], "no event"]


@dataclass(frozen=True)
class Outcome:
    """What an invocation of dbt said, by the names of its nodes."""

    passed: frozenset[str]
    failed: frozenset[str]


class SmallWarehouse:
    """One DuckDB file that is built once."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "small.duckdb"
        self._folder = folder
        self._runner = dbtRunner()
        self._tests: frozenset[str] = frozenset()

    def build(self) -> None:
        """Fill bronze and run every model."""
        rows = [
            (line, "text", len(line), "dt=2026-03-04/a.ndjson", number, dt.date(2026, 3, 4), "f0")
            for number, line in enumerate(lines(), 1)
        ]
        with self.connect() as connection:
            connection.execute("create schema job_matching_bronze")
            connection.execute(
                "create table job_matching_bronze.rebuild_queue (layer varchar, event_date date)"
            )
            connection.execute(
                "create table job_matching_bronze.events_raw (raw_line varchar, raw_form varchar,"
                " line_bytes bigint, _source_file varchar, _source_line bigint, _source_dt date,"
                " _source_sha256 varchar)"
            )
            connection.executemany(
                "insert into job_matching_bronze.events_raw values (?, ?, ?, ?, ?, ?, ?)", rows
            )
            connection.execute(
                "create table job_matching_bronze.files as select 'dt=2026-03-04/a.ndjson' as source_file,"
                " 'f0' as sha256, date '2026-03-04' as dt, 'loaded' as outcome, ? as lines, true as staged",
                [len(rows)],
            )
        manifest = self._invoke("parse").result
        self._runner = dbtRunner(manifest=manifest)
        # No model writes the table of the source `statistics`.
        self._tests = frozenset(
            node.name
            for node in manifest.nodes.values()
            if node.resource_type == "test"
            and not any("jobmatch.statistics" in parent for parent in node.depends_on.nodes)
        )
        self.dbt("run")

    @contextmanager
    def planted(self, table: str, statement: str) -> Iterator[None]:
        """Change a table by a statement, in which {t} stands for it, and undo it afterwards."""
        with self.connect() as connection:
            connection.execute(f"create table main.kept as select * from {table}")
            connection.execute(dedent(statement).format(t=table))
        try:
            yield
        finally:
            with self.connect() as connection:
                connection.execute(f"delete from {table}")
                connection.execute(f"insert into {table} select * from main.kept")
                connection.execute("drop table main.kept")

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own, in UTC as dbt's."""
        connection = duckdb.connect(str(self.path))
        try:
            connection.execute("set TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()

    def dbt(self, command: str, *arguments: str) -> Outcome:
        """Run a dbt command that may fail only in its tests."""
        result = self._invoke(command, *arguments)
        statuses = {node.node.name: str(node.status) for node in result.result}
        strange = {n: s for n, s in statuses.items() if s not in ("success", "pass", "fail")}
        assert not strange, strange
        failed = frozenset(name for name, status in statuses.items() if status == "fail")
        return Outcome(frozenset(statuses) - failed, failed)

    def data_tests(self) -> frozenset[str]:
        """The names of all data tests of models."""
        return self._tests

    def _invoke(self, command: str, *arguments: str) -> dbtRunnerResult:
        result = self._runner.invoke(
            [
                command,
                *("--quiet", "--no-write-json"),
                *("--project-dir", str(PROJECT)),
                *("--profiles-dir", str(PROJECT)),
                *("--target-path", str(self._folder / "target")),
                *("--log-path", str(self._folder / "logs")),
                *arguments,
            ]
        )
        if result.exception is not None:
            raise result.exception
        return result
