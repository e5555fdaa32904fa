"""Writing a report so that it appears whole, or not at all."""

import os
from pathlib import Path

from jobmatch_assets import whole_files
from jobmatch_assets.errors import PlatformError

_PDF = b"%PDF-"


class ReportError(PlatformError):
    """A report cannot be made or written; the message says why and what to do."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, see that it is on the disk, and put it there at once.

    Raises:
        ReportError: It cannot be written there, or what lies there is no report.
    """
    try:
        if path.exists() and not _is_pdf(path):
            raise ReportError(
                f"{path} is there already and is no PDF, so no report takes its place. "
                "Name another file with --out."
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_files.write_whole(path, content)
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {path}: {error.strerror or error}. Name another place "
            "that this user may write to, with --out or JOBMATCH_REPORTS_PATH."
        ) from None


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PDF)) == _PDF
