"""The checks on the landing root as Dagster has them: a run of their own, and what is recorded of them."""

from collections.abc import Collection, Iterator

import dagster as dg

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.orchestration.asset_events import (
    as_evaluation,
    asset_check_key,
    asset_check_spec,
    verdict,
)
from jobmatch_assets.pipeline.landing_checks import (
    LANDING_IS_READABLE,
    landing_check_specs,
    landing_outcomes,
    look,
)
from jobmatch_assets.pipeline.platform import Platform


def build_landing_checks(platform: Platform) -> dg.AssetChecksDefinition:
    """The checks by themselves, for a run that somebody starts in the UI."""

    @dg.multi_asset_check(
        name="check_landing_root",
        specs=[asset_check_spec(spec) for spec in landing_check_specs()],
        # Who materializes the lines of one feed asks for the checks of that alone.
        can_subset=True,
    )
    def check_landing_root(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        found = look(platform)
        for outcome in landing_outcomes(found, platform.settings.landing):
            if asset_check_key(outcome.key) in context.selected_asset_check_keys:
                yield dg.AssetCheckResult(**verdict(outcome))

    return check_landing_root


def unrecorded(
    instance: dg.DagsterInstance, outcomes: Collection[CheckOutcome]
) -> list[dg.AssetCheckEvaluation]:
    """What of the outcomes the instance's last records of these checks do not say."""
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [asset_check_key(outcome.key) for outcome in outcomes]
    )
    news = []
    for outcome in outcomes:
        evaluation, record = as_evaluation(outcome), records.get(asset_check_key(outcome.key))
        recorded = record.event.asset_check_evaluation if record and record.event else None
        if recorded is None or _said(recorded) != _said(evaluation):
            news.append(evaluation)
    return news


def _said(evaluation: dg.AssetCheckEvaluation) -> tuple[object, ...]:
    if evaluation.check_name == LANDING_IS_READABLE:
        return (evaluation.passed,)  # messages of a bucket may differ from one request to the next
    return (evaluation.passed, evaluation.description, evaluation.metadata)
