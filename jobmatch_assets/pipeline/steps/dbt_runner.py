"""Running dbt inside this process: one parse, then builds of a range of days.

A subprocess per build would import and parse dbt again each time, which takes longer than most builds.
"""

import copy
import datetime as dt
import json
import logging
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from jobmatch_assets.dates import ranges_of, shown
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.interruption import raising_keyboard_interrupt, stop_where_asked
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.steps.asserted_columns import AssertedColumns
from jobmatch_assets.pipeline.steps.kept_manifest import kept_manifest, key_of
from jobmatch_assets.pipeline.steps.kept_project import kept_project
from jobmatch_assets.pipeline.steps.lighter_dbt import lighter_dbt
from jobmatch_assets.pipeline.steps.part_of_project import ASKED_FOR, part_of
from jobmatch_assets.pipeline.steps.state_folder import state_of, writable
from jobmatch_assets.settings import SETTINGS, Settings
from jobmatch_assets.settings.locations import dbt_state_dir, shipped
from jobmatch_assets.warehouse.port import job_cost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dbt.contracts.graph.manifest import Manifest

_log = logging.getLogger(__name__)


class DbtError(PlatformError):
    """dbt could not parse the project, start, build a model or run a test; the message has dbt's own."""


# Of what dbt says of a node: that it was built, or looked at, or left out because of a failing test.
_SOUND = ("success", "pass", "warn", "fail", "skipped")


@dataclass(frozen=True)
class NodeResult:
    """What became of a model or a test.

    Attributes:
        unique_id: dbt's name of the node.
        name: Its short name.
        is_test: Whether it is a test.
        status: success, pass, warn, fail, error or skipped.
        message: What dbt says of it.
        failures: For a test, how many rows it found.
        seconds: How long it took.
        sql: The SQL that ran.
        cost: What its last job cost, where the engine says so, as `Warehouse.charged` names it.
    """

    unique_id: str
    name: str
    is_test: bool
    status: str
    message: str
    failures: int
    seconds: float
    sql: str
    cost: Mapping[str, float]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong (a warning is not wrong)."""
        return self.status in ("success", "pass", "warn")


@dataclass(frozen=True)
class Touched:
    """What has changed since a stage was built, but for entities, which models compare.

    Attributes:
        dates: The dates of silver whose events have changed.
        since: The first date of which what is counted by day may be another: a list, and what came of it,
            stands on the date of its first impression. None where no events have changed.
    """

    dates: frozenset[dt.date]
    since: dt.date | None


class DbtProject:
    """The dbt project of the platform, with the settings in force."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._run_id = ""

    def for_run(self, run_id: str) -> "DbtProject":
        """The same project on behalf of a Dagster run, for engines whose jobs have labels."""
        project = copy.copy(self)
        project._run_id = run_id
        return project

    @property
    def _parsed(self) -> "Manifest":
        """The parsed project; where it is not kept, dbt parses what has changed since it did last."""
        return _parsed_project(*self._place)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """The manifest as dbt writes it to manifest.json."""
        return _written(*self._place)

    @property
    def key(self) -> str:
        """Names everything that the manifest follows from: another project has another."""
        return _key(*self._place)

    @property
    def plan(self) -> Plan:
        """What the models say of themselves."""
        return _plan(*self._place)

    @property
    def _place(self) -> tuple[str, str, str, str]:
        """What the manifest depends on."""
        settings = self._settings
        return (
            settings.target,
            settings.duckdb_path.resolve().name,
            settings.bigquery_project,
            settings.bigquery_location,
        )

    def build(
        self,
        nodes: Sequence[str],
        days: Collection[dt.date],
        linked_dates: Collection[dt.date] = (),
        touched: Touched | None = None,
        **variables: bool,
    ) -> list[NodeResult]:
        """Build models and run tests, those of a model before what depends on it.

        Args:
            nodes: Names of models and tests; nothing else runs.
            days: The dates to replace and to look at, and no others.
            linked_dates: Where the rows lie that share a link with theirs; empty for any dates.
            touched: For models without dates: what has changed since they were built, all else of what they
                are made of being compared; None to build them as if they were not there.
            **variables: Further variables that models and tests read.

        Raises:
            DbtError: dbt could not start, or could not build a model or run a test; names what broke.
        """
        arguments = [
            "build",
            "--indirect-selection", "empty",
            "--exclude-resource-type", "unit_test",
            "--cache-selected-only",
        ]  # fmt: skip
        given = {}
        if touched is not None:
            given = {"touched": _listed(touched.dates), "touched_since": str(touched.since or "")}
        asserted = _asserted(*self._place)
        results = self._invoke(
            arguments,
            nodes,
            days,
            linked_dates=_listed(linked_dates),
            columns_asserted=asserted.models,
            **given,
            **variables,
        )
        found = [_node_result(result) for result in results.results]
        asserted.add([result.name for result in found if result.ok and not result.is_test])
        broken = [result for result in found if result.status not in _SOUND]
        if broken:
            what = "; ".join(
                f"{'check' if result.is_test else 'model'} {result.name}: {result.message.strip()}"
                for result in broken
            )
            raise DbtError(f"Building {shown(days)} failed. {what}")
        return found

    def compile(self, analysis: str, days: Collection[dt.date], **variables: Any) -> str:
        """SQL of an analysis of the project, for these dates.

        Args:
            analysis: Its name.
            days: The window.
            **variables: Further variables that it reads.

        Raises:
            DbtError: dbt could not start, or could not compile it.
        """
        return self.compile_together([analysis], days, **variables)[analysis]

    def compile_together(
        self, analyses: Collection[str], days: Collection[dt.date], **variables: Any
    ) -> dict[str, str]:
        """{analysis of the project: its SQL}, for these dates, with one start of dbt.

        Args:
            analyses: Their names.
            days: The window.
            **variables: Further variables that one of them reads.

        Raises:
            DbtError: dbt could not start, or could not compile one.
        """
        # They ask for no relation, so none are listed.
        results = self._invoke(["compile", "--no-populate-cache"], analyses, days, **variables).results
        for result in results:
            if result.status not in _SOUND:
                raise DbtError(
                    f"The analysis {result.node.name} cannot be compiled: {str(result.message).strip()}"
                )
        return {result.node.name: str(result.node.compiled_code) for result in results}

    def compile_all(self, models: Collection[str]) -> dict[str, str]:
        """{model: its SQL}, of all dates; the warehouse that the settings name is opened.

        Raises:
            DbtError: dbt could not start, or could not compile one.
        """
        results = self._invoke(["compile"], models, ()).results
        broken = [
            f"{result.node.name}: {result.message}" for result in results if result.status not in _SOUND
        ]
        if broken:
            raise DbtError(f"Models cannot be compiled. {'; '.join(broken)}")
        return {result.node.name: str(result.node.compiled_code) for result in results}

    def has_analysis(self, name: str) -> bool:
        """Whether the project has an analysis of this name."""
        return any(
            node["resource_type"] == "analysis" and node["name"] == name
            for node in self.manifest["nodes"].values()
        )

    def _invoke(
        self, arguments: list[str], nodes: Collection[str], days: Collection[dt.date], **variables: Any
    ) -> Any:
        environment = self._settings.environment() | {
            SETTINGS["partitions_end"].variable: str(self._settings.last_partition),
            SETTINGS["duckdb_path"].variable: str(self._settings.duckdb_path.resolve()),
        }
        given = {"window": _listed(days), "run_id": self._run_id, **variables}
        return _invoke(
            [
                *arguments,
                *("--select", f"tag:{ASKED_FOR}", "--vars", json.dumps(given)),
                # For who looks for the last SQL; nothing reads what lies there.
                *("--target-path", str(writable(dbt_state_dir() / "target" / "built"))),
            ],
            self._settings.target,
            environment,
            part_of(self._parsed, nodes),
        )


@cache
def _parsed_project(*place: str) -> "Manifest":
    return kept_project(state_of(place[0]), _key(*place), lambda: _parse(*place))


@cache
def _parse(target: str, duckdb_file: str, bigquery_project: str, bigquery_location: str) -> "Manifest":
    """Parse the project with what its manifest depends on, and with no other setting.

    What models read at run time (dates, paths) is not in the manifest, so it is parsed with the defaults.
    """
    environment = _parsed_with(target, duckdb_file, bigquery_project, bigquery_location)
    # dbt that parses in part loses the descriptions of tests whose file of descriptions has not changed.
    arguments = ["parse", "--no-partial-parse", "--target-path", str(state_of(target))]
    manifest: Manifest = _invoke(arguments, target, environment, None)
    return manifest


def _parsed_with(
    target: str, duckdb_file: str, bigquery_project: str, bigquery_location: str
) -> dict[str, str]:
    """The environment that the project is parsed with."""
    return {setting.variable: setting.default for setting in SETTINGS.values()} | {
        SETTINGS["target"].variable: target,
        SETTINGS["duckdb_path"].variable: duckdb_file,
        SETTINGS["bigquery_project"].variable: bigquery_project,
        SETTINGS["bigquery_location"].variable: bigquery_location,
    }


@cache
def _written(*place: str) -> Mapping[str, Any]:
    return kept_manifest(state_of(place[0]), _key(*place), lambda: _written_by_dbt(*place))


@cache
def _asserted(*place: str) -> AssertedColumns:
    return AssertedColumns(state_of(place[0]), _key(*place))


@cache
def _key(*place: str) -> str:
    """Names what is kept of the project; every file of it is read for that."""
    return key_of(shipped("dbt_project"), _parsed_with(*place))


def _written_by_dbt(*place: str) -> Mapping[str, Any]:
    # Not of a project that was kept: dbt asks for the flags of an invocation.
    written: Mapping[str, Any] = _parse(*place).writable_manifest().to_dict(omit_none=False)
    return written


@cache
def _plan(*place: str) -> Plan:
    return Plan.of(_written(*place))


def _invoke(
    arguments: list[str], target: str, environment: Mapping[str, str], manifest: "Manifest | None"
) -> Any:
    from dbt.cli.main import dbtRunner

    stop_where_asked()
    kept = lighter_dbt(state_of(target))
    project = str(shipped("dbt_project"))
    options = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target": target,
        "--log-level": "none",
        "--log-level-file": "none",
        "--log-path": str(writable(dbt_state_dir() / "logs")),
    }
    try:
        # dbt cancels its queries for a KeyboardInterrupt only, and then makes a result of it.
        with _environment(environment), raising_keyboard_interrupt():
            outcome = dbtRunner(manifest=manifest).invoke(
                ["--no-write-json", *arguments, *(word for option in options.items() for word in option)]
            )
    finally:
        if target == "duckdb":
            _let_go_of_the_file()
    kept.keep()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    if outcome.exception is not None or outcome.result is None:
        raise DbtError(f"dbt {arguments[0]} did not start: {outcome.exception}")
    return outcome.result


def _listed(days: Collection[dt.date]) -> str:
    """The dates as the macro `listed_ranges` reads them."""
    return ",".join(f"{days_range.first}/{days_range.last}" for days_range in ranges_of(days))


def _let_go_of_the_file() -> None:
    """Close the DuckDB file, which dbt-duckdb keeps open, and locked for others, until this process ends.

    Its setting `keep_open: false` closes it after every node, too, and whoever is quicker in between stops
    the build.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


@contextmanager
def _environment(variables: Mapping[str, str]) -> "Iterator[None]":
    """Environment variables for the time of the block; dbt reads settings from there."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _node_result(result: Any) -> NodeResult:
    node = result.node
    return NodeResult(
        unique_id=node.unique_id,
        name=node.name,
        is_test=node.resource_type == "test",
        status=str(result.status),
        message=str(result.message or ""),
        failures=int(result.failures or 0),
        seconds=float(result.execution_time),
        sql=getattr(node, "compiled_code", None) or "",
        cost=_cost(result.adapter_response),
    )


def _cost(response: Mapping[str, Any]) -> dict[str, float]:
    if "job_id" not in response:
        return {}
    return job_cost(1, response.get("bytes_billed"), response.get("slot_ms"))
