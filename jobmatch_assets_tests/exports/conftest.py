from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.exports.export import Exported, export
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.selection import Selection
from jobmatch_assets_tests.bench.workbench import Workbench


class Copy:
    """A published copy, and exports of it to a folder."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.path = settings.published_path
        self.folder = folder

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute("use job_matching_gold")
            return connection.execute(sql).fetchall()

    @property
    def tables(self) -> list[str]:
        return [name for (name,) in self.query("select table_name from duckdb_tables() order by all")]

    def export(self, table: str, format_: str = "csv", **selection: Any) -> Exported:
        """Export a table with all its groups, unless something else is said."""
        wanted = Selection(table, **{"totals_only": False, **selection})
        return export(self.settings, wanted, format_, self.folder, force=True)


@pytest.fixture
def golden_export(golden: Workbench, tmp_path: Path) -> Copy:
    """The published copy of the golden set."""
    return Copy(golden.settings, tmp_path)


@pytest.fixture
def planted(tmp_path: Path) -> Callable[..., Copy]:
    """A published copy that statements make; tables of gold need no schema."""

    def make(*statements: str) -> Copy:
        path = tmp_path / "gold.duckdb"
        with duckdb.connect(str(path)) as connection:
            for statement in ("create schema job_matching_gold", "use job_matching_gold", *statements):
                connection.execute(statement)
        exports = tmp_path / "files"
        exports.mkdir()
        environment = {
            "JOBMATCH_PUBLISHED_PATH": str(path),
            "JOBMATCH_DUCKDB_PATH": str(tmp_path / "w.duckdb"),
        }
        return Copy(Settings.from_environment(environment), exports)

    return make
