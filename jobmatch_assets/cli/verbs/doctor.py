"""`jobmatch doctor`: whether this instance is well, and what to do where it is not."""

import sys

import click

from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out


@click.command()
def doctor() -> None:
    """Look at settings, landing root, warehouse, archives, queue, checks, Dagster's storage and disks.

    Nothing is changed. The exit code is 1 where something is wrong.
    """
    from jobmatch_assets.doctor.examination import examine

    with one_paragraph_errors():
        quiet_libraries()
        found = list(examine())
    for finding in found:
        out.say(f"{finding.state:5}  {finding.part}: {finding.what}")
        if finding.remedy:
            out.say(f"       -> {finding.remedy}")
    count = sum(finding.state == "wrong" for finding in found)
    out.say("All is well." if not count else f"{count} thing{' is' if count == 1 else 's are'} wrong.")
    sys.exit(1 if count else 0)
