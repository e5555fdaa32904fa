"""The job that does everything that waits: what the sensor, the schedule and `jobmatch run` start."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg

from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.orchestration.partitions import DateRange
from jobmatch_assets.orchestration.pipeline import Pipeline
from jobmatch_assets.orchestration.platform import WAREHOUSE_POOL, Platform
from jobmatch_assets.orchestration.table_built import as_events

PROCESS_NEW_FILES = "process_new_files"
_STEP = "load_and_build"


class ForcedDates(dg.Config):
    """Dates to build whether they changed or not; without them, only what waits is done.

    Attributes:
        first: The first of them, YYYY-MM-DD.
        last: The last of them; without it, the first.
        other_files: Whether new files of other days are loaded, too.
    """

    first: str | None = None
    last: str | None = None
    other_files: bool = True


def forced_run_config(dates: DateRange | None, other_files: bool) -> dict[str, object]:
    """Run config of the job that builds these dates, changed or not."""
    if dates is None:
        return {}
    config = {"first": str(dates.first), "last": str(dates.last), "other_files": other_files}
    return {"ops": {_STEP: {"config": config}}}


def build_process_job(platform: Platform) -> dg.JobDefinition:
    """One step for all layers: a step of its own for each would have to name its dates before it runs."""

    @dg.op(name=_STEP, pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
    def load_and_build(context: dg.OpExecutionContext, config: ForcedDates) -> Iterator[Any]:
        """Load new files, build exactly the dates that they touch in silver and gold, publish gold."""
        pipeline = Pipeline(platform.for_run(context.run.run_id))
        with told_failures(context):
            for event in pipeline.run(_dates_of(config), config.other_files):
                yield from as_events(event)
        if pipeline.problems:
            raise dg.Failure("\n".join(pipeline.problems), allow_retries=False)
        yield dg.Output(None)

    @dg.job(
        name=PROCESS_NEW_FILES,
        description=(
            "Loads files that are new, builds every date of silver and gold that their lines touch, however "
            "old, and no others, and publishes gold. Dates that fail a blocking check hold back what is "
            "built from them; all others go on, and the run fails at its end."
        ),
        executor_def=dg.in_process_executor,
    )
    def process_new_files() -> None:
        load_and_build()

    return process_new_files


def _dates_of(config: ForcedDates) -> DateRange | None:
    if not config.first:
        return None
    try:
        return DateRange(
            dt.date.fromisoformat(config.first), dt.date.fromisoformat(config.last or config.first)
        )
    except ValueError:
        raise dg.Failure(
            f"The run config names the dates {config.first!r} to {config.last!r}: write YYYY-MM-DD.",
            allow_retries=False,
        ) from None
