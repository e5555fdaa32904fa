"""Where an export goes: a file that appears whole, and takes the place of another only if that is wanted."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from jobmatch_assets.exports.errors import ExportError
from jobmatch_assets.warehouse.selection import Selection
from jobmatch_assets.whole_files import written_whole

FOLDER = "exports"
"""Beside the published copy; files go there that nobody names a place for."""


def destination(out: Path | None, published: Path, wanted: Selection, suffix: str) -> Path:
    """The file to be written.

    Args:
        out: A file, or a folder that is there; None for the folder `exports` beside the published copy, which
            is made.
        published: The published copy.
        wanted: What is exported; the name of a file in a folder tells it.
        suffix: What the name of the file ends with.

    Raises:
        ExportError: The folder is not there.
    """
    if out is None:
        out = published.parent / FOLDER
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(f"{out} cannot be made: {error}. Name a file of yours with --out.") from None
    if out.is_dir():
        return out / f"{_name(wanted)}{suffix}"
    if not out.parent.is_dir():
        raise ExportError(f"There is no folder {out.parent} for {out.name}. Make it, or name another place.")
    return out


def _name(wanted: Selection) -> str:
    dates = [str(day) for day in dict.fromkeys((wanted.first, wanted.last)) if day]
    groups = [] if wanted.totals_only else ["all_groups"]
    return "_".join([wanted.table, *dates, *groups])


@contextmanager
def exported_whole(path: Path, force: bool, never: Collection[Path]) -> Iterator[Path]:
    """A new file for the block to write, which becomes the wanted one at its end, at once.

    Args:
        path: The file that is wanted; of a link the file that it leads to.
        force: Whether it takes the place of a file that is there.
        never: Files whose place it takes in no case.

    Yields:
        The new file, beside it.

    Raises:
        ExportError: There is a file already, or it cannot be written.
    """
    path = path.resolve()
    _see_that_it_may_be_written(path, force, never)
    try:
        with written_whole(path) as unfinished:
            yield unfinished
            _see_that_it_may_be_written(path, force, never)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: {error}. Name a file in a folder that this user may write to, and "
            "that has room."
        ) from None


def _see_that_it_may_be_written(path: Path, force: bool, never: Collection[Path]) -> None:
    if not path.exists():
        return
    if any(other.exists() and path.samefile(other) for other in never):
        raise ExportError(f"{path} holds tables of the platform. Name another file.")
    if not path.is_file():
        raise ExportError(f"{path} is no file. Name another; `--out -` writes CSV to standard output.")
    if not force:
        raise ExportError(
            f"{path} is there already, and stays as it is. Name another file, or say that it is replaced: "
            "--force, in the config of the job `force: true`."
        )
