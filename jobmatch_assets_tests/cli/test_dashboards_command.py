"""`jobmatch dashboards` makes the pages and says where the first is, or what is missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets_tests.bench.published import Copy


def test_it_prints_the_path_of_the_first_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Copy(tmp_path / "gold.duckdb").funnel(3).publication(3)
    monkeypatch.setenv("JOBMATCH_PUBLISHED_PATH", str(copy.path))
    monkeypatch.setenv("JOBMATCH_DASHBOARDS_PATH", str(tmp_path / "a folder"))
    done = CliRunner().invoke(main, ["dashboards"])
    assert done.exit_code == 0, done.output
    assert done.output.strip() == str(tmp_path / "a folder/index.html")
    assert Path(done.output.strip()).is_file()


def test_without_a_copy_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMATCH_PUBLISHED_PATH", str(tmp_path / "none.duckdb"))
    done = CliRunner().invoke(main, ["dashboards"])
    assert done.exit_code == 1
    assert "There is no published copy of gold" in done.output
    assert "`jobmatch run` makes it" in done.output
