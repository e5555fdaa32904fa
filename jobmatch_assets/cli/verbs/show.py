"""`jobmatch show`: rows of a table, for people or for programs."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import err, out
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    from jobmatch_assets.warehouse.selection import Filter


@click.command()
@click.argument("table")
@click.option(
    "--from",
    "first",
    callback=options.day,
    metavar="DATE",
    help="First date; default: the last seven, of a week's table weeks.",
)
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
@click.option(
    "--columns", callback=options.names, metavar="A,B,…", help="Only these columns, in this order, whole."
)
@click.option(
    "--limit", type=click.IntRange(0, 10_000_000), default=50, show_default=True, help="Most rows to print."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "csv", "json")),
    default="table",
    show_default=True,
    help="For people; or for programs, with every value exact: CSV (RFC 4180, NULL is empty), or a JSON "
    "array with an object a row.",
)
def show(
    table: str,
    first: dt.date | None,
    last: dt.date | None,
    all_groups: bool,
    filters: "tuple[Filter, ...]",
    columns: tuple[str, ...],
    limit: int,
    format_: str,
) -> None:
    """Print rows of a silver or gold TABLE, e.g. funnel_daily, the newest dates first."""
    from jobmatch_assets.cli.rows import export, look, print_table
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.warehouse.selection import Selection

    dates = options.date_range(first, last)
    selection = Selection(
        table,
        dates.first if dates else None,
        dates.last if dates else None,
        totals_only=not all_groups,
        filters=filters,
        columns=columns,
        most=limit,
    )
    with one_paragraph_errors():
        quiet_libraries()
        shown = look(Platform.of(Settings.from_environment()), selection, format_)
        if format_ == "table":
            print_table(shown, selection, out)
        else:
            export(shown, format_, err)
