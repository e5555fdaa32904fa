"""The golden sets of subjects come out as expected, at once and in any order."""

import random
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from jobmatch_assets_tests.bench.golden_subjects import (
    EXPECTED,
    EXPECTED_OF_ENTITIES,
    LANDING,
    land_files,
    subject_differences,
)
from jobmatch_assets_tests.bench.workbench import Workbench


def test_every_table_is_as_expected(golden_subjects: Workbench) -> None:
    assert subject_differences(golden_subjects.warehouse, EXPECTED) == {}


def test_every_table_of_the_golden_set_of_entities_is_as_expected(golden_entities: Workbench) -> None:
    assert subject_differences(golden_entities.warehouse, EXPECTED_OF_ENTITIES) == {}


@pytest.mark.rebuilds
def test_files_in_another_order_give_the_same(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    bench = Workbench(tmp_path, instance)
    files = sorted(path for path in LANDING.rglob("*") if path.is_file())
    random.Random(5).shuffle(files)
    for part in range(3):
        land_files(bench, files[part::3])
        bench.run()
    assert subject_differences(bench.warehouse, EXPECTED) == {}


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("time_to_fill", "filled_share_30 = filled_share_30 * (1 + 1e-8) where category = '__all__'"),
        ("campaign_daily", "spend = spend + 0.000001"),
        ("user_mart", "top_category = null"),
    ],
)
def test_the_comparison_sees_a_changed_cell(
    golden_subjects: Workbench, tmp_path: Path, table: str, change: str
) -> None:
    changed = shutil.copyfile(golden_subjects.warehouse, tmp_path / "changed.duckdb")
    with duckdb.connect(str(changed)) as connection:
        connection.execute(f"update job_matching_gold.{table} set {change}")
    assert list(subject_differences(changed, EXPECTED)) == [table]
