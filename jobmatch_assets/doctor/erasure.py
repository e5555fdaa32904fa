"""Landed requests to erase users: whether they can be read, and how many wait."""

from collections.abc import Iterator

from jobmatch_assets.doctor.finding import Finding, note, well, wrong
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.pipeline.erasure_requests import BY_HAND, are_landed, waiting_requests
from jobmatch_assets.pipeline.landed import LandingLook
from jobmatch_assets.pipeline.session import Session

_PART = "erasure"


def examine_requests(session: Session, seen: LandingLook) -> Iterator[Finding]:
    """Compare whom landed files name with who is erased; nothing where there is no such file."""
    if not are_landed(seen):
        return
    if session.settings.target != "duckdb":
        yield note(_PART, BY_HAND)
        return
    try:
        waiting, requests = waiting_requests(session, seen)
    except PlatformError as error:
        yield wrong(_PART, str(error), "Then `jobmatch erase --landed` tells what would change.")
        return
    if waiting:
        yield note(
            _PART,
            f"{requests}; not erased yet: {waiting:,}.",
            "`jobmatch erase --landed` tells what would change, and with --apply does it.",
        )
    else:
        yield well(_PART, f"{requests}; all are erased.")
