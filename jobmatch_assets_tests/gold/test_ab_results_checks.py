"""Every dbt test of ab_results can fail: each finds the violation planted for it, no other minds it."""

import shutil
from collections.abc import Callable

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.steps import dbt_tests
from jobmatch_assets.pipeline.steps.dbt_runner import DbtError, DbtProject
from jobmatch_assets_tests.gold.platform import Built

TABLE = "job_matching_gold.ab_results"
VIOLATIONS = {
    "ab_results_reconcile_with_sums": f"update {TABLE} set units_treatment = 7 where variant = 'treatment'",
    "ab_results_has_every_metric": f"delete from {TABLE} where metric = 'ctr' and experiment_id = 'exp_rank'",
}
SPAN = DateRange.of_partition_keys(["2026-01-01", "2026-03-04"])


@pytest.fixture(scope="module")
def copied(golden: Built, new_platform: Callable[..., Built]) -> Built:
    copy = new_platform()
    golden.execute("checkpoint")
    shutil.copyfile(golden.path, copy.path)
    copy.execute(f"create table main.kept as select * from {TABLE}")
    return copy


@pytest.fixture(scope="module")
def dbt(copied: Built) -> DbtProject:
    return DbtProject(copied.settings)


def failed(dbt: DbtProject) -> set[str]:
    results = dbt.build(sorted(VIOLATIONS), SPAN.days)
    assert {result.status for result in results} <= {"pass", "fail"}
    assert {result.name for result in results} == VIOLATIONS.keys()
    return {result.name for result in results if not result.ok}


def test_what_was_built_passes_and_every_check_has_a_violation(dbt: DbtProject) -> None:
    checks = dbt_tests.tests_of_source(dbt.manifest, "source.jobmatch.statistics.ab_results")
    assert checks.keys() == VIOLATIONS.keys()
    assert failed(dbt) == set()


@pytest.mark.parametrize("check", VIOLATIONS)
def test_a_violation_fails_its_check_only(copied: Built, dbt: DbtProject, check: str) -> None:
    copied.execute(VIOLATIONS[check])
    try:
        assert failed(dbt) == {check}
    finally:
        copied.execute(f"delete from {TABLE}")
        copied.execute(f"insert into {TABLE} select * from main.kept")


def test_a_check_that_cannot_run_has_not_passed(copied: Built) -> None:
    copied.execute("alter table job_matching_gold.ab_cumulative_sums rename units to renamed")
    try:
        with pytest.raises(DbtError, match=r"2026-03-04 failed\. check ab_results_reconcile_with_sums"):
            DbtProject(copied.settings).build(["ab_results_reconcile_with_sums"], SPAN.days)
    finally:
        copied.execute("alter table job_matching_gold.ab_cumulative_sums rename renamed to units")
