"""The port to a landing root, its errors, and the choice between a folder and a bucket."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol

from jobmatch_assets.errors import PlatformError
from jobmatch_assets.landing.layout import FileLayout
from jobmatch_assets.landing.line_layout import LINE_LAYOUT
from jobmatch_assets.landing.passed_over import PassedOver


class LandingError(PlatformError):
    """The landing root cannot be read; the message says where, why and what to do."""


class UnreadableFileError(LandingError):
    """One file cannot be read to its end; the others can."""


@dataclass(frozen=True)
class LandedFile:
    """A finished file of the feed's layout, or a folder that cannot be listed and stands for the files in it.

    Attributes:
        source_file: Path below the feed's folder, with forward slashes; such a folder's ends with one.
        size: Bytes as they lie there.
        fingerprint: Changes when the file is written again; cheaper than reading it.
        problem: Where the listing shows already that it cannot be read: why, and what to do.
        layout: How it is named and read.
    """

    source_file: str
    size: int
    fingerprint: str
    problem: str = ""
    layout: FileLayout = field(default=LINE_LAYOUT, repr=False, compare=False)

    @property
    def dt(self) -> dt.date | None:
        """The day that the file was written for, None where its name holds no valid date."""
        return self.layout.day_of(self.source_file)


class LandingRoot(Protocol):
    """Where the files of a feed land."""

    layout: FileLayout
    """How they are named and read."""

    url: str
    """The root of all feeds."""

    folder: str
    """The feed's own folder in it."""

    def files(self) -> Iterator[LandedFile | PassedOver]:
        """All finished files of the feed's layout, and all else of a finished name, in no particular order.

        Raises:
            LandingError: The root is missing or may not be listed.
        """
        ...

    def open(self, file: LandedFile) -> IO[bytes]:
        """The file's bytes from the beginning.

        Raises:
            UnreadableFileError: The file is gone, may not be read, or lies outside of the root by now.
        """
        ...


def landing_root(
    location: str,
    feed: str,
    is_required: bool,
    retry_timeout: float,
    layout: FileLayout = LINE_LAYOUT,
) -> LandingRoot:
    """The files of a feed below a location of the settings.

    Args:
        location: A folder or gs://bucket/prefix.
        feed: The name of the feed's folder.
        is_required: Whether that must be there.
        retry_timeout: Seconds for which requests to a bucket are repeated.
        layout: How its files are named and read.
    """
    if location.startswith("gs://"):
        from jobmatch_assets.landing.bucket import BucketRoot

        return BucketRoot(location, feed, is_required, retry_timeout, layout)
    from jobmatch_assets.landing.folder import FolderRoot

    return FolderRoot(location, feed, is_required, layout)
