"""`jobmatch demo` makes four weeks of data, tables and pages; `jobmatch dev` shows them in Dagster's UI."""

import datetime as dt
import os
import signal
import sys

import click

from jobmatch_assets.cli import demo as demo_data
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.cli.verbs.run import run
from jobmatch_assets.cli.verbs.show import show
from jobmatch_assets.dashboards.registry import FIRST, file_of
from jobmatch_assets.orchestration.launchers.dagster_home import enter_dagster_home
from jobmatch_assets.settings import Settings
from jobmatch_assets.settings.locations import data_dir, is_clone, shipped
from jobmatch_assets.simulation.command import generate


@click.command()
@click.pass_context
def demo(context: click.Context) -> None:
    """Simulate the last 28 complete days (UTC), build every table and page, show the funnel.

    All of it lies in data/demo, which is made afresh; your own files and tables are not touched.
    """
    folder = demo_data.folder_of_demo()
    with one_paragraph_errors():
        demo_data.start_afresh(folder)
    start = demo_data.first_date(dt.datetime.now(dt.UTC).date())
    context.invoke(
        generate, out=folder, start=start, days=demo_data.DAYS, seed=demo_data.SEED, entities="cdc"
    )
    demo_data.use(folder)
    try:
        context.invoke(run)
    except SystemExit as end:
        if end.code:
            raise
    context.invoke(show, table="funnel_daily", filters=(), columns=())
    out.print()
    ui = "make dev" if is_clone() else "jobmatch dev"
    out.say(f"More of it: jobmatch --demo show ab_results. The same in the Dagster UI: {ui}")
    pages = Settings.from_environment().dashboards_path
    out.say(f"Pages, to open in a browser: {pages / file_of(FIRST)}")


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="Port of the UI."
)
def dev(port: int) -> None:
    """Start Dagster's UI and daemon on 127.0.0.1, for your own data or, where there is none, the demo's."""
    folder = demo_data.folder_of_demo()
    which = demo_data.what_to_show(os.environ, folder, data_dir() / demo_data.OWN_LANDING)
    if which == "demo":
        with one_paragraph_errors():
            demo_data.use(folder)
        if is_clone():  # elsewhere, paths that no setting names begin in the working directory
            os.chdir(folder)
    os.environ.setdefault("JOBMATCH_UI_URL", f"http://127.0.0.1:{port}")
    with one_paragraph_errors():
        out.say(demo_data.described(which, Settings.from_environment()))
        enter_dagster_home()
    out.say(f"In a few seconds the Dagster UI is on http://127.0.0.1:{port}/assets; Ctrl-C ends it.")
    # A shell's background jobs ignore SIGINT; Dagster, which treats SIGTERM alike, would never end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stdout.flush()
    address = ["--host", "127.0.0.1", "--port", str(port)]
    workspace = ["--workspace", str(shipped("workspace.yaml"))]
    # Sensors that find nothing say so, 30 lines a minute, as INFO. What runs log has a level of its own.
    quiet = ["--log-level", "warning"]
    # Of the command that is to take its place, nobody here can do anything about it.
    silent = ["-W", "ignore:Function `dev_command` is superseded:FutureWarning"]
    os.execv(sys.executable, [sys.executable, *silent, "-m", "dagster", "dev", *address, *workspace, *quiet])  # noqa: S606
