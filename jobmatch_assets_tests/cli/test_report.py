"""`jobmatch report` writes a report, prints where it is, and tells nobody else."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets_tests.reports.planted import full


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a published copy, named by the settings."""
    full(tmp_path / "gold.duckdb")
    monkeypatch.setenv("JOBMATCH_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    return tmp_path


def report(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments])


def test_the_last_complete_week_is_written_beside_the_copy(folder: Path) -> None:
    done = report()
    assert done.exit_code == 0, done.output
    path = folder / "reports" / "weekly-2026-W11.pdf"
    assert done.stdout.strip() == str(path)
    assert path.read_bytes().startswith(b"%PDF")


def test_another_week_and_another_place_may_be_named(folder: Path) -> None:
    place = folder / "elsewhere" / "mine.pdf"
    done = report("--week", "2026-W12", "--out", str(place))
    assert (done.exit_code, done.stdout.strip()) == (0, str(place))
    assert "2026-W12 is not final" in done.stderr
    assert not (folder / "reports").exists()


@pytest.mark.parametrize(
    ("week", "why"),
    [
        ("last", "'last' is no week. Write"),
        ("2026-W60", "2026 has the weeks 01 to 53"),
        ("2020-W10", "holds nothing of 2020-W10"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_week_that_cannot_be_is_one_paragraph_and_exit_code_1(week: str, why: str) -> None:
    done = report("--week", week)
    assert (done.exit_code, done.stdout) == (1, "")
    assert why in " ".join(done.stderr.split())
