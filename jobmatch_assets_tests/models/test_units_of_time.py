"""Models cut time into the partitions that contracts describe."""

import datetime as dt
import json
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from jobmatch_assets.contracts.clock import Unit, first_of
from jobmatch_assets.settings import PROJECT_DIR

_DBT = PROJECT_DIR / "dbt_project"
UNITS: tuple[Unit, ...] = get_args(Unit)
# A leap day, ends of weeks, months and years, and a Monday that begins a month.
DAYS = [
    dt.date.fromisoformat(day)
    for day in ("2024-02-29", "2025-12-28", "2025-12-31", "2026-01-01", "2026-03-01", "2026-06-01")
]


def compiled(template: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What dbt compiles a line of its templates to."""
    monkeypatch.setenv("JOBMATCH_DUCKDB_PATH", ":memory:")
    return dbtRunner().invoke(
        [
            *("compile", "--quiet", "--inline", template),
            *("--project-dir", str(_DBT), "--profiles-dir", str(_DBT)),
            *("--target-path", str(folder), "--log-path", str(folder)),
        ]
    )


def test_a_date_belongs_to_the_same_partition_in_models_and_contracts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    macros = ", ".join(f"'{unit}': first_date_of('{unit}', 'day')" for unit in UNITS)
    outcome = compiled(f"{{{{ {{{macros}}} | tojson }}}}", tmp_path, monkeypatch)
    expressions = json.loads(outcome.result.results[0].node.compiled_code)
    for unit in UNITS:
        found = duckdb.execute(
            f"select day, {expressions[unit]} from (select unnest($days) as day)", {"days": DAYS}
        )
        assert dict(found.fetchall()) == {day: first_of(unit, day) for day in DAYS}, unit


def test_a_unit_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not compiled("{{ first_date_of('year', 'day') }}", tmp_path, monkeypatch).success
    assert "first_date_of: 'year' is no day, week, month or quarter" in capsys.readouterr().out
