"""A copy of a built warehouse, in which tests plant what must not be, and checks look for it."""

import datetime as dt
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_assets.checks.contract import contract_key
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.contracts.table_contract import TableContract
from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.data_checks import run_data_checks
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings

SPAN = DateRange(dt.date(2026, 1, 1), dt.date(2026, 3, 5)).days
"""More dates than the golden set has."""


class CopiedWarehouse:
    """Attributes: path (the DuckDB file) and platform (with default settings)."""

    def __init__(self, built: Path, folder: Path) -> None:
        self.path = folder / "warehouse.duckdb"
        with duckdb.connect(str(built)) as connection:
            connection.execute("checkpoint")
        shutil.copyfile(built, self.path)
        # Opening the file takes longer than most checks; whoever opens it next shares it.
        self._open = duckdb.connect(str(self.path))
        self.platform = Platform.of(Settings.from_environment({"JOBMATCH_DUCKDB_PATH": str(self.path)}))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()

    @contextmanager
    def planted(self, contract: TableContract, *statements: str) -> Iterator[None]:
        """Change a table by statements, in which {t} stands for it, and undo it afterwards."""
        table, kept = f"{contract.schema}.{contract.table}", f"kept_{contract.table}"
        self.query(f"alter table {table} rename to {kept}")
        try:
            # A table without NOT NULL: the check must see what the engine would refuse.
            self.query(f"create table {table} as select * from {contract.schema}.{kept}")
            for statement in statements:
                self.query(statement.replace("{t}", table))
            yield
        finally:
            self.query(f"drop table if exists {table}")
            self.query(f"alter table {contract.schema}.{kept} rename to {contract.table}")

    def check(self, contract: TableContract, days: Collection[dt.date] = SPAN) -> CheckOutcome:
        (outcome,) = self.run([contract_key(contract)], days)
        return outcome

    def run(
        self,
        keys: Collection[CheckKey],
        days: Collection[dt.date] = SPAN,
        now: dt.datetime | None = None,
        **settings: Any,
    ) -> list[CheckOutcome]:
        platform = replace(self.platform, settings=replace(self.platform.settings, **settings))
        return run_data_checks(platform, keys, days, now)


def text(outcome: CheckOutcome, name: str) -> str:
    """An entry of the metadata as it is read."""
    return str(outcome.metadata[name])


def broken_rules(outcome: CheckOutcome) -> dict[str, int]:
    """{rule: failing rows} of a failed contract."""
    lines = text(outcome, "broken rules").removeprefix("- ").split("\n- ")
    named = (line.split(": ", 1) for line in lines)
    return {rule: int(told.split(" ", 1)[0].replace(",", "")) for rule, told in named}


def examples(outcome: CheckOutcome) -> list[str]:
    """Rows of the table of examples, without its head."""
    return text(outcome, "examples").split("\n")[2:]
