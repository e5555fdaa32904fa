"""Every dbt test of ab_results can fail: each finds the violation planted for it, no other minds it."""

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.steps import dbt_tests
from jobmatch_assets.pipeline.steps.dbt_runner import DbtError, DbtProject
from jobmatch_assets_tests.bench.workbench import Workbench

TABLE = "job_matching_gold.ab_results"
VIOLATIONS = {
    "ab_results_reconcile_with_sums": "update {t} set units_treatment = 7 where variant = 'treatment'",
    "ab_results_has_every_metric": "delete from {t} where metric = 'ctr' and experiment_id = 'exp_rank'",
}
SPAN = DateRange.of_partition_keys(["2026-01-01", "2026-03-04"])


@pytest.fixture(scope="module")
def dbt(warehouse: Workbench) -> DbtProject:
    return warehouse.platform.dbt


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
def test_a_violation_fails_its_check_only(warehouse: Workbench, dbt: DbtProject, check: str) -> None:
    with warehouse.planted(TABLE, VIOLATIONS[check]):
        assert failed(dbt) == {check}


def test_a_check_that_cannot_run_has_not_passed(warehouse: Workbench, dbt: DbtProject) -> None:
    with (
        warehouse.planted("job_matching_gold.ab_cumulative_sums", "alter table {t} rename units to renamed"),
        pytest.raises(DbtError, match=r"2026-03-04 failed\. check ab_results_reconcile_with_sums"),
    ):
        dbt.build(["ab_results_reconcile_with_sums"], SPAN.days)
