"""A landing root that is a local folder."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from jobmatch_assets.landing.names import is_events_file, is_finished
from jobmatch_assets.landing.root import LandedFile, LandingError, UnreadableFileError

_LAYOUT = "events/dt=YYYY-MM-DD/<name>.ndjson[.gz] or events/DDMMYYYY_<name>.ndjson[.gz]"


class FolderRoot:
    """Files below `<folder>/events/`."""

    def __init__(self, folder: str) -> None:
        self.url = folder
        self._events = Path(folder) / "events"

    def files(self) -> Iterator[LandedFile]:
        """All finished NDJSON files directly in events/ or in one of its folders."""
        try:
            yield from self._files()
        except OSError as error:
            raise LandingError(
                f"{error.filename or self._events} cannot be listed: {error.strerror}. "
                "Give this user the right to read it (a folder needs r and x), and run again."
            ) from None

    def _files(self) -> Iterator[LandedFile]:
        if not self._events.is_dir():
            raise LandingError(
                f"There is no folder {self._events}. Set JOBMATCH_LANDING to the folder that holds events/, "
                f"with files as {_LAYOUT}, or make some with `jobmatch generate`."
            )
        for entry in self._entries(self._events):
            if entry.is_dir():
                for inner in self._entries(Path(entry.path)):
                    if inner.is_file():
                        yield from self._landed(f"{entry.name}/{inner.name}", inner)
            elif entry.is_file():
                yield from self._landed(entry.name, entry)

    def open(self, file: LandedFile) -> IO[bytes]:
        """The file's bytes."""
        path = self._events / file.source_file
        try:
            return path.open("rb")
        except FileNotFoundError:
            raise UnreadableFileError(
                f"{path} was listed and is gone now. Nothing of it was loaded; if it was renamed or sent "
                "again, the next run takes it."
            ) from None
        except OSError as error:
            raise UnreadableFileError(
                f"{path} cannot be opened: {error.strerror}. "
                "Give this user the right to read it, and run again."
            ) from None

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return [entry for entry in entries if is_finished(entry.name)]
        except FileNotFoundError:
            return []  # removed since its parent was listed

    def _landed(self, source_file: str, entry: os.DirEntry[str]) -> Iterator[LandedFile]:
        if not is_events_file(entry.name):
            return
        try:
            source_file.encode("utf-8")
        except UnicodeEncodeError:
            raise LandingError(
                f"The name {source_file!r} in {self._events} is not UTF-8. Rename the file, and run again."
            ) from None
        try:
            stat = entry.stat()
        except FileNotFoundError:
            return  # removed since the folder was listed
        # ctime changes when a file is renamed or replaced, also where mtime was set back
        yield LandedFile(
            source_file, stat.st_size, f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}-{stat.st_ino}"
        )
