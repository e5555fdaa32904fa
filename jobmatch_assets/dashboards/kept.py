"""What takes long to make and follows from versions alone: made once, and kept beside the pages."""

import os
from collections.abc import Callable
from pathlib import Path


def kept(folder: Path, what: str, version: str, make: Callable[[], str]) -> str:
    """A text that was made before, or else is made and kept; those of other versions go.

    Args:
        folder: Where it is kept.
        what: What it is, the first part of its file's name.
        version: What it was made from, the rest of its file's name.
        make: Makes it.

    Raises:
        OSError: The folder cannot be written to.
    """
    path = folder / f"{what}-{version}"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    text = make()
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
    for other in folder.glob(f"{what}-*"):
        if other != path:
            other.unlink(missing_ok=True)
    return text
