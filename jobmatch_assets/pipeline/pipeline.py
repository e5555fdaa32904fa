"""All layers in one go: load what has landed, then build exactly the dates that it touches.

What is to be done comes from the landing root and from the rebuild queue, so that a run which was killed is
made good by the next one, and late data needs nothing of its own.
"""

import datetime as dt
import logging
import time
from collections.abc import Collection, Iterator

from jobmatch_assets.checks.memory import held_back
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.bronze import EVENTS_RAW
from jobmatch_assets.dates import DateRange, days_around, shown, with_day_before
from jobmatch_assets.interruption import stop_where_asked
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.metrics.experiment_registry import RegistryError
from jobmatch_assets.pipeline.data_checks import data_checks_of
from jobmatch_assets.pipeline.early_dates import withdraw_early_rows
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS, check_held_back
from jobmatch_assets.pipeline.landing_checks import landing_outcomes, look
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import (
    CUMULATIVE,
    GOLD,
    SILVER,
    STAGING,
    Layer,
    Selection,
    build_layer,
    held_back_message,
)
from jobmatch_assets.pipeline.steps.compare_variants import AB_RESULTS, compare_variants, experiment_plan
from jobmatch_assets.pipeline.steps.dbt_tests import checks_of_models, table_of
from jobmatch_assets.pipeline.steps.load import load_files
from jobmatch_assets.pipeline.work import Landed, find_work

_log = logging.getLogger(__name__)


class Pipeline:
    """Runs the layers one after the other.

    Attributes:
        problems: After a run: why nothing may be built from some dates that were built, a paragraph a layer.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.problems: list[str] = []

    def run(
        self,
        forced: DateRange | None = None,
        other_files: bool = True,
        again: Collection[dt.date] = (),
    ) -> Iterator[StepEvent]:
        """Load new files and build every date that they touch.

        Args:
            forced: Load the files of these days, and build these dates, changed or not.
            other_files: Load new files of other days, too.
            again: Dates of silver to build and look at, changed or not.

        Yields:
            Every table and every check, as they are done.

        Raises:
            LandingError: The landing root cannot be read.
            WarehouseError: The warehouse cannot be used.
            DbtError: A model cannot be built.
            RegistryError: The experiment registry is not as it should be.
        """
        # One turn for all layers: to take it again opens the file again, which takes as long as small work.
        with self.platform.warehouse().exclusive():
            yield from self._run(forced, other_files, set(again))

    def _run(self, forced: DateRange | None, other_files: bool, again: set[dt.date]) -> Iterator[StepEvent]:
        warehouse = self.platform.warehouse()
        landed = look(self.platform)
        yield from landing_outcomes(landed, self.platform.settings.landing)
        if isinstance(landed, LandingError):
            raise landed
        warehouse.prepare()
        admit_landing_root(self.platform)
        withdraw_early_rows(self.platform)
        if days := self._days_to_load(landed, forced, other_files):
            yield from self._step("bronze", days, self._load_and_stage(days))
        again |= self._dates_with_rows(forced)
        touched = {entry.event_date for entry in self.platform.rebuild_queue().ready("silver")}
        if dates := touched | again:
            yield from self._step("silver", dates, self._build(SILVER, dates))
        if dates := self._dates_of_gold(again):
            yield from self._step("gold", dates, self._build(GOLD, dates))
        try:
            yield from self._experiments(set(forced.days) if forced else set())
        except RegistryError:
            # The daily tables do not depend on the registry, and readers wait for them.
            warehouse.publish()
            raise
        yield from check_held_back(self.platform, HELD_BACK_CHECKS)
        warehouse.publish()

    def _experiments(self, forced: set[dt.date]) -> Iterator[StepEvent]:
        """A change counts on all later dates of an experiment, and so does a date that must not be used."""
        plan, warehouse = experiment_plan(self.platform, forced), self.platform.warehouse()
        if dates := plan.dates_now:
            yield from self._step("experiments", dates, self._compare(dates))
            return
        if plan:
            plan.finish(warehouse, ())
        if warehouse.has_table("silver", "ab_units_daily") and not warehouse.has_table("gold", AB_RESULTS):
            # Readers find the tables, and no rows, where there is no experiment; no date of them was built.
            made = self._compare({self.platform.partitions.first})
            yield from (event for event in made if isinstance(event, CheckOutcome))

    def _step(self, name: str, days: Collection[dt.date], events: Iterator[StepEvent]) -> Iterator[StepEvent]:
        """Run a layer to its end, and note what it holds back."""
        _log.info("%s: %s", name, shown(days))
        started = time.monotonic()
        outcomes = []
        for event in events:
            yield event
            stop_where_asked()
            if isinstance(event, CheckOutcome):
                outcomes.append(event)
        _log.info("%s: done in %.1f s", name, time.monotonic() - started)
        if problem := held_back_message(outcomes, days):
            self.problems.append(problem)

    def _days_to_load(self, landed: Landed, forced: DateRange | None, other_files: bool) -> set[dt.date]:
        days = self._forced_files(landed, forced) if forced else set()
        return days | find_work(landed, self.platform).days if other_files else days

    def _forced_files(self, landed: Landed, forced: DateRange) -> set[dt.date]:
        """Days of files that are here, or are in bronze and gone from here by now."""
        forced = with_day_before(forced, self.platform.partitions)
        in_bronze = self.platform.warehouse().rows_by_date("bronze", EVENTS_RAW, forced.first, forced.last)
        return in_bronze.keys() | {day for _, day in landed.files if day in forced}

    def _load_and_stage(self, days: set[dt.date]) -> Iterator[StepEvent]:
        sound = set(days)
        for event in load_files(self.platform, days):
            if isinstance(event, CheckOutcome):
                sound -= event.held_back
            yield event
        if sound:
            yield from self._build(STAGING, sound)

    def _dates_with_rows(self, forced: DateRange | None) -> set[dt.date]:
        """Those of the forced dates that have lines, or rows that must go; the others hold nothing."""
        return self.platform.warehouse().dates_with_rows(forced.first, forced.last) if forced else set()

    def _dates_of_gold(self, forced: set[dt.date]) -> set[dt.date]:
        queue = self.platform.rebuild_queue()
        dates, blocked = {entry.event_date for entry in queue.ready("gold")}, queue.blocked("silver")
        return dates | {date for date in forced if blocked.isdisjoint(days_around(date, 0, 1))}

    def _compare(self, dates: set[dt.date]) -> Iterator[StepEvent]:
        sound = True
        for event in self._build(CUMULATIVE, dates):
            sound = sound and not (isinstance(event, CheckOutcome) and held_back([event], dates))
            yield event
        if sound:
            yield from compare_variants(self.platform, dates)

    def _build(self, layer: Layer, dates: set[dt.date]) -> Iterator[StepEvent]:
        return build_layer(self.platform, layer, dates, _whole(self.platform, layer))


def _whole(platform: Platform, layer: Layer) -> Selection:
    """All models of a layer and all their tests."""
    folders = {selected.removeprefix("jobmatch.") for selected in layer.select.split()}
    models = {
        node["name"]: table_of(node)
        for node in platform.dbt.manifest["nodes"].values()
        if node["resource_type"] == "model" and ".".join(node["fqn"][1:-1]) in folders
    }
    keys = set(models.values())
    tests = checks_of_models(platform.dbt.manifest)
    return Selection(
        models=models,
        tests={name: key for name, key in tests.items() if key.table in keys},
        # What is held back is known when all layers are done.
        checks=[key for key in data_checks_of(platform, keys) if key not in HELD_BACK_CHECKS],
        is_complete=True,
    )
