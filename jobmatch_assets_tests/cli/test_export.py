"""`jobmatch export`: what it prints, and what it refuses."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets_tests.bench.command import environment_of, error_of, run
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture
def export(golden: Workbench, tmp_path: Path) -> Iterator[Callable[..., Result]]:
    def invoke(*arguments: str, bench: Workbench = golden) -> Result:
        environment = environment_of(bench, tmp_path / "home")
        return CliRunner().invoke(main, ["export", *arguments], env=environment)

    return invoke


def test_it_prints_the_path_and_says_the_rest_where_errors_go(
    export: Callable[..., Result], tmp_path: Path
) -> None:
    result = export("funnel_daily", "--from", "2026-03-01", "--to", "2026-03-02", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    path = tmp_path / "funnel_daily_2026-03-01_2026-03-02.csv"
    assert result.stdout == f"{path}\n"
    assert len(list(csv.DictReader(io.StringIO(path.read_text(), newline="")))) == 2
    assert "2 rows of funnel_daily." in result.stderr
    assert "Totals over platform, device_type, surface (__all__)" in result.stderr


def test_a_workbook_by_its_name(export: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    assert export("ab_results", "--out", str(path)).exit_code == 0
    assert openpyxl.load_workbook(path).sheetnames == ["Data", "About"]


def test_standard_output_has_the_csv_alone(export: Callable[..., Result], golden: Workbench) -> None:
    result = export("search_quality_daily", "--all-groups", "--out", "-", "--columns", "event_date,searches")
    rows = list(csv.reader(io.StringIO(result.stdout_bytes.decode(), newline="")))
    ((count,),) = golden.query("select count(*) from job_matching_gold.search_quality_daily")
    assert rows[0] == ["event_date", "searches"]
    assert len(rows) == count + 1
    assert f"{count} rows of search_quality_daily." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("funel_daily",), 2, "no table funel_daily. Is funnel_daily meant?"),
        (("funnel_daily", "--columns", "click"), 2, "no column click. Is clicks meant?"),
        (("funnel_daily", "--format", "xls"), 2, "no format xls. Is xlsx meant? There are: csv, parquet, xlsx."),
        (("funnel_daily", "--format", "xlsx", "--out", "-"), 2, "--out - writes CSV"),
        (("funnel_daily", "--format", "csv", "--out", "a.xlsx"), 2, "a.xlsx is called xlsx and would hold csv"),
        (("funnel_daily", "--from", "yesterday"), 2, "yesterday is not a date (YYYY-MM-DD)"),
        (("funnel_daily", "--to", "2026-03-01"), 2, "--to needs --from"),
        (("funnel_daily", "--from", "2026-03-02", "--to", "2026-03-01"), 2, "lies before --from"),
        (("funnel_daily", "--out", "nowhere/a.csv"), 1, "There is no folder nowhere for a.csv"),
        (("funnel_daily", "--where", "x"), 2, "x is not column=value"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(
    export: Callable[..., Result], arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = export(*arguments)
    assert result.exit_code == code, result.output
    assert message in " ".join(result.output.split())
    assert result.stdout == ""


def test_a_second_export_does_not_replace_the_first(export: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    assert export("ab_results", "--out", str(path)).exit_code == 0
    path.write_text("edited")
    refused = export("ab_results", "--out", str(path))
    assert refused.exit_code == 1
    assert "mine.csv is there already, and stays as it is" in refused.stderr
    assert path.read_text() == "edited"
    assert export("ab_results", "--out", str(path), "--force").exit_code == 0
    assert path.read_text().startswith("as_of_date,")


def test_without_a_published_copy_it_says_what_makes_one(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    result = run(workbench(), tmp_path / "home", "export", "funnel_daily")
    assert "There is no published copy" in error_of(result, 1)
    assert "`jobmatch run` makes it" in error_of(result, 1)
