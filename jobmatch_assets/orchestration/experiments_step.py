"""The step that compares the variants of experiments: statistics in Python on sums of the warehouse."""

import datetime as dt
from collections.abc import Collection, Iterator

import dagster as dg

from jobmatch_assets.metrics.experiment_registry import read_registry
from jobmatch_assets.orchestration.check_memory import settle
from jobmatch_assets.orchestration.data_checks import data_checks_of, run_data_checks
from jobmatch_assets.orchestration.dbt_checks import outcome_of, tests_of_source
from jobmatch_assets.orchestration.held_back_check import check_held_back
from jobmatch_assets.orchestration.partitions import ONE_DAY
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.rebuild_queue import RebuildQueue
from jobmatch_assets.orchestration.table_built import StepEvent, TableBuilt

AB_RESULTS = "ab_results"
AB_RESULTS_KEY = dg.AssetKey(["gold", AB_RESULTS])
SUMS_KEY = dg.AssetKey(["gold", "ab_cumulative_sums"])
AB_RESULTS_SOURCE = "source.jobmatch.statistics.ab_results"


def compare_variants(platform: Platform, days: Collection[dt.date]) -> Iterator[StepEvent]:
    """Replace ab_results from the first to the last of these dates, and run its checks.

    Raises:
        RegistryError: The experiment registry is not as it should be.
        WarehouseError: The warehouse cannot be used.
        DbtError: dbt does not start, or cannot run a test.
    """
    from jobmatch_assets.metrics.ab_results import compute_ab_results

    first, last = min(days), max(days)
    registry = read_registry(platform.settings.experiments)
    warehouse = platform.warehouse()
    with warehouse.exclusive():
        warehouse.charge(AB_RESULTS, days)
        warehouse.prepare()
        queue = RebuildQueue(warehouse)
        waiting, unsound = queue.ready("experiments"), queue.first_unsound_date
        last_event_date = warehouse.last_event_date()
        sums = warehouse.rows("gold", SUMS_KEY.path[-1], first, last)
        warehouse.replace_rows(
            "gold", AB_RESULTS, first, last, compute_ab_results(sums.to_pandas(), registry)
        )
        rows = warehouse.rows_by_date("gold", AB_RESULTS, first, last)
        yield TableBuilt(
            AB_RESULTS_KEY,
            {day: {"dagster/partition_row_count": rows.get(day, 0)} for day in sorted(days)},
            warehouse.charged(),
        )
        tests = tests_of_source(platform.dbt.manifest, AB_RESULTS_SOURCE)
        outcomes = [
            outcome_of(dg.AssetCheckKey(AB_RESULTS_KEY, result.name), result, platform, days)
            for result in platform.dbt.build(sorted(tests), days)
        ]
        checks = data_checks_of(platform, [AB_RESULTS_KEY])
        outcomes += run_data_checks(platform, checks, days)
        outcomes = settle(warehouse, "experiments", days, outcomes)
        # What was asked for runs from its first date to the end, or to where the next entry goes on.
        if last_event_date is None or last_event_date <= last or unsound == last + ONE_DAY:
            warehouse.finish_build("experiments", [entry for entry in waiting if entry.event_date >= first])
        yield from outcomes
        yield from check_held_back(warehouse, checks)
