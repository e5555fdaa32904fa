"""What an archive says of itself: whose lines it holds, in which files, and how to know they are whole."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from jobmatch_assets.contracts.control_tables import ArchiveKind

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class ArchivedFile:
    """A Parquet file of an archive.

    Attributes:
        name: Its name in the folder of the archive.
        rows: How many lines it holds.
        sha256: SHA-256 of its bytes, in hex.
    """

    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in an archive.

    Attributes:
        kind: Why the lines are here: their day is old (retained), or their file was taken back (withdrawn).
        feed: The feed whose bronze table they come from.
        day: The UTC day that their files were written for.
        files: The files that hold them; what else lies in the folder is no part of the archive.
    """

    kind: ArchiveKind
    feed: str
    day: dt.date
    files: tuple[ArchivedFile, ...]

    @property
    def rows(self) -> int:
        """How many lines there are."""
        return sum(file.rows for file in self.files)

    def text(self) -> str:
        """The manifest as it is written."""
        content = {
            "format": _FORMAT,
            "kind": self.kind,
            "feed": self.feed,
            "day": str(self.day),
            "files": [{"name": file.name, "rows": file.rows, "sha256": file.sha256} for file in self.files],
        }
        return json.dumps(content, indent=2) + "\n"

    @classmethod
    def of_text(cls, text: str) -> "Manifest":
        """What a manifest says.

        Raises:
            ValueError: It is none that this version can read; the message goes on after "its manifest".
        """
        try:
            content: dict[str, Any] = json.loads(text)
            if content["format"] != _FORMAT:
                raise ValueError(
                    f"has format {content['format']!r}, and this version of jobmatch knows {_FORMAT}"
                )
            files = tuple(
                ArchivedFile(str(file["name"]), int(file["rows"]), str(file["sha256"]))
                for file in content["files"]
            )
            manifest = cls(
                _kind(content["kind"]), str(content["feed"]), dt.date.fromisoformat(content["day"]), files
            )
        except (KeyError, TypeError, json.JSONDecodeError, RecursionError):
            raise ValueError("is not one that jobmatch has written") from None
        if any("/" in file.name or file.name in ("", ".", "..") for file in files):
            raise ValueError("names files outside of its folder")
        return manifest


def _kind(text: object) -> ArchiveKind:
    if text == "retained":
        return "retained"
    if text == "withdrawn":
        return "withdrawn"
    raise ValueError(f"is of the kind {text!r}, which this version of jobmatch does not know")
