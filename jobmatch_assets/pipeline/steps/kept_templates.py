"""Jinja templates of dbt's project, compiled, and kept on disk for as long as their texts stay the same.

dbt compiles those of a thousand macros, models and tests in every process, which takes longer than most of
their statements. What is kept is bytecode, as Python keeps it of modules: who writes it has his code run. So
a file is read only where this user alone may have written it.
"""

import hashlib
import marshal
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from jobmatch_assets.whole_files import written_whole

if TYPE_CHECKING:
    from jinja2 import Environment


class KeptTemplates:
    """Compiled templates, by what they follow from.

    A file that cannot be read, that others may write, or that other versions of Python, Jinja or dbt have
    written, holds none; one that cannot be written is left out. Users who share a folder compile for
    themselves.
    """

    def __init__(self, folder: Path) -> None:
        """Read what is kept.

        Args:
            folder: Where it is kept.
        """
        self._file = folder / "kept_templates.bin"
        self._mark = _versions()
        self._code: dict[bytes, CodeType] = self._read()
        self._kept = len(self._code)
        self._used: dict[bytes, CodeType] = {}

    def of(self, environment: "Environment", source: str, compiled: Callable[[], Any]) -> Any:
        """The code of a template.

        Args:
            environment: What compiles it.
            source: Its text.
            compiled: Compiles it, where it is not kept.
        """
        key = _key(environment, source)
        if key not in self._code:
            self._code[key] = compiled()
        self._used[key] = self._code[key]
        return self._code[key]

    def keep(self) -> None:
        """Write what is new; without what this process did not use, where there is too much of it."""
        if len(self._code) == self._kept:
            return
        content = marshal.dumps(dict(self._code))
        if len(content) > MOST_BYTES:
            content = marshal.dumps(dict(self._used))
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(self._file) as unfinished:
                # Nobody else may have it open to write when it is complete.
                new = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(new, "wb") as file:
                    file.write(_marked(self._mark, content) + content)
        self._kept = len(self._code)

    def _read(self) -> dict[bytes, CodeType]:
        try:
            with os.fdopen(os.open(self._file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                if not _is_own(file.fileno()):
                    return {}
                written = file.read()
        except OSError:
            return {}
        mark, content = written[:_LENGTH], written[_LENGTH:]
        if mark != _marked(self._mark, content):
            return {}
        code: dict[bytes, CodeType] = marshal.loads(content)  # noqa: S302 (written by this user alone)
        return code


MOST_BYTES = 16 * 2**20
"""What is kept at most: five times what a project needs, since those of an edited one stay beside it."""

_LENGTH = hashlib.sha256().digest_size


def _is_own(file: int) -> bool:
    """Whether nobody but this user may have written an open file."""
    status = os.fstat(file)
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _marked(versions: bytes, content: bytes) -> bytes:
    """A hash of what is kept, and of what wrote it: a file that was cut off is not read."""
    return hashlib.sha256(versions + content).digest()


def _versions() -> bytes:
    """Bytecode of another Python cannot be run, and another Jinja or dbt compiles otherwise."""
    libraries = [f"{name} {version(name)}" for name in ("jinja2", "dbt-common")]
    return " ".join([sys.version, *libraries]).encode()


def _key(environment: "Environment", source: str) -> bytes:
    kind = type(environment)
    parts = [f"{kind.__module__}.{kind.__qualname__}", *sorted(environment.extensions), source]
    return hashlib.sha256("\0".join(parts).encode()).digest()
