"""The `jobmatch` command: what people type, and how they are told what happened."""

import datetime as dt
import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.highlighter import NullHighlighter
from rich.logging import RichHandler

from jobmatch_assets.cli import demo as demo_data
from jobmatch_assets.cli.terminal import PlainErrorsGroup, Terminal
from jobmatch_assets.errors import PlatformError, RequestError
from jobmatch_assets.interruption import INTERRUPTED, received
from jobmatch_assets.landing.names import LAYOUT
from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.orchestration.launchers.dagster_home import enter_dagster_home
from jobmatch_assets.settings import SETTINGS, Settings, SettingsError
from jobmatch_assets.settings.locations import data_dir, is_clone, shipped
from jobmatch_assets.simulation.command import generate
from jobmatch_assets.text import printable

if TYPE_CHECKING:
    import dagster as dg

    from jobmatch_assets.dates import DateRange
    from jobmatch_assets.pipeline.acceptance import Acceptance
    from jobmatch_assets.warehouse.selection import Filter

_out = Terminal()
_err = Terminal(stderr=True)


def _settings_help() -> str:
    lines = ["Settings are environment variables:", ""]
    for setting in SETTINGS.values():
        lines += ["\b", f"{setting.variable}={setting.default or '(empty)'}", f"    {setting.meaning}", ""]
    return "\n".join(lines)


class _Interruptible(PlainErrorsGroup):
    """Leaves it to the program to say that it was interrupted."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None


@click.group(cls=_Interruptible, epilog=_settings_help(), context_settings={"max_content_width": 100})
@click.version_option(package_name="jobmatch")
@click.option("--traceback", is_flag=True, help="Show where in the code an unexpected error came from.")
@click.option(
    "--demo", "of_demo", is_flag=True, help="With the data of `jobmatch demo` in place of your own."
)
@click.pass_context
def main(context: click.Context, traceback: bool, of_demo: bool) -> None:
    """Turn search, impression, click and apply events into numbers that people decide on."""
    context.obj = traceback
    try:
        Path.cwd()
    except OSError:
        raise click.ClickException(
            "The working directory is gone, or may not be read: change to another one (cd)."
        ) from None
    if of_demo:
        folder = demo_data.folder_of_demo()
        if not demo_data.is_there(folder):
            raise click.UsageError("--demo: there is no demo yet, `jobmatch demo` makes it")
        with _one_paragraph_errors():
            demo_data.use(folder)


main.add_command(generate)


def _day(_context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value} is not a date (YYYY-MM-DD)", param=parameter) from None


def _days(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> "list[DateRange]":
    from jobmatch_assets.dates import DateRange

    try:
        return [DateRange.of_text(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(
            f"{', '.join(values)}: {error}. Write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD", param=parameter
        ) from None


def _date_range(first: dt.date | None, last: dt.date | None) -> "DateRange | None":
    from jobmatch_assets.dates import DateRange

    if last is not None and first is None:
        raise click.UsageError("--to needs --from")
    if first and last and last < first:
        raise click.UsageError(f"--to {last} lies before --from {first}")
    return DateRange(first, last or first) if first else None


@main.command()
@click.option("--from", "first", callback=_day, metavar="DATE", help="First day to build, changed or not.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="Last day to build; default: --from.")
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
    callback=_days,
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
    accepted: "list[DateRange]",
    by: str | None,
) -> None:
    """Load what has landed and build every table that it touches.

    Without --from, new files are loaded and the dates that they touch are built; a second run finds nothing
    to do. With --from and --to, the files of these days are looked at and these dates are built whether they
    changed or not; other dates are built, too, where loaded lines touch them.
    """
    dates = _date_range(first, last)
    if select and not dates:
        raise click.UsageError("--select needs --from (and --to): the dates to build")
    if select and accepted:
        raise click.UsageError("--accept-quarantine builds all that it frees: leave out --select")
    if by is not None and not (accepted and by.strip()):
        raise click.UsageError("--by names who gives --accept-quarantine")
    from jobmatch_assets.pipeline.acceptance import Acceptance, system_user

    with _one_paragraph_errors():
        settings = Settings.from_environment()
        _quiet_libraries()
        with _dagster_instance(settings) as instance:
            acceptance = Acceptance(accepted, by or system_user())
            problems = _run(settings, instance, dates, select, add_landing, acceptance)
    for problem in problems:
        _tell_error(problem)
    sys.exit(1 if problems else 0)


def _run(
    settings: Settings,
    instance: "dg.DagsterInstance",
    dates: "DateRange | None",
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
    from jobmatch_assets.pipeline.landing_root import add_landing_root
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.pipeline.settings_check import mixed_settings
    from jobmatch_assets.pipeline.work import Landed, find_work

    for dead in end_dead_runs(instance):
        _err.print(dead, markup=False, soft_wrap=True)
    platform = Platform.of(settings)
    landed = Landed.of(platform.landing().files(), platform.partitions)
    if not landed:
        print_left_out(landed, _out)
        raise LandingError(
            f"{settings.landing}/events holds no finished NDJSON file. Files are looked for as {LAYOUT}; "
            "names that start with . or _ or end with .tmp or .part are unfinished. "
            "`jobmatch generate` makes some."
        )
    if dates:
        check_partitions(settings, dates)
    warehouse = platform.warehouse()
    with warehouse.exclusive():
        warehouse.prepare()
        if add_landing:
            add_landing_root(platform)
        try:
            dates_to_accept(warehouse, acceptance.ranges)
        except AcceptanceError as error:
            return [str(error)]
        work = find_work(landed, platform)
    if work.refusal:
        raise LandingError(work.refusal)
    report = RunReport()
    if select and dates:
        report = materialize(lambda: build_definitions(settings), instance, select, dates)
    elif work or dates or acceptance.ranges:
        report = process(lambda: build_definitions(settings), instance, dates, acceptance)
    try:
        print_report(report, landed, find_work(landed, platform), warehouse, _out)
    except Exception as error:
        if click.get_current_context().obj:
            raise
        _err.say(f"The run is done; its report cannot be shown: {error}")
    for changed in mixed_settings(platform):
        _out.say(changed)
    return report.problems


def _filters(
    _context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> "tuple[Filter, ...]":
    from jobmatch_assets.warehouse.selection import Filter

    try:
        return tuple(Filter.of(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from None


def _names(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


@main.command()
@click.argument("table")
@click.option("--from", "first", callback=_day, metavar="DATE", help="First date; default: the last seven.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="Last date; default: --from.")
@click.option(
    "--all-groups", is_flag=True, help="Also rows by platform, surface, variant …, not only totals."
)
@click.option(
    "--where",
    "filters",
    multiple=True,
    callback=_filters,
    metavar="CONDITION",
    help="Only rows with column=value (or !=, <, <=, >, >=), 'column is null' or 'column is not null'; "
    "several must all hold.",
)
@click.option("--columns", callback=_names, metavar="A,B,…", help="Only these columns, in this order, whole.")
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
    from jobmatch_assets.cli.show import export, look, print_table
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.warehouse.selection import Selection

    dates = _date_range(first, last)
    selection = Selection(
        table,
        dates.first if dates else None,
        dates.last if dates else None,
        totals_only=not all_groups,
        filters=filters,
        columns=columns,
        most=limit,
    )
    with _one_paragraph_errors():
        _quiet_libraries()
        shown = look(Platform.of(Settings.from_environment()), selection, format_)
        if format_ == "table":
            print_table(shown, selection, _out)
        else:
            export(shown, format_, _err)


@main.command()
@click.pass_context
def demo(context: click.Context) -> None:
    """Simulate the last seven complete days (UTC), build every table, show the funnel.

    All of it lies in data/demo, which is made afresh; your own files and tables are not touched.
    """
    folder = demo_data.folder_of_demo()
    with _one_paragraph_errors():
        demo_data.start_afresh(folder)
    start = demo_data.first_date(dt.datetime.now(dt.UTC).date())
    context.invoke(generate, out=folder, start=start, days=demo_data.DAYS, seed=demo_data.SEED)
    demo_data.use(folder)
    try:
        context.invoke(run)
    except SystemExit as end:
        if end.code:
            raise
    context.invoke(show, table="funnel_daily", filters=(), columns=())
    _out.print()
    ui = "make dev" if is_clone() else "jobmatch dev"
    _out.say(f"More of it: jobmatch --demo show ab_results. The same in the Dagster UI: {ui}")


@main.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Port of the UI."
)
def dev(port: int) -> None:
    """Start Dagster's UI and daemon on 127.0.0.1, for your own data or, where there is none, the demo's."""
    folder = demo_data.folder_of_demo()
    which = demo_data.what_to_show(os.environ, folder, data_dir() / demo_data.OWN_LANDING)
    if which == "demo":
        with _one_paragraph_errors():
            demo_data.use(folder)
        if is_clone():  # elsewhere, paths that no setting names begin in the working directory
            os.chdir(folder)
    os.environ.setdefault("JOBMATCH_UI_URL", f"http://127.0.0.1:{port}")
    with _one_paragraph_errors():
        _out.say(demo_data.described(which, Settings.from_environment()))
        enter_dagster_home()
    _out.say(f"In a few seconds the Dagster UI is on http://127.0.0.1:{port}/assets; Ctrl-C ends it.")
    # A shell's background jobs ignore SIGINT; Dagster, which treats SIGTERM alike, would never end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout.flush()
    address = ["--host", "127.0.0.1", "--port", str(port)]
    workspace = ["--workspace", str(shipped("workspace.yaml"))]
    # Sensors that find nothing say so, 30 lines a minute, as INFO. What runs log has a level of its own.
    quiet = ["--log-level", "warning"]
    os.execv(sys.executable, [sys.executable, "-m", "dagster", "dev", *address, *workspace, *quiet])  # noqa: S606


@main.command()
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True), metavar="FILE|-"
)
@click.option(
    "--dt",
    "day",
    callback=_day,
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
    with _one_paragraph_errors(), judged(Settings.from_environment(), file, source_day.day) as judgement:
        report = json_report if layout == "json" else text_report
        for line in report(file, source_day, judgement, limit):
            click.echo(line)
    sys.exit(1 if judgement.rejected else 0)


@main.command()
@click.option("--test", is_flag=True, help="Send a message to each webhook of JOBMATCH_ALERT_WEBHOOKS.")
def alerts(test: bool) -> None:
    """Try the webhooks that alerts are sent to.

    Alerts themselves are sent by the sensor `alerts`, while `make dev` or the Dagster daemon runs. Ends with
    exit code 1 where a webhook does not take the message, and with 2 where none is set.
    """
    from jobmatch_assets.alerting.trial import try_webhooks

    if not test:
        raise click.UsageError("say --test to send a message to each webhook")
    with _one_paragraph_errors():
        settings = Settings.from_environment()
        webhooks = settings.alert_webhooks
        if not webhooks:
            raise SettingsError(
                "JOBMATCH_ALERT_WEBHOOKS names no webhook, so alerts go to the log only. Set it to the URL "
                "of an incoming webhook of Slack or Discord, or to slack+, discord+ or json+ and a URL; "
                "several stand apart by spaces."
            )
        outcomes = try_webhooks(webhooks, settings.ui_url)
    for number, (webhook, outcome) in enumerate(zip(webhooks, outcomes, strict=True), start=1):
        name = f"Entry {number} of JOBMATCH_ALERT_WEBHOOKS, the {webhook}"
        if outcome.problem:
            advice = ". Check its URL" if outcome.is_setup else ""
            _tell_error(f"{name}: not delivered: {outcome.problem}{advice}.")
        else:
            _out.print(f"{name}: delivered", markup=False, soft_wrap=True)
    sys.exit(1 if any(outcome.problem for outcome in outcomes) else 0)


@contextmanager
def _one_paragraph_errors() -> Iterator[None]:
    """Ends the program with a message where settings, files or the warehouse are not as they should be."""
    try:
        yield
    except BrokenPipeError:
        raise  # who reads the output has seen enough: click ends without a word
    except Exception as error:
        from jobmatch_assets.pipeline.causes import cause_of, with_advice

        if received():
            raise KeyboardInterrupt from error
        if isinstance(error, PlatformError):
            _tell_error(with_advice(str(error), error))
            sys.exit(2 if isinstance(error, SettingsError | RequestError) else 1)
        if click.get_current_context().obj:
            raise
        cause = cause_of(error)
        if not cause.endswith("."):
            cause += (
                ". This was not foreseen; `jobmatch --traceback …` shows where it came from. What was loaded "
                "stays, and the next run goes on from there."
            )
        _tell_error(cause)
        sys.exit(1)


def _tell_error(message: str) -> None:
    _err.print("error: ", style="bold red", end="")
    _err.print(message, soft_wrap=True)


@contextmanager
def _dagster_instance(settings: Settings) -> "Iterator[dg.DagsterInstance]":
    """The instance that the UI shows: DAGSTER_HOME's, else the project's own."""
    from jobmatch_assets.orchestration.launchers.command_instance import command_instance

    with command_instance(has_turns=settings.target == "duckdb") as instance:
        yield instance


class _AsItWasSaid(logging.Formatter):
    """Without what Dagster puts before a message in its own log."""

    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", None) or {}
        return printable(str(meta.get("orig_message") or super().format(record)), keep="\n")


def _quiet_libraries() -> None:
    """Our own messages are shown; those of Dagster are in its UI."""
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, handlers=[log_handler()])
    logging.getLogger("jobmatch_assets").setLevel(logging.INFO)


def log_handler() -> logging.Handler:
    """Log lines on the terminal, as text and no more."""
    handler = RichHandler(console=_err, show_path=False, highlighter=NullHighlighter())
    handler.setFormatter(_AsItWasSaid())
    handler.addFilter(_tells_something)
    return handler


def _tells_something(record: logging.LogRecord) -> bool:
    """What libraries log with a stack while they are interrupted is about the interrupt."""
    is_own = record.name.startswith("jobmatch_assets")
    return is_own or not record.exc_info or not received()
