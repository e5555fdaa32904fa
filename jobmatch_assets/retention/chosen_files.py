"""Which files of the ledger somebody means who names one, or a load."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.errors import RequestError
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.text import printable
from jobmatch_assets.warehouse.control.ledger import FileRecord

_MOST_TOLD = 3


class UnknownFileError(RequestError):
    """No file is meant, or it is not clear which; the message says what there is."""


def chosen_files(session: Session, name: str | None, load_id: str | None) -> list[FileRecord]:
    """The files that a name, a load, or both mean: loaded ones, and those that were withdrawn.

    Args:
        session: The warehouse.
        name: The path of a file on the disk, below the landing root, or below the folder of its feed.
        load_id: The load that took them.

    Raises:
        UnknownFileError: There are none, or files of different content have the name.
    """
    files = session.ledger.files()
    found = [file for file in files if load_id in (None, file.load_id)]
    if not found:
        raise UnknownFileError(
            f"There is no load {printable(str(load_id))}{_alike(load_id, {file.load_id for file in files})}. "
            "`jobmatch explain` tells the loads that changed a date."
        )
    if name is None:
        return _with_lines(found)
    names = _names(session, name)
    same = [file for file in found if (file.feed, file.source_file) in names]
    if not same:
        known = {f"{file.feed}/{file.source_file}" for file in found}
        raise UnknownFileError(
            f"No file {printable(name)} was loaded{_alike(name, known)}. Name it by its path, by that below "
            f"{session.settings.landing}, or below the folder of its feed."
        )
    contents = {(file.feed, file.dt, file.sha256, file.same_as or file.source_file) for file in same}
    if len(contents) > 1:
        told = ", ".join(sorted(f"--load {file.load_id}" for file in same))
        raise UnknownFileError(
            f"{printable(name)} was loaded {len(contents)} times, with other content each time: say which is "
            f"meant with {told}."
        )
    ((feed, day, sha256, loaded_as),) = contents
    return _with_lines(
        [
            file
            for file in files
            if (file.feed, file.dt, file.sha256, file.source_file) == (feed, day, sha256, loaded_as)
        ]
    )


def _with_lines(files: Sequence[FileRecord]) -> list[FileRecord]:
    """Those that brought lines of their own, in order."""
    own = [file for file in files if file.same_as is None]
    return sorted(own, key=lambda file: (file.feed, file.dt, file.source_file, file.sha256))


def _names(session: Session, text: str) -> set[tuple[str, str]]:
    """(feed, name below its folder) that a text may stand for."""
    candidates = {text.removeprefix("./")}
    landing = session.settings.landing
    if "://" in landing:
        candidates.add(text.removeprefix(f"{landing}/"))
    else:
        path = Path(text).absolute()
        for root in (Path(landing), Path(landing).resolve()):
            for found in (path, path.resolve()):
                if found.is_relative_to(root):
                    candidates.add(found.relative_to(root).as_posix())
    names = {(feed.name, candidate) for feed in FEEDS for candidate in candidates}
    return names | {
        (feed.name, candidate.removeprefix(f"{feed.name}/"))
        for feed in FEEDS
        for candidate in candidates
        if candidate.startswith(f"{feed.name}/")
    }


def _alike(text: str | None, known: set[str]) -> str:
    found = difflib.get_close_matches(str(text), sorted(known), n=_MOST_TOLD, cutoff=0.5)
    return f"; there is {', '.join(map(printable, found))}" if found else ""
