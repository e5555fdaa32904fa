"""`jobmatch run`: load what has landed and build every table that it touches."""

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors, tell_error
from jobmatch_assets.cli.terminal import err, out
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

    from jobmatch_assets.pipeline.acceptance import Acceptance


@click.command()
@click.option(
    "--from", "first", callback=options.day, metavar="DATE", help="First day to build, changed or not."
)
@click.option(
    "--to", "last", callback=options.day, metavar="DATE", help="Last day to build; default: --from."
)
@click.option(
    "--select", metavar="SELECTION", help='Only these assets, e.g. group:gold or key:"silver/events".'
)
@click.option(
    "--add-landing",
    is_flag=True,
    help="Take in the files of a landing root that the warehouse was not loaded from: they belong together.",
)
@click.option(
    "--accept-quarantine",
    "accepted",
    callback=options.days,
    multiple=True,
    metavar="DATE[..DATE]",
    help="Build what is held back by the quarantined lines that the date has now; of a range those dates "
    "that are. May be repeated.",
)
@click.option("--by", metavar="NAME", help="Who accepts it, for the record; default: the system's user.")
def run(
    first: dt.date | None,
    last: dt.date | None,
    select: str | None,
    add_landing: bool,
    accepted: list[DateRange],
    by: str | None,
) -> None:
    """Load what has landed and build every table that it touches.

    Without --from, new files are loaded and the dates that they touch are built; a second run finds nothing
    to do. With --from and --to, the files of these days are looked at and these dates are built whether they
    changed or not; other dates are built, too, where loaded lines touch them.
    """
    dates = options.date_range(first, last)
    if select and not dates:
        raise click.UsageError("--select needs --from (and --to): the dates to build")
    if select and accepted:
        raise click.UsageError("--accept-quarantine builds all that it frees: leave out --select")
    if by is not None and not (accepted and by.strip()):
        raise click.UsageError("--by names who gives --accept-quarantine")
    from jobmatch_assets.orchestration.launchers.command_instance import command_instance
    from jobmatch_assets.pipeline.acceptance import Acceptance, system_user

    with one_paragraph_errors():
        settings = Settings.from_environment()
        quiet_libraries()
        with command_instance(has_turns=settings.target == "duckdb") as instance:
            acceptance = Acceptance(accepted, by or system_user())
            problems = _run(settings, instance, dates, select, add_landing, acceptance)
    for problem in problems:
        tell_error(problem)
    sys.exit(1 if problems else 0)


def _run(
    settings: Settings,
    instance: "dg.DagsterInstance",
    dates: DateRange | None,
    select: str | None,
    add_landing: bool,
    acceptance: "Acceptance",
) -> list[str]:
    """Do what there is to do and print what was done; returns what went wrong."""
    from jobmatch_assets.cli.reporting import print_left_out, print_report
    from jobmatch_assets.definitions import build_definitions
    from jobmatch_assets.orchestration.command_runs import check_partitions, materialize, process
    from jobmatch_assets.orchestration.launchers.dead_runs import end_dead_runs
    from jobmatch_assets.orchestration.run_report import RunReport
    from jobmatch_assets.pipeline.acceptance import AcceptanceError, dates_to_accept
    from jobmatch_assets.pipeline.erasure_requests import told_of_requests
    from jobmatch_assets.pipeline.landing_checks import look
    from jobmatch_assets.pipeline.landing_root import add_landing_root
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.pipeline.renewed_tables import renew_tables
    from jobmatch_assets.pipeline.settings_check import mixed_settings
    from jobmatch_assets.pipeline.work import find_work

    for dead in end_dead_runs(instance):
        err.print(dead, markup=False, soft_wrap=True)
    platform = Platform.of(settings)
    seen = look(platform)
    if seen.problem:
        raise seen.problem
    if seen.is_empty:
        print_left_out(seen, out)
        raise LandingError(
            f"{settings.landing} holds no finished file of a feed. Files are looked for {_looked_for()}. "
            "Names that start with . or _ or end with .tmp or .part are unfinished. "
            "`jobmatch generate` makes some."
        )
    if dates:
        check_partitions(settings, dates)
    with platform.open() as session:
        session.prepare()
        renew_tables(session)
        if add_landing:
            add_landing_root(session)
        try:
            dates_to_accept(session.findings, acceptance.ranges)
        except AcceptanceError as error:
            return [str(error)]
        work = find_work(seen, session)
    if work.refusal:
        raise LandingError(work.refusal)
    report = RunReport(platform.plan)
    if select and dates:
        report = materialize(lambda: build_definitions(settings), platform.plan, instance, select, dates)
    elif work or dates or acceptance.ranges:
        report = process(lambda: build_definitions(settings), platform.plan, instance, dates, acceptance)
    try:
        with platform.open() as session:
            print_report(report, seen, find_work(seen, session), session, out)
            for told in (*mixed_settings(session), *told_of_requests(session, seen)):
                out.say(told)
    except Exception as error:
        if click.get_current_context().obj:
            raise
        err.say(f"The run is done; its report cannot be shown: {error}")
    return report.problems


def _looked_for() -> str:
    """Below which folders of the landing root files are looked for, and under which names."""
    from jobmatch_assets.landing.layouts import LAYOUTS

    return "; ".join(f"below {feed.name}/ as {LAYOUTS[feed.layout.name].looked_for}" for feed in FEEDS)
