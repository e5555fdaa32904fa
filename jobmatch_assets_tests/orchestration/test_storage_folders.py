"""Where Dagster keeps what it remembers is found, as far as it lies in folders."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets.orchestration.storage_folders import storage_folders
from jobmatch_assets.settings import PROJECT_DIR


@pytest.mark.parametrize("is_configured", [True, False])
def test_all_files_of_a_storage_lie_in_the_folders_that_are_found(
    is_configured: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    if is_configured:
        shutil.copy(PROJECT_DIR / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.get() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization("an_asset"))
        folders, elsewhere = storage_folders(instance)
    assert elsewhere == []
    databases = list(tmp_path.rglob("*.db"))
    assert databases
    assert [path for path in databases if not any(folder in path.parents for folder in folders)] == []
