"""dbt's documentation as a page: complete, of the manifest in force, and on its own."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.dashboards.registry import DOCS
from jobmatch_assets.pipeline.docs_page import DocsPageError, template_file, write_docs_page
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.settings import Settings

BIGQUERY = {"JOBMATCH_TARGET": "bigquery", "JOBMATCH_BIGQUERY_PROJECT": "some-project"}
MARKUP = "</script><script>alert(1)</script>"


class ChangedProject(DbtProject):
    """The project with another manifest, and another key where it follows from other files."""

    def __init__(self, manifest: dict[str, Any], key: str = "another") -> None:
        super().__init__(Settings.from_environment({}))
        self._changed = manifest
        self._changed_key = key

    @property
    def manifest(self) -> dict[str, Any]:
        return self._changed

    @property
    def key(self) -> str:
        return self._changed_key


@pytest.fixture(scope="module")
def project() -> DbtProject:
    return DbtProject(Settings.from_environment({}))


@pytest.fixture
def manifest(project: DbtProject) -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(dict(project.manifest))


def written(project: DbtProject, folder: Path) -> str:
    assert write_docs_page(project, project.plan, folder)
    return (folder / DOCS).read_text(encoding="utf-8")


def data(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The manifest and the catalog in a page."""
    decoder = json.JSONDecoder()
    starts = [found.start() for found in re.finditer(r'\{"metadata":', page)]
    manifest, catalog = (decoder.raw_decode(page, start)[0] for start in starts)
    return manifest, catalog


@pytest.mark.parametrize("environment", [{}, BIGQUERY], ids=["duckdb", "bigquery"])
def test_the_page_has_every_table_with_its_columns_and_types(
    environment: dict[str, str], tmp_path: Path
) -> None:
    project = DbtProject(Settings.from_environment(environment))
    manifest, catalog = data(written(project, tmp_path))
    tables = {**catalog["nodes"], **catalog["sources"]}
    assert set(tables) == {table.unique_id for table in project.plan.tables.values()}
    funnel = manifest["nodes"]["model.jobmatch.funnel_daily"]
    assert funnel["description"] == project.manifest["nodes"][funnel["unique_id"]]["description"]
    types = {name: column["type"] for name, column in tables[funnel["unique_id"]]["columns"].items()}
    assert list(types) == list(funnel["columns"])
    assert types["ctr_user_level"] == ("FLOAT64" if environment else "double")
    assert tables["source.jobmatch.bronze.events_raw"]["columns"]["raw_line"]["comment"]


def test_the_page_is_written_again_when_the_project_is_another(
    tmp_path: Path, project: DbtProject, manifest: dict[str, Any]
) -> None:
    before = written(project, tmp_path)
    assert not write_docs_page(project, project.plan, tmp_path)
    manifest["nodes"]["model.jobmatch.funnel_daily"]["columns"]["entered"]["description"] = "Quite another."
    after = written(ChangedProject(manifest), tmp_path)
    assert "Quite another." in after
    assert "Quite another." not in before
    assert [path.name for path in tmp_path.iterdir()] == [DOCS]


def test_what_passes_makes_no_other_page(
    tmp_path: Path, project: DbtProject, manifest: dict[str, Any]
) -> None:
    page = written(project, tmp_path)
    manifest["metadata"] |= {"generated_at": "2030-01-01", "invocation_id": "another"}
    manifest["nodes"]["model.jobmatch.events"] |= {
        "created_at": 1.0, "compiled_path": "/home/somebody/x.sql", "compiled_code": "select 1"
    }  # fmt: skip
    again = ChangedProject(manifest, project.key)
    assert not write_docs_page(again, project.plan, tmp_path)
    assert written(again, tmp_path / "elsewhere") == page
    assert "/home/somebody" not in page


def test_a_page_that_was_cut_off_is_written_again(tmp_path: Path, project: DbtProject) -> None:
    page = written(project, tmp_path)
    (tmp_path / DOCS).write_text(page[:-20])
    assert written(project, tmp_path) == page


def test_text_of_the_manifest_is_no_markup(tmp_path: Path, manifest: dict[str, Any]) -> None:
    manifest["nodes"]["model.jobmatch.funnel_daily"]["description"] = MARKUP
    page = written(ChangedProject(manifest), tmp_path)
    assert MARKUP not in page
    assert data(page)[0]["nodes"]["model.jobmatch.funnel_daily"]["description"] == MARKUP


def loaded_at_once(page: str) -> list[str]:
    """What a browser loads at once: hosts, and addresses that the page's program is to fill in later."""
    hosts = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?\s(?:src|href)="((?:https?:)?//[^"]*)"', page)
    return hosts + re.findall(r'\s(?:src|href|xlink:href)="[^"]*[{$]\{ ?(?:getIcon|logo|require)[^"]*"', page)


def test_a_browser_loads_nothing_for_the_page(tmp_path: Path, project: DbtProject) -> None:
    assert loaded_at_once(template_file().read_text(encoding="utf-8"))
    assert loaded_at_once(written(project, tmp_path)) == []


def test_a_template_without_a_place_for_data_is_an_error(
    tmp_path: Path, project: DbtProject, manifest: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.html"
    other.write_text("<p>")
    monkeypatch.setattr("jobmatch_assets.pipeline.docs_page.template_file", lambda: other)
    with pytest.raises(DocsPageError, match=r"MANIFEST.JSON INLINE DATA.*requirements.lock"):
        write_docs_page(ChangedProject(manifest), project.plan, tmp_path / "pages")
    assert not (tmp_path / "pages").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, project: DbtProject) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DocsPageError, match="cannot be written to"):
        write_docs_page(project, project.plan, tmp_path / "file" / "pages")
    with pytest.raises(DocsPageError, match="cannot be written to"):
        write_docs_page(project, Plan([]), tmp_path / "file")
