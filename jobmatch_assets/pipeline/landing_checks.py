"""The checks on the landing root itself: can it be read, and is all that lies in it loaded.

They look at no table. So the sensor evaluates them, too, when there is nothing to run for.
"""

from jobmatch_assets.checks.outcome import CheckOutcome, Records
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.pipeline.landed import Landed, LandingLook
from jobmatch_assets.pipeline.platform import Platform

LANDING_IS_READABLE = "landing_is_readable"
ALL_FILES_ARE_LOADED = "all_files_are_loaded"

_MOST_NAMED = 3
_MOST_LISTED = 200
_LONGEST_NAME = 120


def landing_check_specs() -> list[CheckSpec]:
    """The checks of every feed."""
    return [
        spec
        for feed in FEEDS
        for spec in (
            CheckSpec(
                CheckKey(feed.raw, LANDING_IS_READABLE),
                "JOBMATCH_LANDING is there and can be listed. Looked at with every run and by the sensor "
                "new_files, which records what changes.",
            ),
            CheckSpec(
                CheckKey(feed.raw, ALL_FILES_ARE_LOADED),
                f"All of a finished name below {feed.name}/ are files that can be loaded: each has a known "
                "ending and the date of a partition, and is no link that leads out of the landing root. "
                "Looked at with every run and by the sensor new_files, which records what changes. A "
                "warning: all other files are loaded.",
            ),
        )
    ]


def look(platform: Platform) -> LandingLook:
    """What lies in the landing root, by feed, or why that cannot be said."""
    found: dict[Feed, Landed | LandingError] = {}
    for feed in FEEDS:
        try:
            found[feed] = Landed.of(platform.landing(feed).files(), platform.partitions)
        except LandingError as error:
            found[feed] = error
    return LandingLook(found)


def landing_outcomes(look: LandingLook, landing: str) -> list[CheckOutcome]:
    """What a look finds; of a folder that cannot be read nothing else is known.

    Args:
        look: The look.
        landing: The landing root, for people.
    """
    outcomes = []
    for feed, found in look.found.items():
        if isinstance(found, LandingError):
            outcomes.append(_readable(feed, str(found)))
        else:
            outcomes += [_readable(feed, None), _all_loaded(feed, found, landing)]
    return outcomes


def _readable(feed: Feed, problem: str | None) -> CheckOutcome:
    return CheckOutcome(
        CheckKey(feed.raw, LANDING_IS_READABLE),
        passed=problem is None,
        blocking=False,
        serious=True,
        of_partitions=False,
        description=problem,
    )


def _all_loaded(feed: Feed, landed: Landed, landing: str) -> CheckOutcome:
    left_out = landed.left_out
    count = sum(map(len, left_out.values()))
    kinds = [f"{_named(names)}: {why.value}." for why, names in left_out.items()]
    listed = [
        {"name": _short(name), "left out": why.value}
        for why, names in left_out.items()
        for name in names[:_MOST_LISTED]
    ]
    return CheckOutcome(
        CheckKey(feed.raw, ALL_FILES_ARE_LOADED),
        passed=not left_out,
        blocking=False,
        of_partitions=False,
        description=(
            f"Check {ALL_FILES_ARE_LOADED} of {feed.raw}: {count:,} left where "
            f"they are in {landing}/{feed.name}. {' '.join(kinds)}"
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
