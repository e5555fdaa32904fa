"""The step that compares the variants of experiments: statistics in Python on sums of the warehouse."""

import datetime as dt
from collections.abc import Collection, Iterator

from jobmatch_assets.checks.memory import settle
from jobmatch_assets.checks.registered_variants import check_variants_are_registered
from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS, AB_RESULTS
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.dates import ranges_of
from jobmatch_assets.metrics.experiment_registry import read_registry
from jobmatch_assets.pipeline.data_checks import data_checks_of, run_data_checks
from jobmatch_assets.pipeline.experiment_plan import ExperimentPlan, plan_experiments
from jobmatch_assets.pipeline.held_back_check import check_held_back
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import EXPERIMENTS
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import table_built
from jobmatch_assets.pipeline.steps.dbt_tests import outcome_of, tests_of_source


def experiment_plan(session: Session, forced: Collection[dt.date] = ()) -> ExperimentPlan:
    """What of A/B results is to be built: see `plan_experiments`.

    Raises:
        RegistryError: The experiment registry is not as it should be.
        WarehouseError: The warehouse cannot be used.
    """
    return plan_experiments(session, read_registry(session.settings.experiments), forced)


def compare_variants(session: Session, days: Collection[dt.date]) -> Iterator[StepEvent]:
    """Replace these dates of ab_results, and run its checks.

    Raises:
        RegistryError: The experiment registry is not as it should be.
        WarehouseError: The warehouse cannot be used.
        DbtError: dbt does not start, or cannot run a test.
    """
    from jobmatch_assets.metrics.ab_results import compute_ab_results

    registry = read_registry(session.settings.experiments)
    warehouse, table = session.warehouse, session.plan.named(AB_RESULTS.table)
    warehouse.charge(table.name, days)
    session.prepare()
    plan = experiment_plan(session)
    all_sums = []
    for dates in ranges_of(days):
        sums = warehouse.rows(AB_CUMULATIVE_SUMS, dates.first, dates.last)
        all_sums.append(sums)
        results = compute_ab_results(sums.to_pandas(), registry)
        warehouse.replace_rows(AB_RESULTS, dates.first, dates.last, results)
    yield table_built(session, table, days, warehouse.charged())
    tests = tests_of_source(session.dbt.manifest, table.unique_id)
    outcomes = [
        outcome_of(CheckKey(table.key, result.name), result, session, days)
        for result in session.dbt.build(sorted(tests), days)
    ]
    outcomes.append(check_variants_are_registered(all_sums, registry))
    checks = data_checks_of(session.platform, [table.key])
    outcomes += run_data_checks(session, checks, days)
    outcomes = settle(session.findings, EXPERIMENTS.name, days, outcomes)
    plan.finish(session, days)
    yield from outcomes
    yield from check_held_back(session, checks)
