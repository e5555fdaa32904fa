"""Rows of a table, with what a reader must know of them: what `jobmatch show` reads and prints."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from jobmatch_assets.cli.rows_export import as_csv, as_json
from jobmatch_assets.cli.rows_table import print_rows
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.contracts.experiment_tables import AB_RESULTS
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.metrics.verdict import verdict
from jobmatch_assets.pipeline.held_back import notes_on
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.text import printable
from jobmatch_assets.warehouse.port import Warehouse
from jobmatch_assets.warehouse.selection import Preview, Selection

FORMATS = ("table", "csv", "json")

_VERDICT, _BEFORE_VERDICT = "verdict", "metric"


@dataclass(frozen=True)
class Shown:
    """Rows, and notes on their dates."""

    preview: Preview
    notes: Sequence[str]


def look(platform: Platform, selection: Selection, format_: str) -> Shown:
    """Read what is wanted, and leave no trace.

    Raises:
        WarehouseError: There is no such warehouse, table or column.
    """
    with platform.look() as session:
        preview = _with_verdict(session.warehouse, selection, format_)

        def concerns(day: dt.date) -> bool:
            # Without a last date, the dates that are missing at the end matter most.
            last = preview.last if selection.last else dt.date.max
            return preview.first is None or (last is not None and preview.first <= day <= last)

        notes = notes_on(session, TableKey(preview.layer, selection.table), concerns)
    return Shown(preview, notes)


def _with_verdict(warehouse: Warehouse, selection: Selection, format_: str) -> Preview:
    """The rows; those of ab_results with a verdict in words, on a terminal or where it is asked for."""
    asked = _VERDICT in selection.columns
    if selection.table != AB_RESULTS.table or not (asked or (format_ == "table" and not selection.columns)):
        return warehouse.preview(selection)
    found = warehouse.preview(replace(selection, columns=()))
    if asked:
        selection = replace(selection, columns=tuple(c for c in selection.columns if c != _VERDICT))
        selection.checked_columns(found.columns)
        columns = [*dict.fromkeys(selection.columns), _VERDICT]
    else:
        place = found.columns.index(_BEFORE_VERDICT) + 1
        columns = [*found.columns[:place], _VERDICT, *found.columns[place:]]
    rows = [{**row, _VERDICT: verdict(row).text} for row in found.rows]
    return replace(found, columns=columns, rows=rows)


def export(shown: Shown, format_: str, err: Terminal) -> None:
    """Write the rows for a program; notes go to where errors go."""
    preview = shown.preview
    write = as_csv if format_ == "csv" else as_json
    text = write(preview.columns, preview.rows)
    if sys.stdout.isatty():
        text = printable(text, keep="\r\n")
    click.echo(text.encode(), nl=False)
    for note in _notes(shown):
        err.say(note)


def print_table(shown: Shown, selection: Selection, out: Terminal) -> None:
    """Print the rows for people, then the notes."""
    preview = shown.preview
    notes = _notes(shown)
    if not preview.rows:
        out.say(f"{_title(preview, selection)}.")
    else:
        rolled_up = [] if selection.columns else preview.totals
        left_out = print_rows(
            _title(preview, selection),
            [name for name in preview.columns if name not in rolled_up],
            preview.rows,
            out,
            date_column=preview.date_column,
            wrapped=_VERDICT if _VERDICT in preview.columns else None,
            whole=bool(selection.columns),
        )
        notes = [*left_out, *notes]
    for note in notes:
        out.say(note)


def _title(preview: Preview, selection: Selection) -> str:
    dates = f", {_dates(preview.first, preview.last)}" if preview.first else ""
    count = len(preview.rows)
    if not count and preview.total:
        rows = f"0 of {preview.total:,} rows"
    elif not count:
        rows = "no such rows" if selection.filters or selection.first else "no rows"
    elif count < preview.total:
        rows = f"{count:,} of {preview.total:,} rows, the newest first"
    else:
        rows = f"{count:,} row{'' if count == 1 else 's'}"
    return f"{selection.table}{dates}: {rows}"


def _dates(first: Any, last: Any) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _notes(shown: Shown) -> list[str]:
    preview = shown.preview
    notes = []
    if len(preview.rows) < preview.total:
        notes.append(f"{len(preview.rows):,} of {preview.total:,} rows: --limit {preview.total} shows all.")
    if preview.totals:
        notes.append(
            f"Totals over {', '.join(preview.totals)} (__all__): --all-groups shows their parts, too."
        )
    return [*notes, *shown.notes]
