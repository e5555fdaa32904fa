"""The golden set through Dagster, google's clients and dbt-bigquery, from a bucket into tables."""

from pathlib import Path

import duckdb

from jobmatch_assets_tests.bench.cloud_bench import CloudBench, cell_differences
from jobmatch_assets_tests.bench.golden import GOLDEN, golden_differences


def test_every_table_is_as_the_oracle_says(golden_cloud: CloudBench) -> None:
    assert golden_differences(GOLDEN / "expected", golden_cloud.warehouse) == ""


def test_every_cell_is_as_on_duckdb(golden_cloud: CloudBench, golden_duckdb: Path) -> None:
    assert cell_differences(golden_duckdb, golden_cloud.warehouse) == []


def test_bronze_holds_every_line_as_on_duckdb(golden_cloud: CloudBench, golden_duckdb: Path) -> None:
    lines = (
        "select _source_file, _source_sha256, _source_line, raw_line, raw_form, line_bytes, _source_dt "
        "from job_matching_bronze.events_raw order by all"
    )
    with duckdb.connect(str(golden_duckdb), read_only=True) as connection:
        assert golden_cloud.query(lines) == connection.execute(lines).fetchall()


def test_the_comparison_sees_a_changed_cell(
    golden_cloud: CloudBench, golden_duckdb: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(golden_duckdb.read_bytes())
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            "update job_matching_gold.funnel_daily set clicks = clicks + 1 where surface = '__all__'"
        )
    assert any("funnel_daily" in found for found in cell_differences(changed, golden_cloud.warehouse))


def test_a_second_run_changes_nothing(golden_cloud: CloudBench) -> None:
    before = golden_cloud.contents(), golden_cloud.bronze()
    report = golden_cloud.run()
    assert not report.dates
    golden_cloud.download()
    assert (golden_cloud.contents(), golden_cloud.bronze()) == before
    assert golden_cloud.waiting("silver", "gold", "experiments") == []
