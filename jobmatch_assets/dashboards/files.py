"""Writing pages: each appears whole, and those that nobody writes any more go."""

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from jobmatch_assets.errors import PlatformError
from jobmatch_assets.whole_files import write_whole

_LIST = ".pages.json"
"""The files that were written here, so that no other is ever removed."""


class DashboardError(PlatformError):
    """Pages cannot be written; the message says why and what to do."""

    @classmethod
    def of(cls, folder: Path, error: OSError) -> "DashboardError":
        """What the system says of the folder, and what to do."""
        return cls(
            f"The pages cannot be written to JOBMATCH_DASHBOARDS_PATH={folder}: {error}. Name a folder that "
            "this user may write to, then `jobmatch dashboards`. Gold and its published copy are not touched."
        )


def write_pages(folder: Path, documents: Mapping[str, str], stale: Collection[str] | None = None) -> None:
    """Put documents into a folder, each at once in the place of the one before.

    Args:
        folder: The folder, which is made.
        documents: {file name: its text}.
        stale: Files to remove where they were written here before; None for all that are not among the
            documents.

    Raises:
        DashboardError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _written_before(folder)
        # Whatever happens from here on, the list has everything that may lie here.
        write_whole(folder / _LIST, json.dumps(sorted(before | documents.keys())).encode())
        for name, text in documents.items():
            write_whole(folder / name, text.encode())
        gone = (before - documents.keys()) if stale is None else (before & set(stale)) - documents.keys()
        for name in gone:
            (folder / name).unlink(missing_ok=True)
        if gone:
            write_whole(folder / _LIST, json.dumps(sorted((before | documents.keys()) - gone)).encode())
        _sync(folder)
    except OSError as error:
        raise DashboardError.of(folder, error) from None


def _written_before(folder: Path) -> set[str]:
    try:
        names = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return set()
    is_list = isinstance(names, list)
    return {name for name in names if isinstance(name, str) and Path(name).name == name} if is_list else set()


def _sync(folder: Path) -> None:
    """See that the new names are on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
