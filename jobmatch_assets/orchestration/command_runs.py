"""Runs in this process, as the command line starts them; they show in the Dagster UI like all others."""

from collections.abc import Callable

import dagster as dg

from jobmatch_assets.dates import DateRange
from jobmatch_assets.interruption import stop_where_asked
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.orchestration.launchers.run_origin import with_origin
from jobmatch_assets.orchestration.partitions import daily_partitions
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES, forced_run_config
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.acceptance import Acceptance
from jobmatch_assets.pipeline.steps.build import CUMULATIVE, GOLD, SILVER, STAGING
from jobmatch_assets.settings import Settings

COMMAND_TAG = "jobmatch/command"
"""Tag of a run that a command executes in its own process; which one it is."""

ASSET_STEPS = (
    ("load_events_raw", STAGING.step),
    (SILVER.step,),
    (GOLD.step,),
    (CUMULATIVE.step, "compare_variants"),
)
"""The steps of assets that one run may have together: days mean the same in all of them."""

# Dagster's log is in its UI; on the terminal only what went wrong.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

BuildDefinitions = Callable[[], dg.Definitions]


def process(
    build_definitions: BuildDefinitions,
    instance: dg.DagsterInstance,
    forced: DateRange | None,
    acceptance: Acceptance | None = None,
) -> RunReport:
    """Run the job that does everything that waits, after the quarantine of some dates was accepted."""
    report = RunReport()
    job = build_definitions().resolve_job_def(PROCESS_NEW_FILES)
    config = forced_run_config(forced, other_files=False, acceptance=acceptance)
    report.add(_execute(job, instance, config, {}))
    return report


def materialize(
    build_definitions: BuildDefinitions, instance: dg.DagsterInstance, selection: str, dates: DateRange
) -> RunReport:
    """Materialize selected assets for a range of dates, and nothing else.

    Args:
        build_definitions: Gives the definitions of the platform.
        instance: Where the runs are kept.
        selection: Dagster's asset selection syntax, e.g. `group:gold` or `key:"gold/funnel_daily"`.
        dates: The partitions to build.

    Raises:
        LandingError: The selection is not understood or matches nothing.
    """
    definitions = build_definitions()
    try:
        selected = dg.AssetSelection.from_string(selection).resolve(definitions.resolve_asset_graph())
    except Exception as error:
        raise LandingError(
            f"--select {selection} is not understood: {str(error).rstrip('.')}. "
            'Write for example group:gold or key:"gold/funnel_daily".'
        ) from None
    report = RunReport()
    for steps in ASSET_STEPS:
        wanted = [key for key in _keys(definitions, steps) if key in selected]
        if not wanted or not report.succeeded:
            continue
        job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection=set(wanted))
        tags = {
            "dagster/asset_partition_range_start": str(dates.first),
            "dagster/asset_partition_range_end": str(dates.last),
        }
        report.add(_execute(job, instance, {}, tags))
    if not report.runs:
        raise LandingError(f"--select {selection} matches no asset that a run materializes.")
    return report


def check_partitions(settings: Settings, dates: DateRange) -> None:
    """Refuse dates that lie outside of all partitions.

    Raises:
        LandingError: They do.
    """
    partitions = daily_partitions(settings)
    first, last = partitions.get_first_partition_key(), partitions.get_last_partition_key()
    if not (first and last) or not first <= str(dates.first) <= str(dates.last) <= last:
        raise LandingError(
            f"{dates} is not within the partitions, {first} to {last}. JOBMATCH_PARTITIONS_START and "
            "JOBMATCH_PARTITIONS_END move their ends."
        )


def _execute(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    run_config: dict[str, object],
    tags: dict[str, str],
) -> dg.ExecuteInProcessResult:
    """Execute a run here.

    Raises:
        KeyboardInterrupt: This process was asked to stop; Dagster makes a failed run of it.
    """
    stop_where_asked()
    with with_origin(instance, job):
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config=run_config | _QUIET,
            tags={**tags, COMMAND_TAG: "jobmatch run", **ProcessMark.of_this_process().tags},
        )
    stop_where_asked()
    return result


def _keys(definitions: dg.Definitions, steps: tuple[str, ...]) -> list[dg.AssetKey]:
    """What some steps materialize."""
    return [
        key
        for assets in definitions.assets or []
        if isinstance(assets, dg.AssetsDefinition) and assets.op.name in steps
        for key in assets.keys
    ]
