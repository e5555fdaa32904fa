"""`jobmatch withdraw`: take the lines of a file out of the tables, or put them back."""

from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.dates import shown
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    from jobmatch_assets.retention.withdrawal import Moved
    from jobmatch_assets.warehouse.control.ledger import FileRecord


@click.command()
@click.argument("file", required=False)
@click.option("--load", "load_id", metavar="ID", help="All files of a load; with FILE: as that load took it.")
@click.option("--undo", is_flag=True, help="Put the lines back.")
def withdraw(file: str | None, load_id: str | None, undo: bool) -> None:
    """Take the lines of a loaded FILE out of the tables, e.g. events/dt=2026-03-01/part-1.ndjson.

    They go to an archive, and the next run builds what they touched as if they had never come. The file is
    not loaded again, also where it stays in the landing root, or lands under another name.
    """
    if file is None and load_id is None:
        raise click.UsageError("name a FILE, or a load with --load")
    from jobmatch_assets.pipeline.platform import Platform
    from jobmatch_assets.retention import withdrawal
    from jobmatch_assets.retention.chosen_files import chosen_files

    with one_paragraph_errors():
        settings = Settings.from_environment()
        quiet_libraries()
        with Platform.of(settings).open() as session:
            session.prepare()
            files = chosen_files(session, file, load_id)
            moved = (withdrawal.undo if undo else withdrawal.withdraw)(session, files)
    _tell(files, moved, undo)


def _tell(files: "list[FileRecord]", moved: "list[Moved]", undo: bool) -> None:
    done = {(one.file.feed, one.file.source_file, one.file.sha256) for one in moved}
    for file in files:
        if (file.feed, file.source_file, file.sha256) not in done:
            out.say(f"{file.feed}/{file.source_file} is {'loaded' if undo else 'withdrawn'} already.")
    for one in moved:
        name, lines = f"{one.file.feed}/{one.file.source_file}", _counted(one.file.lines)
        if undo:
            out.say(f"{name}: {lines} put back from {one.archive}.")
        else:
            dates = f", of {shown(one.dates)}" if one.dates else ""
            out.say(f"{name}: {lines} withdrawn{dates}. They are in {one.archive}.")
    if moved:
        days = shown({one.file.dt for one in moved})
        out.say(
            f"The next `jobmatch run` stages the files of {days} again, and builds every date that the lines "
            "touch."
        )


def _counted(lines: int) -> str:
    return f"{lines:,} line{'' if lines == 1 else 's'}"
