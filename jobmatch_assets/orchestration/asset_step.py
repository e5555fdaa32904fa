"""How the step of an asset, or of a job, ends: what it yields, and as what it fails."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import dagster as dg

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.interruption import received
from jobmatch_assets.orchestration.asset_events import as_result
from jobmatch_assets.orchestration.step_failure import StepFailure
from jobmatch_assets.pipeline.causes import cause_of, with_advice
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import held_back_message


def results_of(
    events: Iterator[StepEvent], days: Collection[dt.date], context: dg.AssetExecutionContext
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """What the step of an asset yields; at its end it fails where checks hold back some of the days.

    Raises:
        StepFailure: With the message of what stopped the step, or of the checks.
    """
    outcomes = []
    with told_failures(context):
        for event in events:
            if isinstance(event, CheckOutcome):
                outcomes.append(event)
            yield as_result(event, context)
    if problem := held_back_message(outcomes, days):
        raise StepFailure(problem)


@contextmanager
def told_failures(context: dg.OpExecutionContext | dg.AssetExecutionContext) -> Iterator[None]:
    """Turns what is raised into the failure of a step, whose message says why and what to do.

    Where the process was asked to stop, whatever was raised cancels the run.

    Raises:
        StepFailure: The block raised an error that the platform explains.
        dg.Failure: It raised another one.
    """
    try:
        yield
    except BaseException as error:
        if received() and not isinstance(error, GeneratorExit):
            context.instance.report_run_canceling(context.run)
            raise KeyboardInterrupt from error
        if isinstance(error, PlatformError):
            failure = StepFailure(with_advice(str(error), error))
            raise failure from failure.user_exception
        if isinstance(error, Exception) and not isinstance(error, StepFailure | dg.Failure):
            raise dg.Failure(cause_of(error), allow_retries=False) from error
        raise
