"""What is validated: a file wherever it lies, or standard input; and the day that it is written for."""

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from jobmatch_assets.landing.content import Content
from jobmatch_assets.landing.layout import FileLayout
from jobmatch_assets.landing.line_layout import LINE_LAYOUT
from jobmatch_assets.landing.names import day_of, is_events_file, is_finished
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets.landing.root import LandedFile, UnreadableFileError

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class SourceDay:
    """The UTC day that lines are judged as written for, and where that is known from."""

    day: dt.date
    known_from: str


@dataclass
class _AnyFile:
    """A landing root of one file, which need not lie in a landing folder."""

    url: str
    folder: str = ""
    layout: FileLayout = LINE_LAYOUT

    def files(self) -> Iterator[LandedFile]:
        yield LandedFile(self.url, 0, "")

    def open(self, file: LandedFile) -> IO[bytes]:
        try:
            return Path(file.source_file).open("rb")
        except OSError as error:
            raise UnreadableFileError(f"{file.source_file} cannot be opened: {error.strerror}.") from None


@contextmanager
def open_source(name: str) -> Iterator[Readable]:
    """The bytes of a file, unpacked as its name says, or of standard input as they come.

    Raises:
        UnreadableFileError: The file cannot be opened; later, in reading, that it has no sound end.
    """
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Content(_AnyFile(name), LandedFile(name, 0, ""), place=name) as content:
        yield content


def day_of_source(name: str, given: dt.date | None, today: dt.date) -> SourceDay:
    """The day that was given, else the one in the file's path, else today."""
    if given:
        return SourceDay(given, "as --dt says")
    found = _day_in_path(name)
    if found:
        return SourceDay(found, "from its path")
    return SourceDay(today, "today, UTC; --dt names another day")


def is_passed_over(name: str) -> bool:
    """Whether the file lies in a folder of a day, or is named after one, in a way that no load looks at."""
    file = PurePath(name).name
    return _day_in_path(name) is not None and not (is_finished(file) and is_events_file(file))


def _day_in_path(name: str) -> dt.date | None:
    """The day in the longest end of the path that is a path below events/."""
    if name == STANDARD_INPUT:
        return None
    parts = Path(name).absolute().parts
    return next(filter(None, (day_of("/".join(parts[start:])) for start in range(1, len(parts)))), None)
