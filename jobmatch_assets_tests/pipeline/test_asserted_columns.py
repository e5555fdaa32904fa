"""dbt asks the engine for the columns of a model once for each version of the project, and refuses wrong ones."""

from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.pipeline.steps import dbt_runner
from jobmatch_assets.pipeline.steps.asserted_columns import AssertedColumns
from jobmatch_assets.pipeline.steps.dbt_runner import DbtError, DbtProject
from jobmatch_assets.settings import Settings

MODEL = "dim_date"


def test_what_is_added_is_kept(tmp_path: Path) -> None:
    AssertedColumns(tmp_path, "one").add(["a", "b"])
    AssertedColumns(tmp_path, "one").add(["c"])
    assert AssertedColumns(tmp_path, "one").models == ["a", "b", "c"]


def test_another_project_begins_anew(tmp_path: Path) -> None:
    AssertedColumns(tmp_path, "one").add(["a"])
    other = AssertedColumns(tmp_path, "other")
    assert other.models == []
    other.add(["b"])
    assert AssertedColumns(tmp_path, "other").models == ["b"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "one"}', '{"key": "one", "kept": 1}'])
def test_a_damaged_file_holds_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "asserted_columns.json").write_text(content)
    assert AssertedColumns(tmp_path, "one").models == []


def test_a_folder_that_cannot_be_written_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("no folder")
    asserted = AssertedColumns(folder, "one")
    asserted.add(["a"])
    assert asserted.models == ["a"]


class Project:
    """A warehouse of one model, and what is known of its columns."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = Settings.from_environment({"JOBMATCH_DUCKDB_PATH": str(folder / "w.duckdb")})
        self._dbt = DbtProject(settings)
        self._monkeypatch = monkeypatch
        self.file = folder / "w.duckdb"
        self.asserted = AssertedColumns(folder, "one")
        monkeypatch.setattr(dbt_runner, "_asserted", lambda *_: self.asserted)

    def take_a_column_from_the_contract(self) -> None:
        """Let the model's SQL give a column that its contract lacks."""
        manifest = self._dbt._parsed
        node = manifest.nodes[f"model.jobmatch.{MODEL}"]
        columns = {name: column for name, column in node.columns.items() if name != "weekday"}
        self._monkeypatch.setattr(node, "columns", columns)

    def build(self) -> None:
        self._dbt.build([MODEL], ())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, monkeypatch)


def test_a_model_that_was_built_is_known(project: Project) -> None:
    project.build()
    assert project.asserted.models == [MODEL]


def test_columns_that_are_not_those_of_the_contract_are_refused(project: Project) -> None:
    project.take_a_column_from_the_contract()
    with pytest.raises(DbtError, match="contract"):
        project.build()
    assert project.asserted.models == []


def test_a_known_model_is_not_asked_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "dbt.adapters.duckdb.impl.DuckDBAdapter.get_column_schema_from_query",
        lambda _, sql: asked.append(sql) or [],
    )
    project.asserted.add([MODEL])
    project.build()
    assert asked == []
    with duckdb.connect(str(project.file), read_only=True) as connection:
        assert connection.execute(f"select count(*) > 1000 from job_matching_gold.{MODEL}").fetchone() == (
            True,
        )
