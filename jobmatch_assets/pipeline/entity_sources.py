"""What the registry of sources says, where the models can read it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from jobmatch_assets.contracts.control_tables import ENTITY_FILES, ENTITY_SOURCES
from jobmatch_assets.contracts.feed import ENTITIES
from jobmatch_assets.landing.source_registry import read_sources
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.steps.staging import keep_staged

_OTHERS = ""
"""The row of all sources that are not listed."""

_STAGED = ("time_zone", "default_currency")
"""What records are staged with."""


def renew_sources(session: Session) -> None:
    """Make the table of sources what the registry says, where it is not.

    Files whose records read otherwise by it are staged again, as if they had just come.

    Raises:
        SourceRegistryError: The registry is not as it should be; nothing was changed.
        WarehouseError: The warehouse cannot be used.
    """
    settings = session.settings
    sources = read_sources(settings.sources, settings.default_currency).values()
    rows = {source.source: asdict(source) for source in sources}
    known = {str(row["source"]): row for row in session.warehouse.records(ENTITY_SOURCES)}
    if rows == known:
        return
    if known:
        # They come first: a run that is stopped in between finds the registry still to be changed.
        _stage_again(session, known, rows)
    gone = [{"source": name} for name in known]
    session.warehouse.change(ENTITY_SOURCES, remove=gone, add=list(rows.values()))


def _stage_again(
    session: Session, before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> None:
    files = session.warehouse.records(ENTITY_FILES)
    sources = {str(row["source"]) for row in files}
    changed = {name for name in sources if _read_by(before, name) != _read_by(now, name)}
    keep_staged(session, ENTITIES, _days(files, changed))


def _read_by(registry: Mapping[str, Mapping[str, Any]], source: str) -> list[Any]:
    row = registry.get(source, registry[_OTHERS])
    return [row[name] for name in _STAGED]


def _days(files: Collection[Mapping[str, Any]], sources: Collection[str]) -> set[Any]:
    return {row["_source_dt"] for row in files if row["source"] in sources}
