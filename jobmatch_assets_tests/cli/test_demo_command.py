"""The demo has everything of its own, is made afresh, and `dev` shows it where there is nothing else."""

import datetime as dt
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from jobmatch_assets.cli import demo
from jobmatch_assets.cli.main import main
from jobmatch_assets.settings import PROJECT_DIR, Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo of a test, in a process whose environment is put back."""
    before, made = dict(os.environ), tmp_path / "data: #1" / "demo"
    monkeypatch.setattr(demo, "FOLDER", made)
    yield made
    os.environ.clear()
    os.environ.update(before)


def test_the_demo_twice_then_its_tables(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    today = dt.datetime.now(dt.UTC).date()
    monkeypatch.setenv("JOBMATCH_LANDING", "/somewhere/else")
    monkeypatch.setattr(demo, "DAYS", 2)
    folder.mkdir(parents=True)
    (folder / "landing").write_text("in the way")
    done = CliRunner().invoke(main, ["demo"])
    assert done.exit_code == 0, done.output
    assert f"funnel_daily, {today - dt.timedelta(6 + 2)}" not in done.output
    assert "2 partitions" in done.output
    path = done.output.strip().splitlines()[-1].removeprefix("Pages, to open in a browser: ")
    assert path == str(folder / "dashboards/index.html")
    assert Path(path).is_file()
    assert sorted(path.name for path in (folder / "landing/events").iterdir()) == [
        f"dt={today - dt.timedelta(2)}",
        f"dt={today - dt.timedelta(1)}",
    ]
    assert {path.name for path in folder.iterdir()} >= {"warehouse.duckdb", "gold.duckdb", "dagster"}
    assert list((folder / "dagster").glob("history/*"))
    shown = CliRunner().invoke(main, ["--demo", "show", "ab_results"])
    assert "aa_check" in shown.output, shown.output


def test_its_settings_are_its_own(folder: Path) -> None:
    (folder / "landing/events/dt=2026-03-04").mkdir(parents=True)
    (folder / "landing/events/dt=2026-03-03").mkdir()
    given = {
        "PATH": "/bin",
        "JOBMATCH_TARGET": "bigquery",
        "JOBMATCH_LANDING": "/mine",
        "DAGSTER_HOME": "/mine",
    }
    environment = demo.environment(given, folder)
    settings = Settings.from_environment(environment)
    assert environment["PATH"] == "/bin"
    assert settings.target == "duckdb"
    assert settings.partitions_start == dt.date(2026, 3, 3)
    for value in (
        settings.landing,
        settings.duckdb_path,
        settings.published_path,
        environment["DAGSTER_HOME"],
    ):
        assert folder in Path(value).parents


def test_dagster_of_the_demo_keeps_everything_there(folder: Path) -> None:
    demo.start_afresh(folder)
    given = yaml.safe_load((PROJECT_DIR / "dagster.yaml").read_text())
    made = yaml.safe_load((folder / "dagster/dagster.yaml").read_text())
    assert made["storage"]["sqlite"]["base_dir"] == str(folder / "dagster")
    assert made["compute_logs"]["config"]["base_dir"] == str(folder / "dagster/compute_logs")
    assert "data/dagster" not in str(made)
    assert made.keys() == given.keys()


def test_a_demo_of_the_version_before_has_dagster_of_this_one(folder: Path) -> None:
    demo.start_afresh(folder)
    configuration = folder / "dagster/dagster.yaml"
    made = configuration.read_text()
    configuration.write_text(made.replace("launchers.fork", "launcher_of_before"))
    demo.use(folder)
    assert configuration.read_text() == made


def test_a_link_is_removed_and_not_followed(folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "diary").touch()
    folder.parent.mkdir(parents=True)
    folder.symlink_to(mine)
    demo.start_afresh(folder)
    assert (mine / "diary").exists()
    assert not folder.is_symlink()


@pytest.mark.parametrize(
    ("made", "own_landing", "variables", "expected"),
    [
        (True, False, {}, "demo"),
        (False, False, {}, "own"),
        (True, True, {}, "own"),
        (True, False, {"JOBMATCH_LANDING": "/x"}, "own"),
        (True, False, {"DAGSTER_HOME": "/x"}, "demo"),
    ],
)
def test_which_data_dev_shows(
    folder: Path, tmp_path: Path, made: bool, own_landing: bool, variables: dict[str, str], expected: str
) -> None:
    if made:
        (folder / "landing/events/dt=2026-03-04").mkdir(parents=True)
    if own_landing:
        (tmp_path / "landing").mkdir()
    assert demo.what_to_show(variables, folder, tmp_path / "landing") == expected


def test_without_a_demo_there_is_none_to_show(folder: Path) -> None:
    done = CliRunner().invoke(main, ["--demo", "show", "funnel_daily"])
    assert done.exit_code == 2
    assert "`jobmatch demo` makes it" in done.output
    assert not folder.exists()


def test_dev_ends_on_sigterm_where_sigint_is_ignored_and_says_what_it_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    demo.start_afresh(folder)
    (folder / "landing/events/dt=2026-03-04").mkdir(parents=True)
    monkeypatch.setattr(demo, "OWN_LANDING", folder / "none")
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("JOBMATCH_")]:
        monkeypatch.delenv(name)
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, arguments: started.append(arguments))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = CliRunner().invoke(main, ["dev", "--port", "3999"])
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)
    assert done.exit_code == 0, done.output
    assert f"Showing the demo: files of {folder}/landing" in done.output
    ((*_, port, _, workspace, _, level),) = started
    assert (port, workspace, level) == ("3999", str(PROJECT_DIR / "workspace.yaml"), "warning")
    assert os.environ["JOBMATCH_UI_URL"] == "http://127.0.0.1:3999"


def test_clean_removes_the_demo_and_names_what_it_leaves(tmp_path: Path) -> None:
    for name in (
        "data/demo/landing/x",
        "data/landing/events/x",
        "data/warehouse.duckdb",
        "logs/x",
        ".ruff_cache/x",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    command = ["make", "--file", str(PROJECT_DIR / "Makefile"), "clean"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert {path.name for path in tmp_path.iterdir()} == {"data"}
    assert {path.name for path in (tmp_path / "data").iterdir()} == {"landing", "warehouse.duckdb"}
    assert "data/landing data/warehouse.duckdb" in said
