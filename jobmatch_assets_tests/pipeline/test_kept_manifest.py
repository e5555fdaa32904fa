"""dbt's manifest is kept, and made again as soon as something that it follows from is another."""

from pathlib import Path

import pytest

from jobmatch_assets.pipeline.steps.kept_manifest import kept_manifest, key_of


class Project:
    """A project of one model, and how often its manifest was made."""

    def __init__(self, folder: Path) -> None:
        self.kept, self.project = folder / "kept", folder / "project"
        self.model = self.project / "models" / "one.sql"
        self.model.parent.mkdir(parents=True)
        self.model.write_text("select 1")
        self.environment = {"TARGET": "duckdb"}
        self.made = 0

    def manifest(self) -> object:
        return kept_manifest(self.kept, key_of(self.project, self.environment), self._make)["text"]

    def _make(self) -> dict[str, object]:
        self.made += 1
        return {"text": self.model.read_text()}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_manifest_is_made_once(project: Project) -> None:
    assert [project.manifest(), project.manifest()] == ["select 1"] * 2
    assert project.made == 1


def test_a_changed_model_makes_another(project: Project) -> None:
    project.manifest()
    project.model.write_text("select 2")
    assert project.manifest() == "select 2"


def test_a_model_that_moved_makes_another(project: Project) -> None:
    project.manifest()
    project.model = project.model.rename(project.model.with_name("two.sql"))
    project.manifest()
    assert project.made == 2


def test_another_environment_makes_another(project: Project) -> None:
    project.manifest()
    project.environment = {"TARGET": "bigquery"}
    project.manifest()
    assert project.made == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}'])
def test_a_damaged_file_is_made_again(project: Project, content: str) -> None:
    project.manifest()
    (file,) = project.kept.iterdir()
    file.write_text(content)
    assert project.manifest() == "select 1"
    assert project.made == 2


def test_a_place_that_cannot_be_written_is_done_without(project: Project) -> None:
    project.kept.write_text("a file in the folder's place")
    assert project.manifest() == "select 1"
