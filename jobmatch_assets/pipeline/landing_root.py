"""Whether the landing root in force is the one that the warehouse was loaded from.

Simulated and real events, or those of two products, must not come together because a setting was forgotten.
So the warehouse remembers its roots, and another one is let in where it holds what was loaded, or by word.
"""

import datetime as dt
import json
import os

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.landing.root import LandedFile, LandingError
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.settings import SETTINGS, Settings
from jobmatch_assets.warehouse.control.traces import Traces

_LANDING, _NO_DATE = "landing", dt.date.min
_VARIABLE = SETTINGS["landing"].variable


class ForeignLandingError(LandingError):
    """The landing root in force is not the one that the warehouse was loaded from."""


def admit_landing_root(session: Session) -> None:
    """Remember the landing root in force as one of the warehouse's.

    Raises:
        ForeignLandingError: It is another one, and does not hold what was loaded; nothing was changed.
        LandingError: It cannot be read.
        WarehouseError: The warehouse cannot be used.
    """
    if _name(session.settings) in _roots(session):
        return
    refuse_foreign_root(session)
    # Where it holds everything, the others have been moved here.
    _remember(session, [_name(session.settings)])


def refuse_foreign_root(session: Session) -> None:
    """See that the landing root in force may be one of the warehouse's; changes nothing.

    Raises:
        ForeignLandingError: It is another one, and does not hold what was loaded.
        LandingError: It cannot be read.
        WarehouseError: The warehouse cannot be used.
    """
    root, roots = _name(session.settings), _roots(session)
    if root in roots:
        return
    loaded = session.ledger.loaded_files()
    if loaded:
        landed = {
            (feed.name, file.source_file): file.size
            for feed in FEEDS
            for file in session.landing(feed).files()
            if isinstance(file, LandedFile)
        }
        missing = sorted(name for (feed, name), size in loaded.items() if landed.get((feed, name)) != size)
        # An earlier version did not note its root; of that one, some files may have been deleted since.
        if len(missing) == len(loaded) or (roots and missing):
            raise ForeignLandingError(_refusal(session.settings, roots, missing, len(loaded)))


def add_landing_root(session: Session) -> None:
    """Take in the landing root in force beside those that there are: their files belong together.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    _remember(session, sorted({*_roots(session), _name(session.settings)}))


def _name(settings: Settings) -> str:
    return settings.landing if "://" in settings.landing else os.path.realpath(settings.landing)


def _roots(session: Session) -> list[str]:
    used = Traces(session.warehouse).used_settings(_LANDING).get(_NO_DATE, {})
    roots: list[str] = json.loads(used.get(_VARIABLE, "[]"))
    return roots


def _remember(session: Session, roots: list[str]) -> None:
    Traces(session.warehouse).note_settings(_LANDING, [_NO_DATE], {_VARIABLE: json.dumps(roots)})


def _refusal(settings: Settings, roots: list[str], missing: list[str], loaded: int) -> str:
    before = f", {' and '.join(roots)}" if roots else ""
    if settings.target == "bigquery":
        warehouse, other = f"the project {settings.bigquery_project}", "JOBMATCH_BIGQUERY_PROJECT"
    else:
        warehouse, other = str(settings.duckdb_path), "JOBMATCH_DUCKDB_PATH"
    return (
        f"{_VARIABLE}={settings.landing} is not where {warehouse} was loaded from{before}: "
        f"{len(missing):,} of {loaded:,} loaded files are not there, e.g. {missing[0]}. Nothing was changed. "
        f"Keep separate data in a warehouse of its own, {other}=…; if all these files belong together, "
        "say so once with `jobmatch run --add-landing`."
    )
