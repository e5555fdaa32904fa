"""A platform in a folder of its own: a landing root, settings, a warehouse in a wanted state, a Dagster instance."""

import datetime as dt
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg
import duckdb

from jobmatch_assets.checks.contract import contract_key
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.dates import DateRange
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.command_runs import materialize, process
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.acceptance import Acceptance
from jobmatch_assets.pipeline.data_checks import run_data_checks
from jobmatch_assets.pipeline.landing_checks import look
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.work import WaitingWork, find_work
from jobmatch_assets.retention import withdrawal
from jobmatch_assets.retention.chosen_files import chosen_files
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.events import encoded
from jobmatch_assets_tests.bench.golden import REGISTRY
from jobmatch_assets_tests.bench.tables import Tables

SPAN = DateRange(dt.date(2026, 1, 1), dt.date(2026, 3, 5)).days
"""More dates than the golden set has."""


class Workbench(Tables):
    """One platform in one folder.

    Attributes:
        folder: The folder.
        landing: The landing root.
        instance: The Dagster instance that its runs are recorded in.
        environment: Its settings as environment variables.
        settings: The same, read.
    """

    def __init__(
        self, folder: Path, instance: dg.DagsterInstance, landing: Path | None = None, **environment: str
    ) -> None:
        super().__init__(folder / "warehouse.duckdb")
        self.folder = folder
        self.landing = landing or folder / "landing"
        self.instance = instance
        self.environment = {
            "JOBMATCH_LANDING": str(self.landing),
            "JOBMATCH_DUCKDB_PATH": str(self.warehouse),
            "JOBMATCH_EXPERIMENTS": str(REGISTRY),
            **environment,
        }
        self.settings = Settings.from_environment(self.environment)
        self._definitions: dg.Definitions | None = None

    # ---- files

    def land(self, name: str, lines: Iterable[bytes | str | Mapping[str, Any]]) -> Path:
        """Write an events file, a line each."""
        return self._write(f"events/{name}", encoded(lines))

    def land_entities(self, name: str, lines: Iterable[bytes | str | Mapping[str, Any]]) -> Path:
        """The same of entities: a line each, whatever the format."""
        return self._write(f"entities/{name}", encoded(lines))

    def land_copy(self, source: Path, name: str) -> Path:
        """Copy a file of another landing folder under the same name."""
        path = self.landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "events" / name, path)
        return path

    def _write(self, name: str, content: bytes) -> Path:
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    @property
    def registry(self) -> Path:
        """The experiment registry that its runs read."""
        return Path(self.environment["JOBMATCH_EXPERIMENTS"])

    def register(self, *rows: str) -> None:
        """Write the experiment registry, which must be one of its own."""
        assert self.registry.parent == self.folder, f"{self.registry} is not this workbench's"
        self.registry.write_text("\n".join(["experiment_id,control_variant,weights", *rows]) + "\n")

    # ---- states

    @cached_property
    def platform(self) -> Platform:
        """The platform with its settings."""
        return Platform.of(self.settings)

    def prepared(self) -> Session:
        """Its warehouse, with the control tables in it, and what is kept there; opened by each use of it."""
        session = Session(self.platform, self.platform.warehouse())
        session.prepare()
        return session

    def copied_to(
        self, folder: Path, instance: dg.DagsterInstance, landing: Path | None = None
    ) -> "Workbench":
        """A platform with the same settings and a copy of the warehouse; the landing root is another if given."""
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("checkpoint")
        own = ("JOBMATCH_LANDING", "JOBMATCH_DUCKDB_PATH")
        settings = {name: value for name, value in self.environment.items() if name not in own}
        copy = Workbench(folder, instance, landing or self.landing, **settings)
        shutil.copyfile(self.warehouse, copy.warehouse)
        return copy

    # ---- runs

    def withdraw(self, *names: str, undo: bool = False) -> None:
        """Take the lines of files out of bronze, or put them back; nothing is built."""
        with self.platform.open() as session:
            for name in names:
                files = chosen_files(session, name, None)
                (withdrawal.undo if undo else withdrawal.withdraw)(session, files)

    def run(self, forced: DateRange | None = None) -> RunReport:
        """What `jobmatch run` does; everything must go well."""
        report = self.try_run(forced)
        assert report.problems == [], report.problems
        return report

    def try_run(self, forced: DateRange | None = None, acceptance: Acceptance | None = None) -> RunReport:
        return process(self.definitions, self.platform.plan, self.instance, forced, acceptance)

    def run_selected(self, selection: str, dates: DateRange) -> RunReport:
        return materialize(self.definitions, self.platform.plan, self.instance, selection, dates)

    def definitions(self) -> dg.Definitions:
        if self._definitions is None:
            self._definitions = build_definitions(self.settings)
        return self._definitions

    def work(self) -> WaitingWork:
        """What is there to do."""
        return find_work(look(self.platform), self.prepared())

    # ---- checks

    def check(self, contract: TableContract, days: Collection[dt.date] = SPAN) -> CheckOutcome:
        """What a table's contract finds."""
        (outcome,) = self.run_checks([contract_key(contract)], days)
        return outcome

    def run_checks(
        self,
        keys: Collection[CheckKey],
        days: Collection[dt.date] = SPAN,
        now: dt.datetime | None = None,
        changed: Mapping[TableKey, str] = MappingProxyType({}),
        **settings: Any,
    ) -> list[CheckOutcome]:
        """What these checks find, of changed rows if given, and with other settings."""
        platform = replace(self.platform, settings=replace(self.settings, **settings))
        with platform.open() as session:
            return run_data_checks(session, keys, days, now, changed)
