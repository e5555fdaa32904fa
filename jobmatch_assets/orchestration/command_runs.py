"""Runs in this process, as the command line starts them; they show in the Dagster UI like all others."""

import datetime as dt
from collections.abc import Callable

import dagster as dg

from jobmatch_assets.dates import DateRange
from jobmatch_assets.errors import RequestError
from jobmatch_assets.interruption import stop_where_asked
from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark
from jobmatch_assets.orchestration.launchers.run_origin import with_origin
from jobmatch_assets.orchestration.partitions import daily_partitions
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES, forced_run_config
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.pipeline.acceptance import Acceptance
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.stages import STAGES, Stage
from jobmatch_assets.settings import Settings

COMMAND_TAG = "jobmatch/command"
"""Tag of a run that a command executes in its own process; which one it is."""

# Dagster's log is in its UI; on the terminal only what went wrong.
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}

BuildDefinitions = Callable[[], dg.Definitions]


def process(
    build_definitions: BuildDefinitions,
    plan: Plan,
    instance: dg.DagsterInstance,
    forced: DateRange | None,
    acceptance: Acceptance | None = None,
) -> RunReport:
    """Run the job that does everything that waits, after the quarantine of some dates was accepted."""
    report = RunReport(plan)
    job = build_definitions().resolve_job_def(PROCESS_NEW_FILES)
    config = forced_run_config(forced, other_files=False, acceptance=acceptance)
    report.add(_execute(job, instance, config, {}))
    return report


def materialize(
    build_definitions: BuildDefinitions,
    plan: Plan,
    instance: dg.DagsterInstance,
    selection: str,
    dates: DateRange,
) -> RunReport:
    """Materialize selected assets for a range of dates, and nothing else.

    Args:
        build_definitions: Gives the definitions of the platform.
        plan: What is built from what.
        instance: Where the runs are kept.
        selection: Dagster's asset selection syntax, e.g. `group:gold` or `key:"gold/funnel_daily"`.
        dates: The partitions to build.

    Raises:
        RequestError: The selection is not understood or matches nothing.
    """
    definitions = build_definitions()
    try:
        selected = dg.AssetSelection.from_string(selection).resolve(definitions.resolve_asset_graph())
    except Exception as error:
        raise RequestError(
            f"--select {selection} is not understood: {str(error).rstrip('.')}. "
            'Write for example group:gold or key:"gold/funnel_daily".'
        ) from None
    report = RunReport(plan)
    graph = definitions.resolve_asset_graph()
    # Days mean the same in all tables of a stage: one run may have them together, if they have days at all.
    for stage in STAGES:
        of_stage = {
            key for key in selected if key in graph.materializable_asset_keys and _is_of(plan, key, stage)
        }
        for partitions in {graph.get(key).partitions_def for key in of_stage}:
            wanted = {key for key in of_stage if graph.get(key).partitions_def == partitions}
            if not report.succeeded:
                continue
            job = definitions.resolve_implicit_global_asset_job_def().get_subset(asset_selection=wanted)
            report.add(_execute(job, instance, {}, _range_tags(partitions, dates)))
    if not report.runs:
        raise RequestError(f"--select {selection} matches no asset that a run materializes.")
    return report


def check_partitions(settings: Settings, dates: DateRange) -> None:
    """Refuse dates that lie outside of all partitions.

    Raises:
        RequestError: They do.
    """
    partitions = daily_partitions(settings)
    first, last = partitions.get_first_partition_key(), partitions.get_last_partition_key()
    if not (first and last) or not first <= str(dates.first) <= str(dates.last) <= last:
        raise RequestError(
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


def _is_of(plan: Plan, key: dg.AssetKey, stage: Stage) -> bool:
    return key.path[-1] in plan.tables and plan.stage_of(key.path[-1]) == stage


def _range_tags(partitions: dg.PartitionsDefinition | None, dates: DateRange) -> dict[str, str]:
    """The partitions that dates lie in, as tags of a run; none where there are no partitions."""
    if not isinstance(partitions, dg.TimeWindowPartitionsDefinition):
        return {}
    first, last = (
        partitions.get_partition_key_for_timestamp(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp())
        for day in (dates.first, dates.last)
    )
    return {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
