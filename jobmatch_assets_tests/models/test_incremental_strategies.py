"""A model can only replace rows in one of the ways that the project has."""

from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from jobmatch_assets.settings import PROJECT_DIR

_DBT = PROJECT_DIR / "dbt_project"


def test_a_model_that_does_not_say_how_rows_are_replaced_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOBMATCH_DUCKDB_PATH", ":memory:")
    said: list[str] = []
    outcome = dbtRunner(callbacks=[lambda event: said.append(event.info.msg)]).invoke(
        [
            *("compile", "--quiet", "--inline", "select 1 where {{ is_replaced('new_rows') }}"),
            *("--project-dir", str(_DBT), "--profiles-dir", str(_DBT)),
            *("--target-path", str(tmp_path), "--log-path", str(tmp_path)),
        ]
    )
    assert not outcome.success
    (message,) = [text for text in said if "incremental_strategy" in text]
    assert "inline_query has the incremental_strategy" in message
    assert "Take replace_window, replace_entities or replace_touched" in message
