"""The step that compares the variants of experiments: statistics in Python on sums of the warehouse."""

import datetime as dt
from collections.abc import Collection, Iterator

from jobmatch_assets.checks.memory import settle
from jobmatch_assets.checks.registered_variants import check_variants_are_registered
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.dates import ranges_of
from jobmatch_assets.metrics.experiment_registry import read_registry
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks
from jobmatch_assets.pipeline.experiment_plan import ExperimentPlan, plan_experiments
from jobmatch_assets.pipeline.held_back_check import check_held_back
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.step_events import ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.dbt_tests import outcome_of, tests_of_source

AB_RESULTS = "ab_results"
AB_RESULTS_KEY = TableKey("gold", AB_RESULTS)
SUMS_KEY = TableKey("gold", "ab_cumulative_sums")
AB_RESULTS_SOURCE = "source.jobmatch.statistics.ab_results"


def experiment_plan(platform: Platform, forced: Collection[dt.date] = ()) -> ExperimentPlan:
    """What of A/B results is to be built: see `plan_experiments`.

    Raises:
        RegistryError: The experiment registry is not as it should be.
        WarehouseError: The warehouse cannot be used.
    """
    registry = read_registry(platform.settings.experiments)
    return plan_experiments(
        platform.warehouse(), platform.partitions, platform.rebuild_queue(), registry, forced
    )


def compare_variants(platform: Platform, days: Collection[dt.date]) -> Iterator[StepEvent]:
    """Replace these dates of ab_results, and run its checks.

    Raises:
        RegistryError: The experiment registry is not as it should be.
        WarehouseError: The warehouse cannot be used.
        DbtError: dbt does not start, or cannot run a test.
    """
    from jobmatch_assets.metrics.ab_results import compute_ab_results

    registry = read_registry(platform.settings.experiments)
    warehouse, partitions = platform.warehouse(), platform.partitions
    with warehouse.exclusive():
        warehouse.charge(AB_RESULTS, days)
        warehouse.prepare()
        plan = experiment_plan(platform)
        all_sums = []
        for dates in ranges_of(days):
            sums = warehouse.rows("gold", SUMS_KEY.name, dates.first, dates.last)
            all_sums.append(sums)
            results = compute_ab_results(sums.to_pandas(), registry)
            warehouse.replace_rows("gold", AB_RESULTS, dates.first, dates.last, results)
        rows = warehouse.rows_by_date("gold", AB_RESULTS, min(days), max(days))
        yield TableBuilt(
            AB_RESULTS_KEY,
            {day: {ROW_COUNT: rows.get(day, 0)} for day in sorted(days) if day in partitions},
            warehouse.charged(),
        )
        tests = tests_of_source(platform.dbt.manifest, AB_RESULTS_SOURCE)
        outcomes = [
            outcome_of(CheckKey(AB_RESULTS_KEY, result.name), result, platform, days)
            for result in platform.dbt.build(sorted(tests), days)
        ]
        outcomes.append(check_variants_are_registered(all_sums, registry))
        checks = data_checks_of(platform, [AB_RESULTS_KEY])
        outcomes += run_data_checks(platform, checks, days)
        outcomes = settle(warehouse, "experiments", days, outcomes)
        plan.finish(warehouse, days)
        yield from outcomes
        yield from check_held_back(platform, checks)
