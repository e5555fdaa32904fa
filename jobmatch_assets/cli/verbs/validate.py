"""`jobmatch validate`: what would become of each line of a file."""

import datetime as dt
import sys

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.settings import Settings


@click.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True), metavar="FILE|-"
)
@click.option(
    "--dt",
    "day",
    callback=options.day,
    metavar="DATE",
    help="The UTC day that the file is written for; default: the one in its path, else today.",
)
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: an object for each rejected line, and one for the whole at the end.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help="Most rejected lines to print; default: 20 as text, all of them as json.",
)
def validate(file: str, day: dt.date | None, layout: str, limit: int | None) -> None:
    """Say what would become of each line of FILE, or of standard input (-).

    Rejected lines are printed with their number, the reason, and what to do. Nothing is loaded, and no
    warehouse is needed. docs/events.md describes what a line may hold. Exit code: 0 if all lines are valid,
    1 if one is not or the file cannot be read to its end, 2 for a wrong call.
    """
    from jobmatch_assets.validation.judgement import judged
    from jobmatch_assets.validation.report import json_report, text_report
    from jobmatch_assets.validation.source import day_of_source

    source_day = day_of_source(file, day, today=dt.datetime.now(dt.UTC).date())
    with one_paragraph_errors(), judged(Settings.from_environment(), file, source_day.day) as judgement:
        report = json_report if layout == "json" else text_report
        for line in report(file, source_day, judgement, limit):
            click.echo(line)
    sys.exit(1 if judgement.rejected else 0)
