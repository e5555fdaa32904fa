"""The check `dates_are_not_held_back` of gold: a date that is held back looks like one without data."""

import datetime as dt
from collections.abc import Collection, Sequence

from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.dates import shown
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE
from jobmatch_assets.warehouse.control.findings import FailingCheck

NAME = "dates_are_not_held_back"
HELD_BACK_CHECKS = tuple(CheckKey(contract.key, NAME) for contract in CONTRACTS if contract.layer == "gold")
"""One for each gold table."""


def held_back_specs() -> list[CheckSpec]:
    """The checks as the UI shows them."""
    return [
        CheckSpec(
            key,
            description=(
                "No date waits to be built because a date that it reads fails a check. A date that does is "
                "missing here, or has the rows of before; it is built as soon as the check passes. A "
                "warning: alerts tell of the check that holds it back."
            ),
        )
        for key in HELD_BACK_CHECKS
    ]


def check_held_back(session: Session, keys: Collection[CheckKey]) -> list[CheckOutcome]:
    """Which dates wait at this moment, whatever was built."""
    wanted = [key for key in HELD_BACK_CHECKS if key in keys]
    if not wanted:
        return []
    ready, plan = session.ready(), session.plan
    causes = [check for check in ready.failing if check.is_blocking and check.stage != BRONZE.name]
    return [_outcome(key, ready.held_back_from(plan.named(key.table.name)), causes) for key in wanted]


def _outcome(key: CheckKey, held: Collection[dt.date], causes: Sequence[FailingCheck]) -> CheckOutcome:
    if not held:
        return CheckOutcome(key, passed=True, blocking=False, of_partitions=False)
    because = ", ".join(
        dict.fromkeys(
            f"{cause.check_name} of {cause.asset} on {cause.partition_date}" for cause in causes[:3]
        )
    )
    more = f" and {len(causes) - 3} more" if len(causes) > 3 else ""
    return CheckOutcome(
        key,
        passed=False,
        blocking=False,
        of_partitions=False,
        dates=frozenset(held),
        description=(
            f"Check {NAME} of {key.table}: {shown(held)} "
            f"{'is' if len(held) == 1 else 'are'} held back: missing here, or with the rows of before. "
            f"What fails: {because or 'the build of what they read'}{more}"
        ),
        metadata={
            "what fails": Markdown(
                markdown_table(
                    [
                        {
                            "date": cause.partition_date,
                            "check": f"{cause.check_name} of {cause.asset}",
                            "found": cause.description,
                        }
                        for cause in causes
                    ]
                )
            )
        },
    )
