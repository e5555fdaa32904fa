"""`jobmatch export`: a table of the published copy as a file."""

import datetime as dt
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import err
from jobmatch_assets.settings import Settings
from jobmatch_assets.text import printable

if TYPE_CHECKING:
    from jobmatch_assets.exports.export import Exported
    from jobmatch_assets.warehouse.selection import Filter, Selection

_STANDARD_OUTPUT = "-"


@click.command()
@click.argument("table")
@click.option("--from", "first", callback=options.day, metavar="DATE", help="First date; default: all dates.")
@click.option("--to", "last", callback=options.day, metavar="DATE", help="Last date; default: --from.")
@click.option(
    "--all-groups", is_flag=True, help="Also rows by platform, surface, variant …, not only totals."
)
@click.option(
    "--where",
    "filters",
    multiple=True,
    callback=options.filters,
    metavar="CONDITION",
    help="Only rows with column=value (or !=, <, <=, >, >=), 'column is null' or 'column is not null'; "
    "several must all hold.",
)
@click.option("--columns", callback=options.names, metavar="A,B,…", help="Only these columns, in this order.")
@click.option(
    "--format",
    "format_",
    metavar="csv|parquet|xlsx",
    help="Default: what the name of --out ends with, else csv.",
)
@click.option(
    "--out",
    metavar="PATH",
    help="A file, or a folder; default: exports/ beside the published copy. -: CSV to standard output.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def export(
    table: str,
    first: dt.date | None,
    last: dt.date | None,
    all_groups: bool,
    filters: "tuple[Filter, ...]",
    columns: tuple[str, ...],
    format_: str | None,
    out: str | None,
    force: bool,
) -> None:
    """Write a gold TABLE, e.g. funnel_daily, to a file, as it was published last; print the file's path."""
    dates = options.date_range(first, last)
    if out == _STANDARD_OUTPUT and format_ not in (None, "csv"):
        raise click.UsageError(f"--out - writes CSV: leave out --format {format_}, or name a file")
    with one_paragraph_errors():
        from jobmatch_assets.exports.export import export as export_table
        from jobmatch_assets.exports.export import format_of
        from jobmatch_assets.warehouse.selection import Selection

        wanted = Selection(
            table,
            dates.first if dates else None,
            dates.last if dates else None,
            totals_only=not all_groups,
            filters=filters,
            columns=columns,
        )
        settings = Settings.from_environment()
        if out == _STANDARD_OUTPUT:
            exported = _to_standard_output(settings, wanted)
        else:
            path = Path(out) if out else None
            exported = export_table(settings, wanted, format_of(format_, path), path, force)
            click.echo(printable(str(exported.path)))
    err.say(f"{exported.rows:,} row{'' if exported.rows == 1 else 's'} of {table}.")
    for note in exported.notes:
        err.say(note)


def _to_standard_output(settings: Settings, wanted: "Selection") -> "Exported":
    from jobmatch_assets.exports.export import export as export_table

    with tempfile.TemporaryDirectory(prefix="jobmatch-export-") as folder:
        exported = export_table(settings, wanted, "csv", Path(folder) / "rows.csv")
        if sys.stdout.isatty():
            with exported.path.open(encoding="utf-8", newline="") as lines:
                for line in lines:
                    click.echo(printable(line, keep="\r\n"), nl=False)
        else:
            with exported.path.open("rb") as file:
                shutil.copyfileobj(file, click.get_binary_stream("stdout"))
    return exported
