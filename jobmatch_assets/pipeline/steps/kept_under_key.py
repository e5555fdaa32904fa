"""What follows from something else, kept in a file for as long as that stays the same."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jobmatch_assets.whole_files import write_whole


def read_kept(file: Path, key: str) -> Any:
    """What is kept under a key; None where it is not, or the file cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(file.read_bytes())
        if found["key"] == key:
            return found["kept"]
    return None


def keep(file: Path, key: str, what: Any) -> None:
    """Keep it in place of what was there; where the file cannot be written, nothing is."""
    write_kept(file, json.dumps({"key": key, "kept": what}).encode())


def write_kept(file: Path, content: bytes) -> None:
    """Write a file that can be done without: where it cannot be written, nothing is."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)


class KeptByName:
    """Values of JSON by name, in a file; those of another key are not used."""

    def __init__(self, file: Path, key: str) -> None:
        """Read what is kept in a file."""
        self._file, self._key = file, key
        kept = read_kept(file, key)
        self._kept: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self._is_changed = False

    def of(self, name: str, made: Callable[[], Any]) -> Any:
        """A value; made where it is not kept, and then kept where it is not empty and comes back as it is."""
        if name in self._kept:
            return self._kept[name]
        value = made()
        if value and _is_json(value):
            self._kept[name] = value
            self._is_changed = True
        return value

    def keep(self) -> None:
        """Write what is new."""
        if self._is_changed:
            keep(self._file, self._key, self._kept)
            self._is_changed = False


def _is_json(value: Any) -> bool:
    """Whether it is the same when it is read again."""
    try:
        return bool(json.loads(json.dumps(value)) == value)
    except (TypeError, ValueError):
        return False


def key_of_files(
    folder: Path, parts: Iterable[str], libraries: Iterable[str], told: Iterable[str] = (), pattern: str = "*"
) -> str:
    """A hash of files, of versions of libraries, and of what else is told.

    Args:
        folder: Where the parts lie.
        parts: Files, and folders of which all files count whose names match the pattern.
        libraries: Their distributions.
        told: What else counts.
        pattern: Of names of files in folders.
    """
    digest = hashlib.sha256()
    for piece in _pieces(folder, parts, libraries, told, pattern):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()


def _pieces(
    folder: Path, parts: Iterable[str], libraries: Iterable[str], told: Iterable[str], pattern: str
) -> Iterator[bytes]:
    for name in libraries:
        yield f"{name} {version(name)}".encode()
    for text in told:
        yield text.encode()
    for part in parts:
        for file in _files(folder / part, pattern):
            yield file.relative_to(folder).as_posix().encode()
            yield file.read_bytes()


def _files(part: Path, pattern: str) -> Iterator[Path]:
    if part.is_dir():
        yield from sorted(file for file in part.rglob(pattern) if file.is_file())
    elif part.is_file():
        yield part
