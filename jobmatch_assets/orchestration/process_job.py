"""The job that does everything that waits: what the sensor, the schedule and `jobmatch run` start."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from jobmatch_assets.dates import DateRange
from jobmatch_assets.orchestration.asset_events import as_events
from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.orchestration.dashboards import pages_follow
from jobmatch_assets.orchestration.step_failure import StepFailure
from jobmatch_assets.pipeline.acceptance import UNNAMED, Acceptance, accept_quarantine
from jobmatch_assets.pipeline.pipeline import Pipeline
from jobmatch_assets.pipeline.platform import WAREHOUSE_POOL, Platform

PROCESS_NEW_FILES = "process_new_files"
_STEP = "load_and_build"


class ForcedDates(dg.Config):
    """Dates to build whether they changed or not; without them, only what waits is done.

    Attributes:
        first: The first of them, YYYY-MM-DD.
        last: The last of them; without it, the first.
        other_files: Whether new files of other days are loaded, too.
        accept_quarantine: Dates (YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD) that are built although most of their
            lines are in quarantine: as many as there are now.
        accepted_by: Who accepts it; without it, the run's tag `user`.
    """

    first: str | None = None
    last: str | None = None
    other_files: bool = True
    accept_quarantine: list[str] | None = None
    accepted_by: str | None = None


def forced_run_config(
    dates: DateRange | None, other_files: bool, acceptance: Acceptance | None = None
) -> dict[str, object]:
    """Run config of the job that builds these dates, changed or not, and accepts the quarantine of some."""
    config: dict[str, object] = {}
    if dates is not None:
        config |= {"first": str(dates.first), "last": str(dates.last), "other_files": other_files}
    if acceptance is not None and acceptance.ranges:
        ranges = [f"{days.first}..{days.last}" for days in acceptance.ranges]
        config |= {"accept_quarantine": ranges, "accepted_by": acceptance.by}
    return {"ops": {_STEP: {"config": config}}} if config else {}


def build_process_job(platform: Platform) -> dg.JobDefinition:
    """One step for all layers: a step of its own for each would have to name its dates before it runs."""

    @dg.op(name=_STEP, pool=WAREHOUSE_POOL, out=dg.Out(dg.Nothing))
    def load_and_build(context: dg.OpExecutionContext, config: ForcedDates) -> Iterator[Any]:
        """Load new files, build the dates that they touch in silver and gold, publish gold, make pages."""
        problems: list[str] = []
        with (
            told_failures(context),
            pages_follow(platform, context) as readers,
            platform.for_run(context.run.run_id).open() as session,
        ):
            pipeline = Pipeline(session, readers)
            again = accept_quarantine(
                session, _acceptance_of(config, context.run.tags), dt.datetime.now(dt.UTC)
            )
            for event in pipeline.run(_dates_of(config), config.other_files, again):
                yield from as_events(event)
            problems = pipeline.problems
        if problems:
            raise StepFailure("\n".join(problems))
        yield dg.Output(None)

    @dg.job(
        name=PROCESS_NEW_FILES,
        description=(
            "Loads files that are new, builds every date of silver and gold that their lines touch, however "
            "old, and no others, publishes gold, and makes the pages of it. Dates that fail a blocking check "
            "hold back what is built from them; all others go on, and the run fails at its end."
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
        failure = StepFailure(
            f"The run config names the dates {config.first!r} to {config.last!r}: write YYYY-MM-DD."
        )
        raise failure from failure.user_exception


def _acceptance_of(config: ForcedDates, tags: Mapping[str, str]) -> Acceptance:
    try:
        ranges = [DateRange.of_text(text) for text in config.accept_quarantine or ()]
    except ValueError as error:
        failure = StepFailure(
            f"The run config names {config.accept_quarantine} as accept_quarantine ({error}): write a list "
            "of dates, YYYY-MM-DD, or ranges, YYYY-MM-DD..YYYY-MM-DD."
        )
        raise failure from failure.user_exception
    return Acceptance(ranges, config.accepted_by or tags.get("user") or UNNAMED)
