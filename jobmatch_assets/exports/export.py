"""Exporting a table: from the published copy, which both engines have, to one file."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from jobmatch_assets.exports.csv_file import write_csv
from jobmatch_assets.exports.destination import destination, exported_whole
from jobmatch_assets.exports.errors import ExportError
from jobmatch_assets.exports.notes import notes_on
from jobmatch_assets.exports.parquet_file import write_parquet
from jobmatch_assets.exports.selected import Selected, selected
from jobmatch_assets.exports.workbook import write_workbook
from jobmatch_assets.published.copy import opened
from jobmatch_assets.published.state import Publication, publication_of
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets.warehouse.publication.parquet import parquet_folder
from jobmatch_assets.warehouse.selection import Selection

Writer = Callable[
    [duckdb.DuckDBPyConnection, Selected, Path, Publication | None, Sequence[str]],
    None,
]

WRITERS: dict[str, Writer] = {
    "csv": lambda copy, chosen, path, *_: write_csv(copy, chosen, path),
    "parquet": lambda copy, chosen, path, *_: write_parquet(copy, chosen, path),
    "xlsx": write_workbook,
}
"""Who writes which format; a file's name ends with it."""


@dataclass(frozen=True)
class Exported:
    """A file that was written.

    Attributes:
        path: Where it is.
        rows: How many rows it has.
        notes: What a reader must know of them, a paragraph each.
    """

    path: Path
    rows: int
    notes: Sequence[str]


def format_of(wanted: str | None, out: Path | None) -> str:
    """The format that is wanted: the one that is named, else that of the file's name, else CSV.

    Raises:
        SelectionError: There is no such format, or the file's name says another.
    """
    named = out.suffix.lower().removeprefix(".") if out and not out.is_dir() else ""
    if wanted is None:
        return named if named in WRITERS else "csv"
    if wanted not in WRITERS:
        (close, *_) = difflib.get_close_matches(wanted.lower(), WRITERS, 1) or [""]
        meant = f" Is {close} meant?" if close else ""
        raise SelectionError(f"There is no format {wanted}.{meant} There are: {', '.join(WRITERS)}.")
    if named in WRITERS and named != wanted:
        raise SelectionError(f"{out} is called {named} and would hold {wanted}: name one of the two only.")
    return wanted


def export(
    settings: Settings, wanted: Selection, format_: str, out: Path | None = None, force: bool = False
) -> Exported:
    """Write rows of a table of the published copy to a file.

    Args:
        settings: The settings in force.
        wanted: Rows and columns; without a first date, all dates.
        format_: csv, parquet or xlsx.
        out: A file or a folder; None for `exports` beside the published copy.
        force: Whether a file that is there is replaced.

    Raises:
        CopyError: There is no published copy.
        SelectionError: It has no such table or column, or the format cannot hold the rows.
        ExportError: The file cannot be written, or is there already.
    """
    parquet = parquet_folder(settings.published_path).glob("*.parquet")
    platforms = (settings.published_path, settings.duckdb_path, *parquet)
    with opened(settings.published_path) as copy:
        chosen = selected(copy, wanted)
        publication = publication_of(copy)
        notes = notes_on(copy, publication, wanted, chosen)
        path = destination(out, settings.published_path, wanted, f".{format_}")
        with exported_whole(path, force, never=platforms) as unfinished:
            try:
                WRITERS[format_](copy, chosen, unfinished, publication, notes)
            except duckdb.IOException as error:
                raise ExportError(
                    f"{path} cannot be written: {str(error).splitlines()[0]}. Name a file in a folder that "
                    "this user may write to, and that has room."
                ) from None
    return Exported(path, chosen.rows, notes)
