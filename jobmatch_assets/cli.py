"""The `jobmatch` command: what people type, and how they are told what happened."""

import datetime as dt
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.logging import RichHandler

from jobmatch_assets.landing.root import LandingError
from jobmatch_assets.settings import PROJECT_DIR, SETTINGS, Settings, SettingsError
from jobmatch_assets.simulation.command import generate
from jobmatch_assets.warehouse.port import WarehouseError

if TYPE_CHECKING:
    import dagster as dg

    from jobmatch_assets.orchestration.acceptance import Acceptance
    from jobmatch_assets.orchestration.partitions import DateRange

# A file or a pipe has no width: wide enough for a week side by side.
_out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
_err = Console(stderr=True, highlight=False)


def _settings_help() -> str:
    lines = ["Settings are environment variables:", ""]
    for setting in SETTINGS.values():
        default = setting.default.removeprefix(f"{PROJECT_DIR}/") or "(empty)"
        lines += ["\b", f"{setting.variable}={default}", f"    {setting.meaning}", ""]
    return "\n".join(lines)


@click.group(epilog=_settings_help(), context_settings={"max_content_width": 100})
@click.option("--traceback", is_flag=True, help="Show where in the code an unexpected error came from.")
@click.pass_context
def main(context: click.Context, traceback: bool) -> None:
    """Turn search, impression, click and apply events into numbers that people decide on."""
    context.obj = traceback


main.add_command(generate)


def _day(_context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value} is not a date (YYYY-MM-DD)", param=parameter) from None


def _days(_context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> "list[DateRange]":
    from jobmatch_assets.orchestration.partitions import DateRange

    try:
        return [DateRange.of_text(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(
            f"{', '.join(values)}: {error}. Write YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD", param=parameter
        ) from None


def _date_range(first: dt.date | None, last: dt.date | None) -> "DateRange | None":
    from jobmatch_assets.orchestration.partitions import DateRange

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
    from jobmatch_assets.orchestration.acceptance import Acceptance, system_user

    with _one_paragraph_errors():
        settings = Settings.from_environment()
        _quiet_libraries()
        with _dagster_instance() as instance:
            problems = _run(settings, instance, dates, select, Acceptance(accepted, by or system_user()))
    for problem in problems:
        _tell_error(problem)
    sys.exit(1 if problems else 0)


def _run(
    settings: Settings,
    instance: "dg.DagsterInstance",
    dates: "DateRange | None",
    select: str | None,
    acceptance: "Acceptance",
) -> list[str]:
    """Do what there is to do and print what was done; returns what went wrong."""
    from jobmatch_assets.definitions import build_definitions
    from jobmatch_assets.orchestration.acceptance import AcceptanceError, dates_to_accept
    from jobmatch_assets.orchestration.command_runs import check_partitions, materialize, process
    from jobmatch_assets.orchestration.platform import Platform
    from jobmatch_assets.orchestration.run_report import RunReport
    from jobmatch_assets.orchestration.waiting_work import Landed, find_work
    from jobmatch_assets.reporting import print_report

    platform = Platform.of(settings)
    landed = Landed.of(platform.landing().files(), settings.partitions_start)
    if not landed:
        raise LandingError(
            f"{settings.landing}/events holds no finished NDJSON file. Files are looked for as "
            "dt=YYYY-MM-DD/<name>.ndjson[.gz] or DDMMYYYY_<name>.ndjson[.gz]; names that start with . "
            "or _ or end with .tmp or .part are unfinished. `jobmatch generate` makes some."
        )
    if dates:
        check_partitions(settings, dates)
    warehouse = platform.warehouse()
    with warehouse.exclusive():
        warehouse.prepare()
        try:
            dates_to_accept(warehouse, acceptance.ranges)
        except AcceptanceError as error:
            return [str(error)]
        work = find_work(landed, warehouse)
    report = RunReport()
    if select and dates:
        report = materialize(lambda: build_definitions(settings), instance, select, dates)
    elif work or dates or acceptance.ranges:
        report = process(lambda: build_definitions(settings), instance, dates, acceptance)
    print_report(report, landed, find_work(landed, warehouse), warehouse, _out)
    return report.problems


@main.command()
@click.argument("table")
@click.option("--from", "first", callback=_day, metavar="DATE", help="First date; default: the last seven.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="Last date; default: --from.")
@click.option(
    "--all-groups", is_flag=True, help="Also rows by platform, surface, variant …, not only totals."
)
@click.option("--limit", default=50, show_default=True, help="Most rows to print.")
def show(table: str, first: dt.date | None, last: dt.date | None, all_groups: bool, limit: int) -> None:
    """Print rows of a silver or gold TABLE, e.g. funnel_daily."""
    from jobmatch_assets.orchestration.platform import Platform
    from jobmatch_assets.reporting import print_rows

    dates = _date_range(first, last)
    with _one_paragraph_errors():
        warehouse = Platform.of(Settings.from_environment()).warehouse()
        rows = warehouse.preview(
            table,
            dates.first if dates else None,
            dates.last if dates else None,
            totals_only=not all_groups,
            most=limit,
        )
    print_rows(table, rows, _out)


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
    except (SettingsError, LandingError, WarehouseError) as error:
        _tell_error(str(error))
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except Exception as error:
        if click.get_current_context().obj:
            raise
        _tell_error(
            f"{type(error).__name__}: {error}. This was not foreseen; `jobmatch --traceback …` shows where "
            "it came from. What was loaded stays, and the next run goes on from there."
        )
        sys.exit(1)


def _tell_error(message: str) -> None:
    _err.print("error: ", style="bold red", end="")
    _err.print(message, markup=False, soft_wrap=True)


@contextmanager
def _dagster_instance() -> "Iterator[dg.DagsterInstance]":
    """The instance that the UI shows: DAGSTER_HOME's, else the project's own."""
    import dagster as dg

    if "DAGSTER_HOME" not in os.environ:
        os.environ["DAGSTER_HOME"] = str(PROJECT_DIR)
    if Path(os.environ["DAGSTER_HOME"]) == PROJECT_DIR:
        os.chdir(PROJECT_DIR)  # dagster.yaml names its folders from here
    with dg.DagsterInstance.get() as instance:
        yield instance


class _AsItWasSaid(logging.Formatter):
    """Without what Dagster puts before a message in its own log."""

    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", None) or {}
        return str(meta.get("orig_message") or super().format(record))


def _quiet_libraries() -> None:
    """Our own messages are shown; those of Dagster are in its UI."""
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    handler = RichHandler(console=_err, show_path=False)
    handler.setFormatter(_AsItWasSaid())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("jobmatch_assets").setLevel(logging.INFO)
