"""Which SQLite files an instance has, wherever its dagster.yaml puts them."""

from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.launchers.storage_files import storage_files
from jobmatch_assets.settings import PROJECT_DIR

SQLITE = "storage:\n  sqlite:\n    base_dir: {}\n"


@pytest.mark.parametrize("place", ["kept", "{tmp_path}/kept"], ids=["relative", "absolute"])
def test_they_are_where_dagster_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    home, started_in = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    started_in.mkdir()
    (home / "dagster.yaml").write_text(SQLITE.format(place.format(tmp_path=tmp_path)))
    monkeypatch.chdir(started_in)
    assert not any(file.exists() for file in storage_files(home))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        instance.get_runs_count()
        instance.get_event_records(dg.EventRecordsFilter(dg.DagsterEventType.RUN_START), limit=1)
        instance.all_instigator_state()
        found = storage_files(home)
        assert len(found) == 3
        assert [file for file in found if not file.exists()] == []


def test_that_of_a_clone_lies_in_the_clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    history = PROJECT_DIR / "data" / "dagster" / "history"
    assert storage_files(PROJECT_DIR)[0] == history / "runs.db"
