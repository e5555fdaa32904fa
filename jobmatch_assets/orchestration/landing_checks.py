"""The checks on the landing root itself: can it be read, and is all that lies in it loaded.

They look at no table. So the sensor evaluates them, too, when there is nothing to run for.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.orchestration.check_outcome import CheckOutcome
from jobmatch_assets.orchestration.load_step import EVENTS_RAW_KEY
from jobmatch_assets.orchestration.platform import Platform
from jobmatch_assets.orchestration.table_built import as_evaluation, verdict
from jobmatch_assets.orchestration.waiting_work import Landed

LANDING_IS_READABLE = dg.AssetCheckKey(EVENTS_RAW_KEY, "landing_is_readable")
ALL_FILES_ARE_LOADED = dg.AssetCheckKey(EVENTS_RAW_KEY, "all_files_are_loaded")

_MOST_NAMED = 3
_MOST_LISTED = 200
_LONGEST_NAME = 120


def build_landing_checks(platform: Platform) -> dg.AssetChecksDefinition:
    """The checks by themselves, for a run that somebody starts in the UI."""

    @dg.multi_asset_check(
        name="check_landing_root",
        specs=[
            dg.AssetCheckSpec(
                LANDING_IS_READABLE.name,
                asset=EVENTS_RAW_KEY,
                description=(
                    "JOBMATCH_LANDING is there and can be listed. Looked at with every run and by the sensor "
                    "new_files, which records what changes."
                ),
            ),
            dg.AssetCheckSpec(
                ALL_FILES_ARE_LOADED.name,
                asset=EVENTS_RAW_KEY,
                description=(
                    "All of a finished name below events/ are files that can be loaded: each has a known "
                    "ending and the date of a partition, and is no link that leads out of the landing root. "
                    "Looked at with every run and by the sensor new_files, which records what changes. "
                    "A warning: all other files are loaded."
                ),
            ),
        ],
    )
    def check_landing_root() -> Iterator[dg.AssetCheckResult]:
        found = look(platform)
        for outcome in landing_outcomes(found, platform.settings.landing):
            yield dg.AssetCheckResult(**verdict(outcome))

    return check_landing_root


def look(platform: Platform) -> Landed | LandingError:
    """What lies in the landing root, or why that cannot be said."""
    try:
        return Landed.of(platform.landing().files(), platform.partitions)
    except LandingError as error:
        return error


def landing_outcomes(found: Landed | LandingError, landing: str) -> list[CheckOutcome]:
    """What a look finds; of a root that cannot be read nothing else is known.

    Args:
        found: What `look` has found.
        landing: The landing root, for people.
    """
    if isinstance(found, LandingError):
        return [_readable(str(found))]
    return [_readable(None), _all_loaded(found, landing)]


def unrecorded(
    instance: dg.DagsterInstance, outcomes: Collection[CheckOutcome]
) -> list[dg.AssetCheckEvaluation]:
    """What of the outcomes the instance's last records of these checks do not say."""
    records = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [outcome.key for outcome in outcomes]
    )
    news = []
    for outcome in outcomes:
        evaluation, record = as_evaluation(outcome), records.get(outcome.key)
        recorded = record.event.asset_check_evaluation if record and record.event else None
        if recorded is None or _said(recorded) != _said(evaluation):
            news.append(evaluation)
    return news


def _said(evaluation: dg.AssetCheckEvaluation) -> tuple[object, ...]:
    if evaluation.check_name == LANDING_IS_READABLE.name:
        return (evaluation.passed,)  # messages of a bucket may differ from one request to the next
    return (evaluation.passed, evaluation.description, evaluation.metadata)


def _readable(problem: str | None) -> CheckOutcome:
    return CheckOutcome(
        LANDING_IS_READABLE,
        passed=problem is None,
        blocking=False,
        serious=True,
        of_partitions=False,
        description=problem,
    )


def _all_loaded(landed: Landed, landing: str) -> CheckOutcome:
    left_out = landed.left_out
    count = sum(map(len, left_out.values()))
    kinds = [f"{_named(names)}: {why.value}." for why, names in left_out.items()]
    listed = [
        dg.TableRecord({"name": _short(name), "left out": why.value})
        for why, names in left_out.items()
        for name in names[:_MOST_LISTED]
    ]
    return CheckOutcome(
        ALL_FILES_ARE_LOADED,
        passed=not left_out,
        blocking=False,
        of_partitions=False,
        description=(
            f"Check {ALL_FILES_ARE_LOADED.name} of {EVENTS_RAW_KEY.to_user_string()}: {count:,} left where "
            f"they are in {landing}/events. {' '.join(kinds)}"
        )
        if left_out
        else None,
        metadata={
            "left out": count,
            **({"which": dg.MetadataValue.table(listed[:_MOST_LISTED])} if listed else {}),
        },
    )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(map(_short, names[:_MOST_NAMED])) + more


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
