"""The runbook says of each registered check what a failure means; backups that it tells of can be restored."""

import re
import shutil
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.settings import PROJECT_DIR, Settings
from jobmatch_assets_tests.bench.workbench import Workbench

RUNBOOK = PROJECT_DIR / "docs" / "runbook.md"

Check = tuple[str, str]
"""Table and name of a check."""


@pytest.fixture(scope="module")
def checks() -> Collection[Check]:
    graph = build_definitions(Settings.from_environment({})).resolve_asset_graph()
    return {(key.asset_key.path[-1], key.name) for key in graph.asset_check_keys}


def entries(text: str) -> list[str]:
    """The names and patterns in the first column of the table of checks."""
    (section,) = re.findall(r"^## Checks$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(.*?)`", row)]


def missing(text: str, checks: Collection[Check]) -> Iterator[Check]:
    for table, name in sorted(checks):
        if not any(fnmatchcase(name, entry.replace("<table>", table)) for entry in entries(text)):
            yield table, name


def test_every_check_is_in_the_runbook(checks: Collection[Check]) -> None:
    text = RUNBOOK.read_text()
    assert list(missing(text, checks)) == []
    assert list(missing(text, {*checks, ("events", "planted")})) == [("events", "planted")]


def test_every_entry_is_a_check(checks: Collection[Check]) -> None:
    for entry in entries(RUNBOOK.read_text()):
        assert any(fnmatchcase(name, entry.replace("<table>", table)) for table, name in checks), entry


def test_a_backup_can_be_put_back(
    golden_copy: Workbench, golden_contents: dict[str, str], tmp_path: Path
) -> None:
    """Files that landed after it are loaded again."""
    bench, backup = golden_copy, tmp_path / "backup.duckdb"
    bench.query("checkpoint")
    shutil.copy(bench.warehouse, backup)
    bench.land("dt=2026-03-04/after.ndjson", ['{"event_id": "after"}'])
    bench.run()
    after = bench.contents()
    assert after != golden_contents
    shutil.copy(backup, bench.warehouse)
    bench.run()
    assert bench.contents() == after
