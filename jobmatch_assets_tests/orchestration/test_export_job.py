"""The job `export_table`: files as the command writes them, beside builds, with failures that say what to do."""

import csv
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.orchestration.step_failure import explanation
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets_tests.bench.holding import held
from jobmatch_assets_tests.bench.workbench import Workbench


def run_job(bench: Workbench, **config: Any) -> dg.ExecuteInProcessResult:
    job = bench.definitions().resolve_job_def("export_table")
    return job.execute_in_process(
        {"ops": {"export": {"config": config}}}, instance=bench.instance, raise_on_error=False
    )


def metadata_of(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    (output,) = [event for event in result.all_events if event.is_successful_output]
    return {name: value.value for name, value in output.step_output_data.metadata.items()}


def failure_of(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    return explanation(failure)


def test_it_writes_the_file_and_says_where(golden: Workbench, tmp_path: Path) -> None:
    result = run_job(
        golden,
        table="funnel_daily",
        first="2026-03-01",
        last="2026-03-02",
        all_groups=True,
        where=["platform=web"],
        columns=["event_date", "searches"],
        out=str(tmp_path),
    )
    assert result.success
    found = metadata_of(result)
    path = tmp_path / "funnel_daily_2026-03-01_2026-03-02_all_groups.csv"
    assert found["path"] == str(path)
    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["event_date", "searches"]
    assert len(rows) == found["rows"] > 2


def test_a_relative_place_lies_in_the_folder_of_exports(golden: Workbench) -> None:
    exports = golden.folder / "exports"
    exports.mkdir(exist_ok=True)
    found = metadata_of(run_job(golden, table="ab_results", out="mine.xlsx", force=True))
    assert found["path"] == str(exports / "mine.xlsx")
    assert (exports / "mine.xlsx").exists()


def test_it_needs_no_turn_at_the_warehouse(golden: Workbench, tmp_path: Path) -> None:
    job = golden.definitions().resolve_job_def("export_table")
    assert {op.pool for op in job.all_node_defs if isinstance(op, dg.OpDefinition)} == {None}
    with turn(golden.warehouse), held(golden.warehouse):
        assert run_job(golden, table="funnel_daily", format="parquet", out=str(tmp_path)).success
    assert (tmp_path / "funnel_daily.parquet").exists()


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"table": "funel_daily"}, "no table funel_daily. Is funnel_daily meant?"),
        ({"table": "funnel_daily", "format": "xls"}, "no format xls. Is xlsx meant?"),
        ({"table": "funnel_daily", "first": "yesterday"}, "'yesterday' to None: write YYYY-MM-DD"),
        ({"table": "funnel_daily", "last": "2026-03-01"}, "`last` without `first`"),
        ({"table": "funnel_daily", "first": "2026-03-02", "last": "2026-03-01"}, "lies before first: 2026-03-02"),
        ({"table": "funnel_daily", "where": ["x"]}, "`where` is not understood: x is not column=value"),
        ({"table": "funnel_daily", "columns": ["click"]}, "no column click. Is clicks meant?"),
        ({"table": "funnel_daily", "out": "/nowhere/a.csv"}, "There is no folder /nowhere for a.csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_fails_with_the_reason(
    golden: Workbench, config: dict[str, Any], message: str
) -> None:
    assert message in failure_of(run_job(golden, **config))


def test_a_file_that_is_there_stays(golden: Workbench, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    failed = failure_of(run_job(golden, table="funnel_daily", out=str(tmp_path / "mine.csv")))
    assert "is there already, and stays as it is" in failed
    assert "`force: true`" in failed
    assert (tmp_path / "mine.csv").read_text() == "mine"
