"""Every check of ab_results can fail: each finds the violation planted for it, no other minds it."""

import shutil
from collections.abc import Callable

import pytest

from jobmatch_assets.orchestration import dbt_checks
from jobmatch_assets.orchestration.dbt_project import DbtProject
from jobmatch_assets.orchestration.partitions import DateRange
from jobmatch_assets_tests.gold.platform import Built

TABLE = "job_matching_gold.ab_results"
OK = "status = 'ok' and p_value is not null"
VIOLATIONS = {
    "ab_results_grain_is_unique": f"insert into {TABLE} select * from {TABLE} limit 1",
    "ab_results_has_every_metric": f"delete from {TABLE} where metric = 'ctr' and experiment_id = 'exp_rank'",
    "ab_results_status_is_known": f"update {TABLE} set status = 'fine' where status = 'no_control'",
    "ab_results_publishes_no_invalid_winner": f"update {TABLE} set effect = 0.1 where status = 'invalid_srm'",
    "ab_results_p_values_in_0_1": f"update {TABLE} set srm_p_value = 1.5",
    "ab_results_intervals_hold_effect": f"update {TABLE} set ci_low = effect + 1 where {OK}",
    "ab_results_interval_comes_whole": f"update {TABLE} set seq_ci_high = null where {OK}",
    "ab_results_counts_not_negative": f"update {TABLE} set std_error = -1 where {OK}",
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
    checks = dbt_checks.tests_of_source(dbt.manifest, "source.jobmatch.statistics.ab_results")
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
