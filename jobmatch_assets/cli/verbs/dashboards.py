"""`jobmatch dashboards`: the pages, made from the published copy of gold."""

import click

from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.settings import Settings


@click.command()
def dashboards() -> None:
    """Make all pages from the published copy of gold and print where the first one is.

    `jobmatch run` and Dagster's runs do the same after each publication. The pages are files: open them in a
    browser, or let any web server have the folder (JOBMATCH_DASHBOARDS_PATH).
    """
    from jobmatch_assets.dashboards.registry import FIRST, file_of
    from jobmatch_assets.pipeline.pages import built_pages
    from jobmatch_assets.pipeline.platform import Platform

    with one_paragraph_errors():
        quiet_libraries()
        settings = Settings.from_environment()
        for _ in built_pages(Platform.of(settings)):
            pass
        out.say(str(settings.dashboards_path / file_of(FIRST)))
