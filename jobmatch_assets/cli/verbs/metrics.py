"""`jobmatch metrics`: what each metric means, and answers to questions for them."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.dictionary.question import GRAINS, Condition, Grain, Question
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    from jobmatch_assets.warehouse.selection import Filter


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--by",
    multiple=True,
    metavar="DIMENSION",
    help="Split the numbers by a dimension: platform, surface, experiment_id …; may be repeated.",
)
@click.option(
    "--grain",
    type=click.Choice(GRAINS),
    help="Put dates together to weeks (from Monday), months, or all; default: as the table has them.",
)
@click.option("--from", "first", callback=options.day, metavar="DATE", help="First date; default: all dates.")
@click.option("--to", "last", callback=options.day, metavar="DATE", help="Last date; default: --from.")
@click.option(
    "--where",
    "filters",
    multiple=True,
    callback=options.filters,
    metavar="CONDITION",
    help="Only rows with dimension=value (or !=, <, <=, >, >=); several must all hold.",
)
@click.option("--explain", is_flag=True, help="Say all of what the metrics mean, in place of their numbers.")
@click.option(
    "--show-sql",
    is_flag=True,
    help="Print the SQL, of the engine that JOBMATCH_TARGET names, and do not run it.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "csv", "json")),
    default="table",
    show_default=True,
    help="For people; or for programs, with every value exact.",
)
def metrics(
    names: tuple[str, ...],
    by: tuple[str, ...],
    grain: Grain | None,
    first: dt.date | None,
    last: dt.date | None,
    filters: "tuple[Filter, ...]",
    explain: bool,
    show_sql: bool,
    format_: str,
) -> None:
    """Print metrics by NAME from the published copy of gold; without a NAME, list all that there are.

    Counts add up, and rates are put together as the ratio of sums. Users, medians and means are not: what
    cannot be put together as asked is refused with the reason.
    """
    from jobmatch_assets.cli import metric_rows
    from jobmatch_assets.pipeline.platform import Platform

    dates = options.date_range(first, last)
    if (by or grain or dates or filters or show_sql) and (not names or explain):
        raise click.UsageError(
            "--by, --grain, --from, --where and --show-sql are about the numbers of a NAME"
        )
    question = Question(
        names, by, grain, dates, [Condition(found.column, found.operator, found.text) for found in filters]
    )
    with one_paragraph_errors():
        quiet_libraries()
        platform = Platform.of(Settings.from_environment())
        if explain or not names:
            metric_rows.print_definitions(platform, names, explain, format_, out)
        elif show_sql:
            metric_rows.print_sql(platform, question)
        else:
            metric_rows.print_answer(platform, question, format_, out)
