"""The jobs that move lines of old days to archives and bring them back, and the schedule of the first."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg

from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.orchestration.pruning import prune
from jobmatch_assets.orchestration.step_failure import StepFailure
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.retention.old_days import restore, retain

RETAIN_OLD_LINES = "retain_old_lines"
RESTORE_OLD_LINES = "restore_old_lines"

DEFAULT_DAYS = 400
"""How many days stay where nobody says: a year, and what is late of it."""


class OldLines(dg.Config):
    """What is old.

    Attributes:
        days: Days before the last date of the data that stay.
    """

    days: int = DEFAULT_DAYS


class DaysBack(dg.Config):
    """What is brought back.

    Attributes:
        first: The first day, YYYY-MM-DD; without it, all days.
        last: The last day; without it, the first.
    """

    first: str | None = None
    last: str | None = None


def build_retain_job(platform: Platform) -> dg.JobDefinition:
    """What `jobmatch retain` does."""

    @dg.op(name="retain", pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
    def retain_step(context: dg.OpExecutionContext, config: OldLines) -> Iterator[Any]:
        """Move lines of old days to archives, and remove old runs from Dagster's storage."""
        if config.days < 0:
            failure = StepFailure(f"The run config has days: {config.days}. It must be 0 or more.")
            raise failure from failure.user_exception
        with told_failures(context), platform.for_run(context.run.run_id).open() as session:
            session.prepare()
            done = retain(session, config.days)
        pruned = prune(context.instance, done.last, config.days) if done.last else None
        yield dg.Output(
            None,
            metadata={
                "days moved": len(done.moved),
                "lines moved": sum(entry.lines for entry in done.moved),
                "archives": dg.MetadataValue.path(str(platform.settings.archive_path)),
                "runs removed": pruned.runs if pruned else 0,
            },
        )

    @dg.job(
        name=RETAIN_OLD_LINES,
        description=(
            "Moves lines of files of old days from bronze to Parquet archives (JOBMATCH_ARCHIVE_PATH), and "
            "removes old runs and ticks from Dagster's storage, as `jobmatch retain` does. Old is what lies "
            f"more than `days` (default {DEFAULT_DAYS}) before the last date of the data. Tables of silver "
            "and gold stay."
        ),
        executor_def=dg.in_process_executor,
    )
    def retain_old_lines() -> None:
        retain_step()

    return retain_old_lines


def build_restore_job(platform: Platform) -> dg.JobDefinition:
    """What `jobmatch restore` does."""

    @dg.op(name="restore", pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
    def restore_step(context: dg.OpExecutionContext, config: DaysBack) -> Iterator[Any]:
        """Bring lines of old days back to bronze."""
        with told_failures(context), platform.for_run(context.run.run_id).open() as session:
            session.prepare()
            done = restore(session, _range_of(config))
        yield dg.Output(
            None, metadata={"days brought back": len(done), "lines": sum(entry.lines for entry in done)}
        )

    @dg.job(
        name=RESTORE_OLD_LINES,
        description=(
            "Brings archived lines back to bronze, as `jobmatch restore` does: all, or those of some days."
        ),
        executor_def=dg.in_process_executor,
    )
    def restore_old_lines() -> None:
        restore_step()

    return restore_old_lines


def _range_of(config: DaysBack) -> DateRange | None:
    if not config.first:
        return None
    try:
        return DateRange.of_text(f"{config.first}..{config.last or config.first}")
    except ValueError:
        failure = StepFailure(
            f"The run config names the days {config.first!r} to {config.last!r}: write YYYY-MM-DD."
        )
        raise failure from failure.user_exception


def build_retain_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Every Sunday night; off until somebody switches it on."""

    @dg.schedule(
        name="retain_weekly",
        job=job,
        cron_schedule="0 3 * * 0",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=(
            "Sunday at 03:00 UTC: lines of days that lie more than "
            f"{DEFAULT_DAYS} days before the last date of the data go to archives, and runs of Dagster that "
            "are as old are removed. Off until it is switched on."
        ),
    )
    def retain_weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=f"retain-{context.scheduled_execution_time.astimezone(dt.UTC).date()}")

    return retain_weekly
