"""The `jobmatch` command: its own options, and the commands that `verbs/` has a file for."""

from pathlib import Path

import click

from jobmatch_assets.cli import demo as demo_data
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import PlainErrorsGroup
from jobmatch_assets.cli.verbs.alerts import alerts
from jobmatch_assets.cli.verbs.dashboards import dashboards
from jobmatch_assets.cli.verbs.demo import demo, dev
from jobmatch_assets.cli.verbs.doctor import doctor
from jobmatch_assets.cli.verbs.erase import erase
from jobmatch_assets.cli.verbs.explain import explain
from jobmatch_assets.cli.verbs.export import export
from jobmatch_assets.cli.verbs.metrics import metrics
from jobmatch_assets.cli.verbs.report import report
from jobmatch_assets.cli.verbs.retain import restore, retain
from jobmatch_assets.cli.verbs.run import run
from jobmatch_assets.cli.verbs.show import show
from jobmatch_assets.cli.verbs.validate import validate
from jobmatch_assets.cli.verbs.withdraw import withdraw
from jobmatch_assets.interruption import INTERRUPTED, going_on
from jobmatch_assets.settings import SETTINGS
from jobmatch_assets.simulation.command import generate


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
            with going_on():
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
        with one_paragraph_errors():
            demo_data.use(folder)


for command in (
    generate, run, show, metrics, export, dashboards, report, demo, dev, validate, alerts,
    withdraw, retain, restore, erase, doctor, explain,
):  # fmt: skip
    main.add_command(command)
