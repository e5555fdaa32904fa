"""The note that a publication failed: it stands beside the copy until one succeeds, for pages to say so."""

import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jobmatch_assets.errors import PlatformError
from jobmatch_assets.whole_files import write_whole

_LONGEST = 2000


@dataclass(frozen=True)
class PublicationFailure:
    """Why the copy is older than gold.

    Attributes:
        when: When a publication failed last.
        message: What the platform says of it.
    """

    when: dt.datetime
    message: str


def failure_file(path: Path) -> Path:
    """Where the note about a copy stands."""
    return path.with_name(f".{path.name}.failure.json")


def failure_of(path: Path) -> PublicationFailure | None:
    """Why the last publication of a copy failed; None where it succeeded, or nobody knows.

    Args:
        path: The copy.
    """
    try:
        noted = json.loads(failure_file(path).read_text(encoding="utf-8"))
        when = dt.datetime.fromisoformat(noted["when"])
        return PublicationFailure(when, str(noted["message"])) if when.tzinfo else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def note_failure(path: Path, error: Exception, when: dt.datetime) -> None:
    """Leave the note, as far as that can be done where publishing could not.

    Args:
        path: The copy.
        error: What went wrong. Of an error that the platform does not explain the note has the kind only.
        when: When.
    """
    message = (
        str(error)
        if isinstance(error, PlatformError)
        else f"Publishing ended with an unexpected {type(error).__name__}: the log of the run says more."
    )
    note = json.dumps({"when": when.astimezone(dt.UTC).isoformat(), "message": message[:_LONGEST]})
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(failure_file(path), note.encode())


def forget_failure(path: Path) -> None:
    """Remove the note, since a publication succeeded."""
    with suppress(OSError):
        failure_file(path).unlink(missing_ok=True)
