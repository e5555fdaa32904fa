"""The wheel in an empty folder: all that it needs is in it, and what it makes goes to that folder."""

import compileall
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from jobmatch_assets.dashboards.registry import DICTIONARY, DOCS, file_of, registered
from jobmatch_assets.settings import PROJECT_DIR

ASSETS = PROJECT_DIR / "jobmatch_assets" / "dashboards" / "assets"
SOURCES = (
    *("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md"),
    *("dagster.yaml", "workspace.yaml", "jobmatch_assets", "dbt_project"),
)
LEFT_BEHIND = (
    *("dbt_project/target/manifest.json", "dbt_project/logs/dbt.log", "dbt_project/.user.yml"),
    "build/lib/jobmatch_assets/gone_since.py",
)
"""What dbt, and a build of before, may leave in a clone."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clone, in which somebody was at work."""
    folder = tmp_path_factory.mktemp("clone")
    ignored = shutil.ignore_patterns("__pycache__", "target", "logs", ".user.yml")
    for name in SOURCES:
        if (PROJECT_DIR / name).is_dir():
            shutil.copytree(PROJECT_DIR / name, folder / name, ignore=ignored)
        else:
            shutil.copyfile(PROJECT_DIR / name, folder / name)
    for name in LEFT_BEHIND:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def built(source: Path, what: str, folder: Path) -> Path:
    """What setuptools makes of a source folder, as pip calls it: a "wheel" or an "sdist"."""
    folder.mkdir(exist_ok=True)
    code = f"from setuptools import build_meta; build_meta.build_{what}({str(folder)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, check=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def unpacked_sdist(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built(clone, "sdist", folder / "made")) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (root,) = (folder / "unpacked").iterdir()
    return root


@pytest.fixture(scope="module")
def wheel(unpacked_sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sdist, which has no more to build it from than whoever downloads that."""
    return built(unpacked_sdist, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like site-packages that holds the wheel, and that nobody may write to."""
    folder = tmp_path_factory.mktemp("environment") / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # As pip does. Root, whom no permission stops, would write bytecode later.
    assert compileall.compile_dir(folder, quiet=1)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def assert_pages(folder: Path) -> None:
    """Each page that is registered, the dictionary and dbt's documentation are there, with what they work with."""
    pages = {file_of(page.name) for page in registered() if page.instances is None}
    drawn = {file_of(page.name) for page in registered() if any(chart.spec for chart in page.charts)}
    assert {path.name for path in folder.glob("*.html")} >= {*pages, DICTIONARY, DOCS}
    for page in pages:
        text = (folder / page).read_text(encoding="utf-8")
        for asset in ("start.js", "charts.js", "page.css", "print.css"):
            assert (ASSETS / asset).read_text(encoding="utf-8").strip()[:200] in text, (page, asset)
        # The library that draws is as large as all else together.
        assert (len(text) > 500_000) == (page in drawn), page


def test_the_clone_gives_the_same_wheel(
    clone: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert names(built(clone, "wheel", tmp_path_factory.mktemp("direct"))) == names(wheel)


def test_it_holds_all_of_the_project_and_nothing_that_was_left(site: Path, clone: Path) -> None:
    of_clone = files(clone / "jobmatch_assets") | {
        name: content
        for name, content in files(clone).items()
        if name.startswith(("dbt_project/", "dagster.yaml", "workspace.yaml")) and name not in LEFT_BEHIND
    }
    assert {"experiments.csv", "tiers.csv"} <= of_clone.keys()
    assert {"dbt_project/dbt_project.yml", "dbt_project/column_lineage.json"} <= of_clone.keys()
    assert {"dashboards/assets/page.html", "dashboards/assets/page.css"} <= of_clone.keys()
    assert files(site / "jobmatch_assets") == of_clone


def test_it_works_in_an_empty_folder_and_writes_nowhere_else(site: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (site, *site.rglob("*"))}
    folder, home = tmp_path / "empty", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JOBMATCH_", "DAGSTER_", "DBT_"))
    }
    environment = own | {"PYTHONPATH": str(site), "HOME": str(home), "COLUMNS": "200"}

    def said(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def jobmatch(*arguments: str) -> str:
        return said("-m", "jobmatch_assets", *arguments)

    assert said("-c", "import jobmatch_assets; print(jobmatch_assets.__file__)").startswith(str(site))
    assert ", version " in jobmatch("--version")
    assert not list(folder.iterdir())

    scenario = "--start 2026-03-01 --days 1 --users 40 --broken-rate 0"
    jobmatch("generate", "--out", "data", *scenario.split())
    assert "What became of the lines, by event date" in jobmatch("run")
    assert "Nothing new: 1 files" in jobmatch("run")
    assert "funnel_daily, 2026-02-23 to 2026-03-01: 1 row" in jobmatch("show", "funnel_daily")
    assert (folder / "data/gold/funnel_daily.parquet").is_file()
    assert_pages(folder / "data/dashboards")
    shutil.rmtree(folder / "data/dashboards")
    assert jobmatch("dashboards").split() == [str(folder / "data/dashboards/index.html")]
    assert_pages(folder / "data/dashboards")
    assert "searches (count): events of kind search" in jobmatch("metrics", "searches")
    assert "1 row of funnel_daily" in jobmatch("export", "funnel_daily")
    assert [path.name for path in (folder / "data/exports").iterdir()] == ["funnel_daily.csv"]
    assert " 0 rejected" in jobmatch("validate", "data/landing/events/dt=2026-03-01/part-000.ndjson")
    workspace = str(site / "jobmatch_assets/workspace.yaml")
    assert "Validation successful" in said("-m", "dagster", "definitions", "validate", "-w", workspace)

    assert {path.name for path in folder.iterdir()} == {"data"}
    assert {path.name for path in (folder / "data").iterdir()} >= {
        *("warehouse.duckdb", "gold.duckdb", "dagster", "dbt")
    }
    assert list((folder / "data/dagster/history").iterdir())
    assert list((folder / "data/dbt/target/duckdb").iterdir())
    assert not list(home.iterdir())
    assert {path: path.stat().st_mtime_ns for path in (site, *site.rglob("*"))} == before
