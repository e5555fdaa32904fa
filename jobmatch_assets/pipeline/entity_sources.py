"""What the registry of sources says, where the models can read it."""

from dataclasses import asdict

from jobmatch_assets.contracts.control_tables import ENTITY_SOURCES
from jobmatch_assets.landing.source_registry import read_sources
from jobmatch_assets.pipeline.session import Session


def renew_sources(session: Session) -> None:
    """Make the table of sources what the registry says, where it is not.

    Raises:
        SourceRegistryError: The registry is not as it should be; nothing was changed.
        WarehouseError: The warehouse cannot be used.
    """
    settings = session.settings
    rows = [asdict(source) for source in read_sources(settings.sources, settings.default_currency).values()]
    known = session.warehouse.records(ENTITY_SOURCES)
    if sorted(known, key=_name) != sorted(rows, key=_name):
        gone = [{"source": row["source"]} for row in known]
        session.warehouse.change(ENTITY_SOURCES, remove=gone, add=rows)


def _name(row: dict[str, object]) -> str:
    return str(row["source"])
