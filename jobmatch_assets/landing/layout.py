"""What the files of a feed are called and how they become rows: the port that loading asks."""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import pyarrow as pa

from jobmatch_assets.landing.names import Packing
from jobmatch_assets.landing.passed_over import Why
from jobmatch_assets.landing.readable import Readable


class Source(Protocol):
    """A file that can be read from its beginning, more than once."""

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    def opened(self) -> AbstractContextManager[Readable]:
        """Its unpacked bytes.

        Raises:
            UnreadableFileError: It cannot be read, or is another one by now.
        """
        ...


class FileLayout(Protocol):
    """Files of one kind.

    Attributes:
        looked_for: The names that are looked for below the feed's folder, for people.
        plain_name: How a file is called that is not packed, for people.
        fields: What a row has of the name of its file.
    """

    looked_for: str
    plain_name: str
    fields: tuple[pa.Field, ...]

    def of(self, path: str) -> "FileLayout":
        """The layout of a file, or of all files of a folder; another where the path is kept for others."""
        ...

    def why_not(self, source_file: str) -> Why | None:
        """Why a file of this path is not loaded; None where it is, or where only its day is missing."""
        ...

    def day_of(self, path: str) -> dt.date | None:
        """The day that a file, or all files of a folder, were written for; None where it has none."""
        ...

    def packing_of(self, source_file: str) -> Packing | None:
        """How the file is packed, None where it is plain."""
        ...

    def identity(self, source_file: str) -> tuple[str, ...]:
        """What two names must have in common, besides the day, that the same bytes are the same file."""
        ...

    def cells(self, source_file: str) -> tuple[Any, ...]:
        """The values of `fields`."""
        ...

    def file_row(self, source_file: str) -> dict[str, Any]:
        """What the feed's own table of files says of it; empty where it has none."""
        ...

    def read(self, source: Source, source_file: str) -> Iterator[pa.RecordBatch]:
        """The rows of a file, in batches of `LINES_SCHEMA`.

        Raises:
            UnreadableFileError: It cannot be read to its end, or is none of its format.
        """
        ...
