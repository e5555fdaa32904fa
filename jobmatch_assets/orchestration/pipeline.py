"""The main job: load what has landed and build what it touches, layer by layer, in this process.

Each layer is one Dagster run per range of days, so that everything shows in the Dagster UI. What is to be
built comes from the rebuild queue in the warehouse; a run that was killed leaves its dates there.
"""

import datetime as dt
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import dagster as dg

from jobmatch_assets.landing.root import LandedFile, LandingError
from jobmatch_assets.orchestration.dbt_assets import CUMULATIVE, GOLD, SILVER, STAGING
from jobmatch_assets.orchestration.partitions import ONE_DAY, DateRange, daily_partitions, ranges_of
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import QueuedLayer, Warehouse

STEPS = {
    "bronze": ("load_events_raw", STAGING.step),
    "silver": (SILVER.step,),
    "gold": (GOLD.step,),
    "experiments": (CUMULATIVE.step, "compare_variants"),
}
"""What is built one after the other: {step of the pipeline: Dagster steps of its runs}."""

MOST_RANGES = 8
"""More separate ranges than this are built together with the days between the nearest of them."""


@dataclass
class LayerRun:
    """One Dagster run: which step it was, of which days, how long it took, and what went wrong."""

    layer: str
    days: DateRange
    seconds: float
    problems: list[str] = field(default_factory=list)
    succeeded: bool = True


@dataclass
class PipelineReport:
    """What a run of the pipeline did.

    Attributes:
        files: Finished NDJSON files that the landing root holds.
        undated: Those whose name holds no valid date; they are left where they are.
        outside: Those written for a day before the first partition; they are left where they are.
        runs: The Dagster runs, in order.
    """

    files: int = 0
    undated: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    runs: list[LayerRun] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that went wrong, a paragraph each."""
        return [problem for run in self.runs for problem in run.problems]

    def built(self, layer: str) -> list[dt.date]:
        """The days that a layer was built for."""
        days = {day for run in self.runs if run.layer == layer and run.succeeded for day in run.days.days}
        return sorted(days)


OnRun = Callable[[str, DateRange], None]


class Pipeline:
    """Runs the layers one after the other."""

    def __init__(
        self,
        settings: Settings,
        build_definitions: Callable[[Settings], dg.Definitions],
        instance: dg.DagsterInstance,
        on_run: OnRun,
    ) -> None:
        self._instance = instance
        self._on_run = on_run
        self._report = PipelineReport()
        platform = Platform.of(settings)
        self._landed = list(platform.landing().files())
        self._settings = _with_partitions_for(self._landed, settings)
        self.warehouse: Warehouse = platform.warehouse()
        self.warehouse.prepare()
        self._build_definitions = build_definitions

    @cached_property
    def _definitions(self) -> dg.Definitions:
        """Built when the first layer runs: a run that finds nothing to do does without."""
        return self._build_definitions(self._settings)

    def run(self, forced: DateRange | None = None) -> PipelineReport:
        """Load new files and build every date that they touch.

        Args:
            forced: Load only files of these days, and build these dates whether they changed or not.

        Raises:
            LandingError: There is nothing to load from.
            WarehouseError: The warehouse cannot be used.
        """
        if forced:
            self._check_partitions(forced)
        days = self._days_to_load(forced)
        for days_range in ranges_of(days, MOST_RANGES):
            self._run("bronze", days_range)
        queues: tuple[QueuedLayer, ...] = ("silver", "gold", "experiments")
        for step in queues:
            if not all(run.succeeded for run in self._report.runs):
                break
            for dates_range in ranges_of(self._dates_to_build(step, forced), MOST_RANGES):
                self._run(step, dates_range)
        return self._report

    def _dates_to_build(self, queue: QueuedLayer, forced: DateRange | None) -> set[dt.date]:
        dates = {entry.event_date for entry in self.warehouse.queued(queue)}
        if forced:
            dates |= set(forced.days)
        last = self.warehouse.last_event_date()
        if queue != "experiments" or not dates:
            return dates
        # Cumulative: a change counts on all later dates.
        return set(DateRange(min(dates), max(last, *dates) if last else max(dates)).days)

    def run_selected(self, selection: str, dates: DateRange) -> PipelineReport:
        """Materialize selected assets for a range of dates, and nothing else.

        Args:
            selection: Dagster's asset selection syntax, e.g. `group:gold` or `key:"gold/funnel_daily"`.
            dates: The partitions to build.

        Raises:
            LandingError: The selection is not understood or matches nothing.
        """
        self._check_partitions(dates)
        try:
            selected = dg.AssetSelection.from_string(selection).resolve(
                self._definitions.resolve_asset_graph()
            )
        except Exception as error:
            raise LandingError(
                f"--select {selection} is not understood: {str(error).rstrip('.')}. "
                'Write for example group:gold or key:"gold/funnel_daily".'
            ) from None
        for step in STEPS:
            wanted = [key for key in self._keys(step) if key in selected]
            if wanted and all(run.succeeded for run in self._report.runs):
                self._run(step, dates, wanted)
        if not self._report.runs:
            raise LandingError(f"--select {selection} matches no asset that a run materializes.")
        return self._report

    def _check_partitions(self, dates: DateRange) -> None:
        partitions = daily_partitions(self._settings)
        first, last = partitions.get_first_partition_key(), partitions.get_last_partition_key()
        if not (first and last) or not first <= str(dates.first) <= str(dates.last) <= last:
            raise LandingError(
                f"{dates} is not within the partitions, {first} to {last}. JOBMATCH_PARTITIONS_START and "
                "JOBMATCH_PARTITIONS_END move their ends."
            )

    def _days_to_load(self, forced: DateRange | None) -> set[dt.date]:
        """Days with files that are new or not staged yet, or that are forced."""
        report = self._report
        report.files = len(self._landed)
        if not self._landed:
            raise LandingError(
                f"{self._settings.landing}/events holds no finished NDJSON file. Files are looked for as "
                "dt=YYYY-MM-DD/<name>.ndjson[.gz] or DDMMYYYY_<name>.ndjson[.gz]; names that start with . "
                "or _ or end with .tmp or .part are unfinished. `jobmatch generate` makes some."
            )
        report.undated = sorted(file.source_file for file in self._landed if file.dt is None)
        dated = [(file, file.dt) for file in self._landed if file.dt is not None]
        report.outside = sorted(
            file.source_file for file, day in dated if day < self._settings.partitions_start
        )
        days = {day for _, day in dated if day >= self._settings.partitions_start}
        known = {(record.source_file, record.fingerprint) for record in self.warehouse.known_files(days)}
        wanted = {day for file, day in dated if (file.source_file, file.fingerprint) not in known}
        wanted |= set(self.warehouse.unstaged_days())
        if forced:
            return {day for day in days if day in forced} | {day for day in wanted if day in forced}
        return wanted & days | set(self.warehouse.unstaged_days())

    def _keys(self, step: str) -> list[dg.AssetKey]:
        """What a step of the pipeline materializes."""
        return [
            key
            for assets in self._definitions.assets or []
            if isinstance(assets, dg.AssetsDefinition) and assets.op.name in STEPS[step]
            for key in assets.keys
        ]

    def _run(self, step: str, days: DateRange, keys: Sequence[dg.AssetKey] | None = None) -> None:
        self._on_run(step, days)
        started = time.monotonic()
        job = self._definitions.resolve_implicit_global_asset_job_def().get_subset(
            asset_selection=set(keys or self._keys(step))
        )
        result = job.execute_in_process(
            instance=self._instance,
            raise_on_error=False,
            tags={
                "dagster/asset_partition_range_start": str(days.first),
                "dagster/asset_partition_range_end": str(days.last),
            },
        )
        problems = [
            check.description or f"Check {check.check_name} of {check.asset_key.to_user_string()} failed."
            for check in result.get_asset_check_evaluations()
            if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR
        ]
        problems += [_reason(event) for event in result.all_events if event.is_step_failure]
        self._report.runs.append(LayerRun(step, days, time.monotonic() - started, problems, result.success))


def _with_partitions_for(files: Collection[LandedFile], settings: Settings) -> Settings:
    """Settings whose partitions reach past every landed day, so that the outcome depends on no clock."""
    days = [file.dt for file in files if file.dt is not None]
    tomorrow = dt.datetime.now(dt.UTC).date() + ONE_DAY
    if settings.partitions_end or not days or max(days) < tomorrow:
        return settings
    return replace(settings, partitions_end=max(days) + ONE_DAY)


def _reason(event: dg.DagsterEvent) -> str:
    """What a failed step says, without its stack."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    return data.error.message.strip() if data.error else f"Step {event.step_key} failed."
