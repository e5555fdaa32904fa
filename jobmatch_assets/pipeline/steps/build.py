"""The step that builds a layer of dbt models for some dates and looks at what it built."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobmatch_assets.checks.memory import held_back, settle
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.pipeline.data_checks import run_data_checks, warm_up
from jobmatch_assets.pipeline.held_back_check import check_held_back
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.settings_check import note_settings
from jobmatch_assets.pipeline.step_events import ROW_COUNT, StepEvent, TableBuilt
from jobmatch_assets.pipeline.steps.dbt_runner import NodeResult
from jobmatch_assets.pipeline.steps.dbt_tests import outcome_of


@dataclass(frozen=True)
class Layer:
    """Models that are built together.

    Attributes:
        step: Name of the step of their assets.
        select: dbt's selection of the models.
        name: The layer as which it fails its checks.
        queue: The part of the rebuild queue that a build takes its dates off; what waits for the
            experiments stays until variants are compared, too.
    """

    step: str
    select: str
    name: Literal["bronze", "silver", "gold", "experiments"]
    queue: Literal["silver", "gold"] | None = None


STAGING = Layer("stage_events", "jobmatch.staging", "bronze")
SILVER = Layer("build_silver", "jobmatch.silver", "silver", "silver")
GOLD = Layer("build_gold", "jobmatch.intermediate jobmatch.gold.daily", "gold", "gold")
CUMULATIVE = Layer("build_cumulative_sums", "jobmatch.gold.cumulative", "experiments")
LAYERS = (STAGING, SILVER, GOLD, CUMULATIVE)


@dataclass(frozen=True)
class Selection:
    """What of a layer is built and looked at.

    Attributes:
        models: {dbt's name: asset key}.
        tests: {dbt's name: asset check}.
        checks: Checks that are no dbt tests.
        is_complete: Whether these are all models of the layer.
    """

    models: Mapping[str, TableKey]
    tests: Mapping[str, CheckKey]
    checks: Collection[CheckKey]
    is_complete: bool


def build_layer(
    platform: Platform, layer: Layer, days: Collection[dt.date], selection: Selection
) -> Iterator[StepEvent]:
    """Replace these partitions of the layer's tables, and run the checks.

    What is built leaves the rebuild queue, whether it passes its checks or not: a failing check is remembered
    by itself.

    Raises:
        WarehouseError: The warehouse cannot be used.
        DbtError: A model cannot be built, or dbt does not start.
    """
    warm_up()
    warehouse = platform.warehouse()
    with warehouse.exclusive():
        warehouse.charge(layer.name, days)
        warehouse.prepare()
        waiting = platform.rebuild_queue().ready(layer.queue) if layer.queue else []
        list_dates = warehouse.list_dates(days) if layer is GOLD else set()
        reach = {date for date in list_dates if date >= platform.settings.partitions_start}
        if layer is STAGING and "stg_events" in selection.models:
            warehouse.keep_staged(days)
        results = _build_all(platform, {*selection.models, *selection.tests}, days, reach)
        if selection.is_complete:
            note_settings(platform, layer.name, days)
        yield from _tables(platform, results, selection.models, days)
        found = [
            outcome_of(selection.tests[result.name], result, platform, days)
            for result in results
            if result.name in selection.tests
        ]
        found += run_data_checks(platform, selection.checks, days)
        outcomes = settle(warehouse, layer.name, days, found)
        if layer.name == "bronze":
            # Those of the load's checks are among them.
            warehouse.queue_staged(set(days) - platform.rebuild_queue().blocked(layer.name))
        else:
            built = [entry for entry in waiting if entry.event_date in days and selection.is_complete]
            warehouse.finish_build(layer.name, built)
        yield from outcomes
        yield from check_held_back(platform, selection.checks)


def _build_all(
    platform: Platform, nodes: Collection[str], days: Collection[dt.date], list_dates: Collection[dt.date]
) -> list[NodeResult]:
    """Build models and run tests, all of them: what a failing check holds back are dates, not models.

    dbt leaves out what depends on a model with a failing test, so that is built after it.
    """
    results: list[NodeResult] = []
    while nodes:
        some = platform.dbt.build(sorted(nodes), days, list_dates)
        results += [result for result in some if result.status != "skipped"]
        nodes = {result.name for result in some if result.status == "skipped"}
    return results


def _tables(
    platform: Platform,
    results: Sequence[NodeResult],
    models: Mapping[str, TableKey],
    days: Collection[dt.date],
) -> Iterator[TableBuilt]:
    warehouse, partitions = platform.warehouse(), platform.partitions
    for result in results:
        if result.name in models and result.ok:
            key = models[result.name]
            rows = warehouse.rows_by_date(key.layer, result.name, min(days), max(days))
            yield TableBuilt(
                key,
                {day: {ROW_COUNT: rows.get(day, 0)} for day in sorted(days) if day in partitions},
                {"seconds (whole run)": round(result.seconds, 3), **result.cost},
            )


def held_back_message(outcomes: Collection[CheckOutcome], days: Collection[dt.date]) -> str | None:
    """Why nothing may be built from some of the days; None where nothing stands in the way."""
    held = held_back(outcomes, days)
    reasons = [
        outcome.description or outcome.key.name
        for outcome in outcomes
        if outcome.held_back.intersection(held)
    ]
    return " ".join(reasons) if held else None
