"""`jobmatch report`: the report of a week as a PDF."""

from pathlib import Path

import click

from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import err, out
from jobmatch_assets.settings import Settings


@click.command()
@click.option(
    "--week", metavar="YYYY-Www", help="ISO week, as in 2026-W10; default: the last that is complete."
)
@click.option(
    "--out",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; default: weekly-<week>.pdf in JOBMATCH_REPORTS_PATH.",
)
def report(week: str | None, target: Path | None) -> None:
    """Write the report of a week as a PDF, and print where it is.

    It is made from the published copy of gold. Of a week with a date that is held back, or on which users may
    still go on, each page says that it is not final.
    """
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.pipeline.reports import built_weekly
    from jobmatch_assets.reports.week import Week

    with one_paragraph_errors():
        quiet_libraries()
        asked = None if week is None else Week.of_text(week)
        made = built_weekly(Platform.of(Settings.from_environment()), asked, target)
        out.say(str(made.path))
        if not made.is_final:
            err.say(f"{made.week} is not final: the report says which dates, and why.")
