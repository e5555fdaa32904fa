"""The `jobmatch` command: what people type, and how they are told what happened."""

import contextlib
import datetime as dt
import logging
import os
import sys
import warnings
from collections.abc import Iterator

import click
from rich.console import Console
from rich.logging import RichHandler

from jobmatch_assets.settings import PROJECT_DIR, SETTINGS, Settings, SettingsError
from jobmatch_assets.simulation.command import generate

_console = Console(stderr=True, highlight=False)


def _settings_help() -> str:
    lines = ["Settings are environment variables:", ""]
    for setting in SETTINGS.values():
        default = setting.default.removeprefix(f"{PROJECT_DIR}/") or "(empty)"
        lines += ["\b", f"{setting.variable}={default}", f"    {setting.meaning}", ""]
    return "\n".join(lines)


@click.group(epilog=_settings_help(), context_settings={"max_content_width": 100})
def main() -> None:
    """Turn search, impression, click and apply events into numbers that people decide on."""


main.add_command(generate)


def _day(_context: click.Context, parameter: click.Parameter, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value} is not a date (YYYY-MM-DD)", param=parameter) from None


@main.command()
@click.option("--from", "first", callback=_day, metavar="DATE", help="First day to load and build, changed or not.")
@click.option("--to", "last", callback=_day, metavar="DATE", help="Last day to load and build; default: --from.")
@click.option("--select", metavar="SELECTION", help='Only these assets, e.g. group:gold or key:"silver/events".')
def run(first: dt.date | None, last: dt.date | None, select: str | None) -> None:
    """Load what has landed and build every table that it touches.

    Without --from, only new files are loaded and only the dates that they touch are built; a second run
    finds nothing to do. Files of a day that is built with --from and --to may hold events of other dates:
    those are built, too.
    """
    from jobmatch_assets.orchestration.partitions import DateRange

    if last is not None and first is None:
        raise click.UsageError("--to needs --from")
    if first and last and last < first:
        raise click.UsageError(f"--to {last} lies before --from {first}")
    dates = DateRange(first, last or first) if first else None
    if select and not dates:
        raise click.UsageError("--select needs --from (and --to): the dates to build")
    sys.exit(_run(dates, select))


def _run(dates: "DateRange | None", select: str | None) -> int:  # type: ignore[name-defined]
    from jobmatch_assets.landing.root import LandingError
    from jobmatch_assets.warehouse.port import WarehouseError

    try:
        settings = Settings.from_environment()
        _quiet_libraries()
        with _dagster_instance() as instance:
            from jobmatch_assets.definitions import build_definitions
            from jobmatch_assets.orchestration.pipeline import Pipeline
            from jobmatch_assets.reporting import print_report

            pipeline = Pipeline(settings, build_definitions, instance, _tell)
            report = pipeline.run_selected(select, dates) if select and dates else pipeline.run(dates)
            print_report(report, pipeline.warehouse, Console(highlight=False))
    except (SettingsError, LandingError, WarehouseError) as error:
        _console.print(f"[bold red]error:[/] {error}", soft_wrap=True, markup=True)
        return 2 if isinstance(error, SettingsError) else 1
    for problem in report.problems:
        _console.print("[bold red]error:[/] ", end="")
        _console.print(problem, markup=False, soft_wrap=True)
    return 1 if report.problems else 0


def _tell(layer: str, days: object) -> None:
    _console.print(f"  {layer:<8} {days}")


@contextlib.contextmanager
def _dagster_instance() -> Iterator["dg.DagsterInstance"]:  # type: ignore[name-defined]
    """The instance that the UI shows: DAGSTER_HOME's, else the project's own."""
    import dagster as dg

    if "DAGSTER_HOME" not in os.environ:
        os.environ["DAGSTER_HOME"] = str(PROJECT_DIR)
        os.chdir(PROJECT_DIR)  # dagster.yaml names its folders from here
    with dg.DagsterInstance.get() as instance:
        yield instance


def _quiet_libraries() -> None:
    """Our own messages are shown; those of Dagster are in its UI."""
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.basicConfig(
        level=logging.WARNING, format="%(message)s", handlers=[RichHandler(console=_console, show_path=False)]
    )
    logging.getLogger("jobmatch_assets").setLevel(logging.INFO)
