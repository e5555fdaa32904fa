import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets_tests.bench.against_oracle import (
    differences,
    judged_by_oracle,
    judged_by_platform,
)
from jobmatch_assets_tests.bench.golden import GOLDEN, golden_differences, write_expected, write_golden
from jobmatch_assets_tests.bench.landings import write_faulty_landing
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.golden import oracle


def test_the_golden_set_gives_the_expected_tables(golden: Workbench) -> None:
    assert golden_differences(GOLDEN / "expected", golden.warehouse) == ""


def test_the_comparison_sees_a_changed_row(golden_copy: Workbench) -> None:
    golden_copy.query("update job_matching_silver.events set job_id = 'x' where event_date = '2026-03-01'")
    golden_copy.query(
        "update job_matching_gold.data_health_daily set late_1_day = 99 where date = '2026-03-01'"
    )
    found = golden_differences(GOLDEN / "expected", golden_copy.warehouse)
    assert re.findall(r"differs  (\S+)", found) == [
        "job_matching_silver.events",
        "job_matching_gold.data_health_daily",
    ]
    assert found.count("different cell") > 1


def test_every_column_of_the_golden_set_is_as_the_oracle_reads_it(golden: Workbench) -> None:
    expected = judged_by_oracle(GOLDEN / "landing")
    assert list(differences(expected, judged_by_platform(golden))) == []


@pytest.mark.parametrize("seed", [2])
def test_another_golden_set_gives_its_own_expected_tables(
    seed: int, tmp_path: Path, workbench: Callable[..., Workbench]
) -> None:
    made = write_golden(tmp_path / "made", seed, users=60)
    bench = workbench(made / "landing", JOBMATCH_EXPERIMENTS=str(made / "experiments.csv"))
    bench.run()
    assert golden_differences(made / "expected", bench.warehouse) == ""


@pytest.mark.parametrize("seed", [11, pytest.param(12, marks=pytest.mark.proof)])
def test_a_product_where_much_goes_wrong_gives_what_the_oracle_says(
    seed: int, tmp_path: Path, workbench: Callable[..., Workbench]
) -> None:
    made = write_faulty_landing(tmp_path / "made", seed)
    expected = write_expected(made / "landing", made / "experiments.csv", tmp_path / "expected")
    bench = workbench(made / "landing", JOBMATCH_EXPERIMENTS=str(made / "experiments.csv"))
    bench.run()
    assert golden_differences(expected, bench.warehouse) == ""
    assert list(differences(judged_by_oracle(made / "landing"), judged_by_platform(bench))) == []


@pytest.mark.proof
@pytest.mark.parametrize("days", ["0", "30"])
def test_the_dedup_window_decides_which_lines_are_one_event(
    days: str, workbench: Callable[..., Workbench], golden: Workbench
) -> None:
    bench = workbench(GOLDEN / "landing", JOBMATCH_DEDUP_WINDOW_DAYS=days)
    bench.run()
    rows = bench.query("select event_id, event_date from job_matching_silver.events order by all")
    silver = oracle.build(GOLDEN / "landing", dedup_window_days=int(days)).silver
    assert rows == sorted((row["event_id"], row["event_date"]) for row in silver)
    assert len(rows) != len(golden.query("select 1 from job_matching_silver.events"))
