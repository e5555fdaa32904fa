"""`jobmatch erase`: take persons out of everything that the platform keeps."""

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors, tell_error
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

    from jobmatch_assets.pipeline.erasure import Erasure
    from jobmatch_assets.pipeline.platform import Platform


@click.command()
@click.option("--user", "users", multiple=True, metavar="ID", help="A user_id. May be repeated.")
@click.option(
    "--ids-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a user_id a line, in UTF-8: ids do not get into the shell's history that way.",
)
@click.option(
    "--landed", is_flag=True, help="All users whom files below entities/erasure/ of the landing root name."
)
@click.option("--apply", "is_applied", is_flag=True, help="Do it. Without it, only tell what would change.")
def erase(users: tuple[str, ...], ids_file: Path | None, landed: bool, is_applied: bool) -> None:
    """Erase users: their ids read as pseudonyms everywhere, what they wrote is emptied, counts stay.

    Without --apply it tells how many rows of which tables would change, and changes nothing. With it, lines
    and tables are changed, what is made of them is built again, the warehouse file is written anew, and all
    files are searched at the end. Repeat a command that was stopped: it goes on. Landed files are their
    producer's, and stay.
    """
    from jobmatch_assets.pipeline.erasure import check_erasure

    with one_paragraph_errors():
        wanted = {*users, *(_lines_of(ids_file) if ids_file else ())} - {""}
        settings = Settings.from_environment()
        quiet_libraries()
        if landed:
            wanted |= _landed(settings)
            if not wanted:
                out.say("Nobody is to be erased.")
                return
        check_erasure(settings, wanted)
        problems = _apply(settings, wanted) if is_applied else _preview(settings, wanted)
    for problem in problems:
        tell_error(problem)
    sys.exit(1 if problems else 0)


def _lines_of(file: Path) -> list[str]:
    return [line.rstrip("\r") for line in file.read_text(encoding="utf-8-sig").split("\n")]


def _landed(settings: Settings) -> frozenset[str]:
    """The users whom landed files name, after how many these are was told."""
    from jobmatch_assets.pipeline.erasure_requests import landed_requests
    from jobmatch_assets.pipeline.platform import Platform

    requests = landed_requests(Platform.of(settings))
    out.say(f"{requests}.")
    return requests.users


def _preview(settings: Settings, users: set[str]) -> list[str]:
    from jobmatch_assets.pipeline.erasure import preview
    from jobmatch_assets.pipeline.platform import Platform

    with Platform.of(settings).look() as session:
        found = preview(session, users)
    _tell(found, "would change")
    out.say("Nothing was changed. --apply does it, and there is no way back.")
    return []


def _apply(settings: Settings, users: set[str]) -> list[str]:
    from jobmatch_assets.orchestration.launchers.command_instance import command_instance
    from jobmatch_assets.orchestration.storage_folders import storage_folders
    from jobmatch_assets.pipeline.erasure import erase, places_of, remains, rewrite, rewrite_copy
    from jobmatch_assets.pipeline.platform import Platform

    platform = Platform.of(settings)
    with command_instance(has_turns=True) as instance:
        folders, elsewhere = storage_folders(instance)
        with platform.open() as session:
            found = erase(session, users, folders, dt.datetime.now(dt.UTC))
        _tell(found, "changed")
        problems = _rebuilt(settings, platform, instance)
        before, now = rewrite(platform)
        out.say(f"The warehouse was written anew: {before:,} bytes before, {now:,} now.")
        problems += rewrite_copy(platform)
    # Closing a second descriptor of a SQLite file drops the locks that this process has on it.
    with platform.look() as session:
        left = remains(session, found, [*places_of(settings), *folders])
    if left:
        problems.append(
            f"An id is still found in {', '.join(left)}. A name of a landed file that holds an id stays: "
            "rename the file and load it into a new warehouse. For others, close the programs that use them "
            "and repeat the command."
        )
    if elsewhere:
        out.say(
            f"Dagster keeps {', '.join(elsewhere)} in no folder of this machine: they were not searched. "
            "docs/guarantees.md says what to do there."
        )
    if not problems:
        out.say("Done: no table and no file of the platform holds the ids.")
    return problems


def _rebuilt(settings: Settings, platform: "Platform", instance: "dg.DagsterInstance") -> list[str]:
    """Build what the changed lines touch, as `jobmatch run` does; returns what went wrong."""
    from jobmatch_assets.definitions import build_definitions
    from jobmatch_assets.orchestration.command_runs import process
    from jobmatch_assets.pipeline.landing_checks import look
    from jobmatch_assets.pipeline.work import find_work

    seen = look(platform)
    if seen.problem:
        raise seen.problem
    with platform.open() as session:
        work = find_work(seen, session)
    if not work:
        return []
    report = process(lambda: build_definitions(settings), platform.plan, instance, None)
    return report.problems


def _tell(found: "Erasure", verb: str) -> None:
    """The kinds of ids and the tables, with counts; no id."""
    out.say("Ids: " + ", ".join(f"{len(ids)} {kind}" for kind, ids in found.ids.items()) + ".")
    for table, rows in sorted(found.rows.items()):
        out.say(f"{table}: {rows:,} {verb}")
    if not found.rows:
        out.say("No row has one of them.")
    if unsure := len(found.renamed - found.searched):
        out.say(
            f"{unsure} of the ids cannot be told from other words (they lack letters or digits, or are "
            "short): they are replaced where a column names a person, and not looked for in texts or files."
        )
