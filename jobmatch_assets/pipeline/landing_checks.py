"""The checks on the landing root itself: can it be read, and is all that lies in it loaded.

They look at no table. So the sensor evaluates them, too, when there is nothing to run for.
"""

from jobmatch_assets.checks.outcome import CheckOutcome, Records
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.steps.load import EVENTS_RAW_KEY
from jobmatch_assets.pipeline.work import Landed

LANDING_IS_READABLE = CheckKey(EVENTS_RAW_KEY, "landing_is_readable")
ALL_FILES_ARE_LOADED = CheckKey(EVENTS_RAW_KEY, "all_files_are_loaded")

_MOST_NAMED = 3
_MOST_LISTED = 200
_LONGEST_NAME = 120


LANDING_CHECKS = (
    CheckSpec(
        LANDING_IS_READABLE,
        "JOBMATCH_LANDING is there and can be listed. Looked at with every run and by the sensor new_files, "
        "which records what changes.",
    ),
    CheckSpec(
        ALL_FILES_ARE_LOADED,
        "All of a finished name below events/ are files that can be loaded: each has a known ending and the "
        "date of a partition, and is no link that leads out of the landing root. Looked at with every run "
        "and by the sensor new_files, which records what changes. A warning: all other files are loaded.",
    ),
)


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
        {"name": _short(name), "left out": why.value}
        for why, names in left_out.items()
        for name in names[:_MOST_LISTED]
    ]
    return CheckOutcome(
        ALL_FILES_ARE_LOADED,
        passed=not left_out,
        blocking=False,
        of_partitions=False,
        description=(
            f"Check {ALL_FILES_ARE_LOADED.name} of {EVENTS_RAW_KEY}: {count:,} left where "
            f"they are in {landing}/events. {' '.join(kinds)}"
        )
        if left_out
        else None,
        metadata={
            "left out": count,
            **({"which": Records(listed[:_MOST_LISTED])} if listed else {}),
        },
    )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(map(_short, names[:_MOST_NAMED])) + more


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
