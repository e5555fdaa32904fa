"""What takes long to make and follows from versions alone: made once, and kept where dbt keeps its parse."""

from collections.abc import Callable
from contextlib import suppress

from jobmatch_assets.settings.locations import kept_dir
from jobmatch_assets.whole_files import write_whole


def kept(what: str, version: str, make: Callable[[], str]) -> str:
    """A text that was made before, or else is made, and kept where that is possible; those before it go.

    Args:
        what: What it is, the first part of its file's name.
        version: What it was made from, the rest of its file's name.
        make: Makes it.
    """
    folder = kept_dir()
    path = folder / f"{what}-{version}"
    with suppress(OSError):
        return path.read_text(encoding="utf-8")
    text = make()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
        for other in folder.glob(f"{what}-*"):
            if other != path:
                other.unlink(missing_ok=True)
    return text
