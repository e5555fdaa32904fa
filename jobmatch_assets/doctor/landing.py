"""The landing root: whether it can be read, and what lies in it that is not loaded."""

from collections.abc import Iterator

from jobmatch_assets.doctor.finding import Finding, note, well, wrong
from jobmatch_assets.pipeline.landed import LandingLook
from jobmatch_assets.pipeline.platform import Platform

_PART = "landing"
_MOST_NAMED = 3


def examine_landing(platform: Platform, seen: LandingLook) -> Iterator[Finding]:
    """Tell what a look has found in the folders of all feeds."""
    if seen.problem:
        yield wrong(
            _PART,
            str(seen.problem),
            "Let JOBMATCH_LANDING name the folder or bucket that producers write to, and this user may read.",
        )
    elif seen.is_empty:
        yield note(
            _PART,
            f"{platform.settings.landing} holds no finished file.",
            "`jobmatch generate` makes some; else see that producers write there.",
        )
    else:
        yield well(_PART, f"{seen.file_count:,} files can be loaded.")
    for why, names in seen.left_out.items():
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        yield note(
            _PART,
            f"Left where they are, {why.value}: {', '.join(names[:_MOST_NAMED])}{more}.",
            "Rename them, or take them away, if they should have been loaded.",
        )
