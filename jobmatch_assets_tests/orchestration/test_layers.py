import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import jobmatch_assets
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.orchestration.layers import (
    NAMES_TABLES,
    ROOMS,
    forbidden_imports,
    forbidden_references,
    imports_of,
    naming_tables,
    untested_rooms,
)

PACKAGE = Path(jobmatch_assets.__file__).parent


@pytest.fixture(scope="module")
def manifest() -> Mapping[str, Any]:
    return DbtProject(Settings.from_environment({})).manifest


def test_python_imports_run_one_way() -> None:
    assert list(forbidden_imports(PACKAGE)) == []


def test_every_room_of_the_package_has_a_place_in_the_order() -> None:
    found = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    assert found - {"__init__", "__pycache__"} == ROOMS.keys()


def test_every_room_of_the_package_has_its_folder_of_tests() -> None:
    assert list(untested_rooms(PACKAGE, PACKAGE.parent / "jobmatch_assets_tests")) == []


def test_a_room_without_tests_is_found(tmp_path: Path) -> None:
    package, tests = tmp_path / "platform", tmp_path / "platform_tests"
    for path in (package / "landing", package / "pipeline", tests / "landing", tests / "pipeline"):
        path.mkdir(parents=True)
    (package / "dates.py").touch()
    (tests / "landing" / "test_names.py").touch()
    (tests / "pipeline" / "conftest.py").touch()
    assert list(untested_rooms(package, tests)) == ["pipeline has no tests in platform_tests/pipeline"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("settings.py", "import {0}.contracts"),
        ("contracts/bronze.py", "from {0}.landing.lines import read_lines"),
        ("landing/a.py", "from {0}.warehouse import port"),
        ("warehouse/a.py", "def late():\n    from {0} import orchestration"),
        ("metrics/a.py", "if True:\n    import {0}.landing.names as names"),
        ("orchestration/a.py", "from {0}.definitions import build_definitions"),
        ("orchestration/a.py", "from {0} import cli"),
        ("elsewhere/a.py", "from {0}.settings import Settings"),
    ],
)
def test_a_planted_import_that_runs_the_wrong_way_is_found(tmp_path: Path, path: str, code: str) -> None:
    package = tmp_path / "platform"
    for name, text in {
        "cli.py": "from platform.definitions import defs",
        path: code.format("platform"),
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    (found,) = forbidden_imports(package)
    assert found.startswith(path)


def test_dbt_models_read_only_the_layers_before_theirs(manifest: Mapping[str, Any]) -> None:
    assert list(forbidden_references(manifest)) == []


@pytest.mark.parametrize(
    ("model", "parent"),
    [
        ("model.jobmatch.funnel_daily", "model.jobmatch.stg_events"),
        ("model.jobmatch.funnel_daily", "source.jobmatch.bronze.events_raw"),
        ("model.jobmatch.events", "source.jobmatch.bronze.files"),
        ("model.jobmatch.events", "model.jobmatch.funnel_daily"),
        ("model.jobmatch.stg_events", "model.jobmatch.events"),
        ("model.jobmatch.stg_search_dates", "model.jobmatch.events"),
    ],
)
def test_a_planted_reference_that_skips_a_layer_is_found(
    manifest: Mapping[str, Any], model: str, parent: str
) -> None:
    planted = copy.deepcopy(dict(manifest))
    planted["nodes"][model]["depends_on"]["nodes"].append(parent)
    assert list(forbidden_references(planted)) == [
        f"{model.rsplit('.', maxsplit=1)[-1]} reads {parent.rsplit('.', maxsplit=1)[-1]}"
    ]


def test_what_dagster_keeps_to_itself_is_imported_in_one_room_only() -> None:
    importing = {
        path.relative_to(PACKAGE).parent.as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(imported.startswith("dagster._") for imported in imports_of(path))
    }
    assert importing == {"orchestration/launchers"}


def test_no_room_names_a_table_that_it_can_get_from_the_plan() -> None:
    assert naming_tables(PACKAGE) == NAMES_TABLES.keys()


@pytest.mark.parametrize(
    "code", ['x = "stg_events"', 'x = f"{1} where event_date > 2"', 'x = "silver.events"']
)
def test_a_planted_name_of_a_table_is_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline/a.py").write_text(f'"""About stg_events."""\n{code}\n')
    assert naming_tables(tmp_path) == {"pipeline/a.py"}
    (tmp_path / "pipeline/a.py").write_text('"""About stg_events."""\nx = "no events here"\n')
    assert naming_tables(tmp_path) == set()


def test_checks_and_pipeline_do_not_know_dagster() -> None:
    for room in ("checks", "pipeline"):
        for path in (PACKAGE / room).rglob("*.py"):
            assert not [name for name in imports_of(path) if name.split(".")[0].startswith("dagster")], path
