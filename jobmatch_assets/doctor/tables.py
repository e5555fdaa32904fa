"""The warehouse: whether it can be opened and is of this version; archives, what waits, what fails."""

from collections.abc import Iterator

from jobmatch_assets.archives.errors import ArchiveError
from jobmatch_assets.dates import shown
from jobmatch_assets.doctor.erasure import examine_requests
from jobmatch_assets.doctor.finding import Finding, note, well, wrong
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.pipeline.landed import LandingLook
from jobmatch_assets.pipeline.landing_root import ForeignLandingError, refuse_foreign_root
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import PUBLICATION
from jobmatch_assets.warehouse.layout import LayoutError
from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseError

_PART = "warehouse"
_ANEW = (
    "Put it back from a backup, its .wal file with it; or move it away, and `jobmatch run` builds it anew "
    "from the landing root. Lines that are only in archives are not part of that (docs/runbook.md)."
)


def examine_warehouse(platform: Platform, seen: LandingLook) -> Iterator[Finding]:
    """Look at the tables, where they can be opened, and at what a look at the landing root has for them."""
    settings = platform.settings
    place = str(settings.duckdb_path) if settings.target == "duckdb" else settings.bigquery_project
    if settings.target == "duckdb" and not settings.duckdb_path.exists():
        yield from _missing(platform, place)
        return
    try:
        with platform.look() as session:
            session.warehouse.refuse_damage()
            yield well(_PART, f"{place} can be opened and is of this version.")
            yield from _landing_root(session)
            yield from _archives(session)
            yield from _queue(session)
            yield from _failing(session)
            yield from examine_requests(session, seen)
    except WarehouseBusyError as error:
        yield note(_PART, str(error), "Look again when it is free; nothing waits for the doctor.")
    except LayoutError as error:
        yield wrong(_PART, str(error), "Install the version that it is of, or a newer one.")
    except (WarehouseError, OSError) as error:
        yield wrong(_PART, str(error), _ANEW)
    except Exception as error:
        # What a damaged file makes an engine say is not to be foreseen.
        yield wrong(_PART, f"{place} cannot be read: {type(error).__name__}: {_line(error)}", _ANEW)


def _missing(platform: Platform, place: str) -> Iterator[Finding]:
    archives = platform.settings.archive_path
    if archives.is_dir() and any(archives.iterdir()):
        yield wrong(
            _PART,
            f"There is no {place}, and {archives} has archives of one.",
            "Put the warehouse back from a backup: a new one does not know which lines are in archives.",
        )
    else:
        yield note(_PART, f"There is no {place} yet.", "`jobmatch run` makes it.")


def _landing_root(session: Session) -> Iterator[Finding]:
    try:
        refuse_foreign_root(session)
    except ForeignLandingError as error:
        yield wrong("landing", str(error), "Name the landing root that belongs to this warehouse.")
    except PlatformError:
        return  # that it cannot be read has been said


def _archives(session: Session) -> Iterator[Finding]:
    known = session.archived.entries()
    names = {entry.archive for entry in known}
    damaged = False
    for name in sorted(names):
        try:
            session.archives.named(name).verify()
        except ArchiveError as error:
            damaged = True
            yield wrong(
                "archives",
                str(error),
                "Until it is back, do not build its day again, nor undo its withdrawal.",
            )
    others = sorted({folder.name for folder in session.archives.folders()} - names)
    if others:
        yield note(
            "archives",
            f"In {session.archives.root} are archives that this warehouse does not count on: {others[0]}"
            f"{f' and {len(others) - 1} more' if len(others) > 1 else ''}.",
            "A command that was killed leaves one whose lines are in the warehouse; a warehouse that was put "
            "back from an older backup has them, too. Remove them if that is why.",
        )
    if names and not damaged:
        yield well("archives", f"{len(names):,} are whole, with {sum(e.lines for e in known):,} lines.")


def _queue(session: Session) -> Iterator[Finding]:
    by_stage = session.queue.by_stage()
    waiting = {stage: {entry.event_date for entry in entries} for stage, entries in by_stage.items()}
    unpublished = waiting.pop(PUBLICATION, set())
    if waiting:
        told = ", ".join(f"{stage} {shown(dates)}" for stage, dates in sorted(waiting.items()))
        yield note(
            "queue",
            f"Dates wait to be built: {told}.",
            "`jobmatch run` builds them. What is left then is held back by a failing check, or has no "
            "partition yet.",
        )
    elif unpublished:
        yield note("queue", "What was built is not published yet.", "`jobmatch run` publishes it.")
    else:
        yield well("queue", "is empty.")


def _failing(session: Session) -> Iterator[Finding]:
    failing = session.findings.failing_checks()
    for key in dict.fromkeys((check.asset, check.check_name) for check in failing):
        found = [check for check in failing if (check.asset, check.check_name) == key]
        dates = shown({check.partition_date for check in found})
        what = f"{key[1]} of {key[0]} fails for {dates}: {found[0].description}"
        page = "docs/runbook.md says what it means."
        if any(check.is_blocking for check in found):
            yield wrong("checks", what, f"It holds back what is built from these dates. {page}")
        else:
            yield note("checks", what, page)
    if not failing:
        yield well("checks", "pass, as far as runs have looked.")


def _line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
