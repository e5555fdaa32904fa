"""dagster.yaml and workspace.yaml of the containers, as Dagster reads them."""

from pathlib import Path

import pytest
import yaml
from dagster import DagsterInvalidConfigError
from dagster._core.instance.config import dagster_instance_config
from dagster._core.instance.ref import InstanceRef
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin
from dagster._core.workspace.load import location_origins_from_yaml_paths

from jobmatch_assets.orchestration.launchers.code_server import CodeServerRunLauncher
from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.end_to_end.deployment.files import DEPLOY, parsed

OF_CONTAINERS = {"storage", "local_artifact_storage", "compute_logs", "run_launcher", "run_monitoring"}
"""What of dagster.yaml is another matter in containers than on one machine."""


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in parsed("compose.yaml")["x-storage"].items():
        monkeypatch.setenv(name, value)


def test_dagster_accepts_its_configuration() -> None:
    config, _ = dagster_instance_config(str(DEPLOY))
    assert config["run_monitoring"]["enabled"]


def test_dagster_would_refuse_a_mistake(tmp_path: Path) -> None:
    config = parsed("dagster.yaml")
    config["run_monitoring"]["poll_seconds"] = 5
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config))
    with pytest.raises(DagsterInvalidConfigError, match="poll_seconds"):
        dagster_instance_config(str(tmp_path))


def test_storage_is_postgres_and_runs_are_asked_for() -> None:
    ref = InstanceRef.from_dir(str(DEPLOY))
    assert ref.storage_data is not None
    assert (ref.storage_data.module_name, ref.storage_data.class_name) == (
        "dagster_postgres",
        "DagsterPostgresStorage",
    )
    assert isinstance(ref.run_launcher, CodeServerRunLauncher)


def test_the_rest_is_configured_as_in_the_project() -> None:
    ours = yaml.safe_load((PROJECT_DIR / "dagster.yaml").read_text())
    theirs = parsed("dagster.yaml")
    assert ours.keys() == theirs.keys()
    assert {key for key in ours if ours[key] != theirs[key]} <= OF_CONTAINERS


def test_workspace_is_the_code_container() -> None:
    [origin] = location_origins_from_yaml_paths([str(DEPLOY / "workspace.yaml")])
    assert isinstance(origin, GrpcServerCodeLocationOrigin)
    code = parsed("compose.yaml")["services"][origin.host]
    assert str(origin.port) == code["command"][code["command"].index("--port") + 1]
    # Dagster keeps sensors, schedules and runs under this name.
    [local] = location_origins_from_yaml_paths([str(PROJECT_DIR / "workspace.yaml")])
    assert (
        origin.location_name
        == local.location_name
        == code["command"][code["command"].index("--module-name") + 1]
    )
