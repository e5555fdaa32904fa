"""`jobmatch retain` and `jobmatch restore`: lines of old days go to archives, and come back."""

import datetime as dt

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.dates import shown
from jobmatch_assets.settings import Settings


@click.command()
@click.option(
    "--days",
    type=click.IntRange(0, 36_525),
    required=True,
    help="Days before the last date of the data that stay.",
)
def retain(days: int) -> None:
    """Move lines of files of old days from bronze to archives, and remove old runs from Dagster's storage.

    Silver and gold stay as they are. A day that a file comes for, or that is built again, gets its lines back
    before.
    """
    from jobmatch_assets.orchestration.launchers.command_instance import command_instance
    from jobmatch_assets.orchestration.pruning import prune
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.retention import old_days

    with one_paragraph_errors():
        settings = Settings.from_environment()
        quiet_libraries()
        with Platform.of(settings).open() as session:
            session.prepare()
            done = old_days.retain(session, days)
        if done.last is None:
            out.say("Nothing is loaded, so nothing is old.")
            return
        with command_instance(has_turns=settings.target == "duckdb") as instance:
            pruned = prune(instance, done.last, days)
    first_kept = done.last - dt.timedelta(days=days)
    out.say(f"The last date of the data is {done.last}: what lies before {first_kept} is old.")
    lines = sum(entry.lines for entry in done.moved)
    moved = shown({entry.dt for entry in done.moved}) or "none"
    out.say(f"Days moved to {settings.archive_path}: {moved} ({lines:,} lines, read back and compared).")
    if done.left:
        out.say(
            f"Left, since they are not staged: {shown(done.left)}. `jobmatch run` says why, or stages them."
        )
    for feed in done.kept:
        out.say(f"Lines of {feed.name} stay: they are read again whenever something changes.")
    out.say(f"Runs removed from Dagster's storage: {pruned.runs}.")


@click.command()
@click.option("--from", "first", callback=options.day, metavar="DATE", help="First day; default: all days.")
@click.option("--to", "last", callback=options.day, metavar="DATE", help="Last day; default: --from.")
def restore(first: dt.date | None, last: dt.date | None) -> None:
    """Bring lines that `jobmatch retain` has moved back to bronze; silver and gold stay as they are."""
    dates = options.date_range(first, last)
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.retention import old_days

    with one_paragraph_errors():
        settings = Settings.from_environment()
        quiet_libraries()
        with Platform.of(settings).open() as session:
            session.prepare()
            done = old_days.restore(session, dates)
    days = shown({entry.dt for entry in done}) or "none"
    out.say(f"Days brought back: {days} ({sum(entry.lines for entry in done):,} lines).")
