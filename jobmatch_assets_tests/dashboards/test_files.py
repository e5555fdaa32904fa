"""Files of pages: whole or as before, those that are gone go, and nothing else is touched."""

import json
import os
from pathlib import Path

import pytest

from jobmatch_assets.dashboards import files
from jobmatch_assets.dashboards.files import DashboardError, write_pages


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_pages_that_are_gone_go_and_files_of_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    write_pages(folder, {"index.html": "1", "experiment-a.html": "a"})
    (folder / "mine.html").write_text("mine")
    write_pages(folder, {"index.html": "2", "experiment-b.html": "b"})
    assert names(folder) == {"index.html", "experiment-b.html", "mine.html", ".pages.json"}
    assert (folder / "index.html").read_text() == "2"
    assert json.loads((folder / ".pages.json").read_text()) == ["experiment-b.html", "index.html"]


def test_some_pages_alone_leave_the_others(tmp_path: Path) -> None:
    write_pages(tmp_path, {"index.html": "1", "a.html": "a"})
    write_pages(tmp_path, {"a.html": "b"}, stale=())
    assert names(tmp_path) == {"index.html", "a.html", ".pages.json"}


def test_a_crash_half_way_leaves_pages_whole_and_the_next_build_tidies_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pages(tmp_path, {"index.html": "old", "a.html": "old"})
    replace, done = Path.replace, []

    def dies_at_the_third(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == 3:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        write_pages(tmp_path, {"b.html": "new", "index.html": "new"})
    monkeypatch.undo()
    assert {name: (tmp_path / name).read_text() for name in ("index.html", "a.html", "b.html")} == {
        "index.html": "old",
        "a.html": "old",
        "b.html": "new",
    }
    write_pages(tmp_path, {"index.html": "newer"})
    assert names(tmp_path) == {"index.html", ".pages.json"}


def test_a_list_that_names_other_places_removes_nothing_there(tmp_path: Path) -> None:
    folder, other = tmp_path / "pages", tmp_path / "diary"
    folder.mkdir()
    other.write_text("mine")
    (folder / ".pages.json").write_text(json.dumps(["../diary", "gone.html", 3]))
    write_pages(folder, {"index.html": "1"})
    assert other.read_text() == "mine"


@pytest.mark.parametrize("list_", ["", "{}", "[1, null]", "\x00"])
def test_a_list_that_cannot_be_read_is_made_anew(tmp_path: Path, list_: str) -> None:
    (tmp_path / ".pages.json").write_text(list_)
    write_pages(tmp_path, {"index.html": "1"})
    assert json.loads((tmp_path / ".pages.json").read_text()) == ["index.html"]


def test_a_folder_that_cannot_be_made_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DashboardError, match=r"JOBMATCH_DASHBOARDS_PATH=.*/file/pages.*Name a folder"):
        write_pages(tmp_path / "file" / "pages", {"index.html": "1"})


def test_pages_are_on_the_disk_before_they_have_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(files.os, "fsync", lambda handle: (order.append("fsync"), fsync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (order.append(to.name), replace(self, to))[1])
    write_pages(tmp_path, {"index.html": "1"})
    assert order == ["fsync", ".pages.json", "fsync", "index.html", "fsync"]
