"""Losing rights: tests often run as root, whom no permission stops."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run the block as a user without rights, if this process is root's."""
    if os.geteuid() != 0:
        yield
        return
    group = os.getegid()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


def let_everyone_reach(folder: Path) -> None:
    """Open a temporary folder and those it lies in to other users."""
    while (
        folder.stat().st_uid == os.geteuid()
        and not folder.stat().st_mode & 0o1000
        and folder != folder.parent
    ):
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """A file or folder with these permissions for the time of the block."""
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)
