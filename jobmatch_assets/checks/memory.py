"""Which partitions fail which check: kept in the warehouse, since Dagster knows a check's last result only.

A check that looked at today and found nothing has not passed while yesterday still fails; and what fails a
blocking check holds back what is built from it, in this run and in all later ones.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace

from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.dates import shown
from jobmatch_assets.warehouse.control.findings import FailingCheck, Findings


def settle(
    findings: Findings, stage: str, days: Collection[dt.date], outcomes: Sequence[CheckOutcome]
) -> list[CheckOutcome]:
    """Keep what was found, and add what other partitions failed with before and fail with still.

    Args:
        findings: Where it is kept.
        stage: What was built.
        days: The partitions that the checks looked at.
        outcomes: What they found.

    Returns:
        The outcomes; each names all partitions that fail it.
    """
    others = [outcome for outcome in outcomes if not outcome.of_partitions]
    outcomes = [
        outcome if outcome.passed else replace(outcome, dates=outcome.dates or frozenset(days))
        for outcome in outcomes
        if outcome.of_partitions
    ]
    failing = [
        FailingCheck(
            stage=stage,
            asset=str(outcome.key.table),
            check_name=outcome.key.name,
            partition_date=day,
            is_blocking=day in outcome.held_back,
            description=outcome.description or "",
        )
        for outcome in outcomes
        if not outcome.passed
        for day in sorted(outcome.dates)
    ]
    findings.note([outcome.key for outcome in outcomes], days, failing)
    elsewhere: dict[tuple[str, str], list[FailingCheck]] = {}
    for check in findings.failing_checks():
        if check.partition_date not in days:
            elsewhere.setdefault((check.asset, check.check_name), []).append(check)
    settled = [
        _with_earlier(outcome, elsewhere.get((str(outcome.key.table), outcome.key.name), []))
        for outcome in outcomes
    ]
    return settled + others


def _with_earlier(outcome: CheckOutcome, earlier: Sequence[FailingCheck]) -> CheckOutcome:
    if not earlier:
        return outcome
    still = {check.partition_date for check in earlier}
    told = f"Partitions that fail still: {shown(still)}. {earlier[0].description}"
    return replace(
        outcome,
        passed=False,
        dates=outcome.dates | still,
        blocking=outcome.blocking or any(check.is_blocking for check in earlier),
        warned=(outcome.dates - outcome.held_back)
        | {check.partition_date for check in earlier if not check.is_blocking},
        description=told if outcome.passed else f"{outcome.description} {told}",
        metadata={**outcome.metadata, "partitions that fail still": shown(still)},
    )


def held_back(outcomes: Collection[CheckOutcome], days: Collection[dt.date]) -> set[dt.date]:
    """Those of the days that fail a blocking check."""
    return {day for outcome in outcomes for day in outcome.held_back.intersection(days)}
