"""The port to a landing root, its errors, and the choice between a folder and a bucket."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

from jobmatch_assets.landing.names import day_of


class LandingError(Exception):
    """The landing root cannot be read; the message says where, why and what to do."""


class UnreadableFileError(LandingError):
    """One file cannot be read to its end; the others can."""


@dataclass(frozen=True)
class LandedFile:
    """A finished NDJSON file.

    Attributes:
        source_file: Path below the root's events/, with forward slashes.
        size: Bytes as they lie there.
        fingerprint: Changes when the file is written again; cheaper than reading it.
    """

    source_file: str
    size: int
    fingerprint: str

    @property
    def dt(self) -> dt.date | None:
        """The day that the file was written for, None where its name holds no valid date."""
        return day_of(self.source_file)


class LandingRoot(Protocol):
    """Where files land."""

    url: str

    def files(self) -> Iterator[LandedFile]:
        """All finished NDJSON files, in no particular order.

        Raises:
            LandingError: The root is missing or may not be listed.
        """
        ...

    def open(self, file: LandedFile) -> IO[bytes]:
        """The file's bytes from the beginning.

        Raises:
            UnreadableFileError: The file is gone or may not be read.
        """
        ...


def landing_root(location: str, retry_timeout: float) -> LandingRoot:
    """The root at a location of the settings.

    Args:
        location: A folder or gs://bucket/prefix.
        retry_timeout: Seconds for which requests to a bucket are repeated.
    """
    if location.startswith("gs://"):
        from jobmatch_assets.landing.bucket import BucketRoot

        return BucketRoot(location, retry_timeout)
    from jobmatch_assets.landing.folder import FolderRoot

    return FolderRoot(location)
