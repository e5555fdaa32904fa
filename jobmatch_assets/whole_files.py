"""Files that appear whole or not at all: written beside their place, renamed when they are on the disk."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A new file for the block to write, which becomes the wanted one at its end, at once.

    Whoever has the file open that was there before goes on reading it as it was. A block that ends with an
    error leaves it in its place, and nothing beside it.

    Args:
        path: The file that is wanted, in a folder that is there.

    Yields:
        The new file, of a name that no other writer of the same file has.

    Raises:
        OSError: It cannot be written.
    """
    unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears whole.

    Args:
        path: The file, in a folder that is there.
        content: All that it holds.

    Raises:
        OSError: It cannot be written.
    """
    with written_whole(path) as unfinished:
        unfinished.write_bytes(content)
