"""`jobmatch explain`: why a table says what it says of a date, and since when."""

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import click

from jobmatch_assets.cli import options
from jobmatch_assets.cli.logs import quiet_libraries
from jobmatch_assets.cli.problems import one_paragraph_errors
from jobmatch_assets.cli.terminal import out
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    from jobmatch_assets.orchestration.past_builds import PastBuild
    from jobmatch_assets.pipeline.changed_by import FileOfDate, Origin

_MOST_FILES = 20


@click.command()
@click.argument("table")
@click.argument("date", callback=options.day)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="For people; or all of it for programs.",
)
def explain(table: str, date: dt.date, format_: str) -> None:
    """Tell which files and loads changed what TABLE says of DATE, and since when.

    E.g. jobmatch explain funnel_daily 2026-03-01. Builds of runs that were removed from Dagster's storage are
    not known any more.
    """
    from jobmatch_assets.orchestration.launchers.command_instance import command_instance
    from jobmatch_assets.orchestration.past_builds import past_builds
    from jobmatch_assets.pipeline.changed_by import origin_of
    from jobmatch_assets.pipeline.platform import Platform

    with one_paragraph_errors():
        settings = Settings.from_environment()
        quiet_libraries()
        with Platform.of(settings).open() as session:
            session.prepare()
            origin = origin_of(session, table, date)
        with command_instance(has_turns=settings.target == "duckdb") as instance:
            builds = past_builds(instance, origin.table.key, origin.partition)
    if format_ == "json":
        click.echo(json.dumps(_as_json(origin, builds), indent=2))
    else:
        _print(origin, builds)


def _print(origin: "Origin", builds: "list[PastBuild]") -> None:
    from rich import box
    from rich.table import Table

    out.say(f"{origin.table.key} of {origin.partition} is made of what happened on {origin.reads}.")
    if origin.waits:
        out.say("It waits to be built again: `jobmatch run` does, or says why not.")
    for failing in origin.failing:
        out.say(f"It fails {failing}")
    shown = Table("built at (UTC)", "run", "rows", "because of", box=box.SIMPLE)
    for build, came in _with_causes(origin, builds):
        rows = "" if build.rows is None else f"{build.rows:,}"
        because = ", ".join(dict.fromkeys(file.load_id for file in came)) or "no new file"
        shown.add_row(f"{build.at:%Y-%m-%d %H:%M:%S}", build.run_id[:8], rows, because)
    if builds:
        out.print(shown)
    else:
        out.say("Dagster's storage knows of no build of it.")
    files = Table("file", "load", "loaded at (UTC)", "lines of these dates", box=box.SIMPLE)
    for file in origin.files[:_MOST_FILES]:
        lines = "withdrawn" if file.is_withdrawn else f"{file.lines:,}"
        files.add_row(
            f"{file.feed}/{file.source_file}", file.load_id, f"{file.loaded_at:%Y-%m-%d %H:%M:%S}", lines
        )
    if origin.files:
        out.print(files)
    if len(origin.files) > _MOST_FILES:
        out.say(f"{len(origin.files) - _MOST_FILES:,} more files came before; --format json has all.")
    if any(file.is_withdrawn for file in origin.files):
        out.say("Of a withdrawn file it is not known any more which dates it had lines of.")


def _with_causes(origin: "Origin", builds: "list[PastBuild]") -> "list[tuple[PastBuild, list[FileOfDate]]]":
    """Each build with the files that had come since the one before it."""
    before = [build.at for build in builds[1:]] + [dt.datetime.min.replace(tzinfo=dt.UTC)]
    return [
        (build, [file for file in origin.files if earlier < file.loaded_at <= build.at])
        for build, earlier in zip(builds, before, strict=True)
    ]


def _as_json(origin: "Origin", builds: "list[PastBuild]") -> dict[str, Any]:
    return {
        "table": str(origin.table.key),
        "partition": str(origin.partition),
        "reads": {"first": str(origin.reads.first), "last": str(origin.reads.last)},
        "waits": origin.waits,
        "failing": origin.failing,
        "builds": [
            {
                "at": build.at.isoformat(),
                "run_id": build.run_id,
                "rows": build.rows,
                "files": [f"{file.feed}/{file.source_file}" for file in files],
            }
            for build, files in _with_causes(origin, builds)
        ],
        "files": [
            {
                "file": f"{file.feed}/{file.source_file}",
                "load_id": file.load_id,
                "loaded_at": file.loaded_at.isoformat(),
                "lines": file.lines,
                "is_withdrawn": file.is_withdrawn,
            }
            for file in origin.files
        ],
    }
