"""The output folder: what may be written there, and what an earlier generation left.

`generated-files.txt` names every file before it is created. That is how a generation is
recognised, even one that was interrupted, and why overwriting removes nothing else.
"""

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

_MANIFEST = "generated-files.txt"


class OutputError(Exception):
    """The output folder cannot be used as asked."""


class Output:
    """A folder that holds at most one generation.

    Args:
        folder: Created if it does not exist.
        overwrite: Remove the files of an earlier generation first.

    Raises:
        OutputError: The folder holds another generation, or files that are in the way.
        OSError: The folder cannot be written.
    """

    def __init__(self, folder: Path, *, overwrite: bool) -> None:
        self.folder = folder
        self.landing = folder / "landing"
        self.events = self.landing / "events"
        self.truth = folder / "truth.json"
        self.registry = folder / "experiments.csv"
        self._manifest = folder / _MANIFEST
        if self._manifest.exists():
            if not overwrite:
                raise OutputError(
                    f"{folder} holds another generation; choose another folder, or overwrite it "
                    "(only the files that were generated are removed)"
                )
            self._remove_generation()
        for path in (self.truth, self.registry):
            self._refuse_existing(path)
        self.events.mkdir(parents=True, exist_ok=True)
        self._manifest.touch()

    def create(self, path: Path) -> IO[bytes]:
        """Open a file for writing under a temporary name, until it is published.

        Raises:
            OutputError: There is a file of that name that no generation wrote.
        """
        self._refuse_existing(path)
        with self._manifest.open("a", encoding="utf-8") as manifest:
            manifest.write(f"{path.relative_to(self.folder).as_posix()}\n")
        path.parent.mkdir(parents=True, exist_ok=True)
        return _temporary(path).open("wb")

    def extend(self, path: Path, data: bytes) -> None:
        """Add bytes to a file that was created and not yet published."""
        with _temporary(path).open("ab") as file:
            file.write(data)

    def publish(self, path: Path) -> None:
        """Give a created and closed file its name."""
        _temporary(path).rename(path)

    def discard(self, path: Path) -> None:
        """Remove what was created and not published, if anything."""
        _temporary(path).unlink(missing_ok=True)

    def write(self, path: Path, text: str) -> None:
        """Write a whole file, so that it is there complete or not at all."""
        with self.create(path) as file:
            file.write(text.encode())
        self.publish(path)

    def _refuse_existing(self, path: Path) -> None:
        if path.exists():
            raise OutputError(f"{path} exists and was not generated; it is left as it is")

    def _remove_generation(self) -> None:
        names = self._manifest.read_text(encoding="utf-8").splitlines()
        paths = [self._inside(name) for name in names]
        for path in paths:
            path.unlink(missing_ok=True)
            self.discard(path)
        parents = {parent for path in paths for parent in path.parents} | {self.events, self.landing}
        for parent in sorted(parents, reverse=True):
            if self.folder in parent.parents:
                with suppress(OSError):  # not empty: something else lives there
                    parent.rmdir()
        self._manifest.unlink()

    def _inside(self, name: str) -> Path:
        relative = PurePosixPath(name)
        path = self.folder / relative
        if relative.is_absolute() or not path.resolve().is_relative_to(self.folder.resolve()):
            raise OutputError(f"{self._manifest} names {name}, which is outside of the folder")
        return path


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")
