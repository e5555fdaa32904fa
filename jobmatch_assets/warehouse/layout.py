"""Which warehouses this version works on: its own, and earlier ones that it can bring up to date."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from importlib.metadata import version

from jobmatch_assets.contracts.control_tables import CONTROL_TABLES, LAYOUT_IN_FORCE, ControlTable
from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.port import WarehouseError


class LayoutError(WarehouseError):
    """The warehouse is of a version that is too new, or too old, for this one; nothing was changed."""


@dataclass(frozen=True)
class Mark:
    """A row of bronze.layout: the layout of the tables, and the version of jobmatch that made them so."""

    layout: int
    made_by: str


def installed_version() -> str:
    """The version of jobmatch at work."""
    return version("jobmatch")


def refuse_newer(marks: Collection[Mark], place: str, setting: str) -> None:
    """Refuse a warehouse whose tables a later version has changed.

    Args:
        marks: All rows of bronze.layout.
        place: The warehouse, for people.
        setting: Which setting names it.

    Raises:
        LayoutError: It is one.
    """
    newest = max(marks, key=lambda mark: mark.layout, default=None)
    if newest is not None and newest.layout > LAYOUT_IN_FORCE:
        raise LayoutError(
            f"{place} belongs to a newer version of jobmatch: its tables have layout {newest.layout}, of "
            f"jobmatch {newest.made_by}; jobmatch {installed_version()}, which is installed, knows layouts "
            f"up to {LAYOUT_IN_FORCE}. Update jobmatch, or name another warehouse ({setting}) and run "
            "again: the landing files are all that a new one needs. Nothing was changed."
        )


def refuse_too_old(found: Mapping[str, Set[str]], place: str, setting: str) -> None:
    """Refuse a warehouse whose tables lack columns that nobody can fill now.

    What was renamed, may be NULL, or had one value for all rows is brought up to date; what stands in other
    columns was known only when the rows were written.

    Args:
        found: The columns of the tables of bronze, by table.
        place: The warehouse, for people.
        setting: Which setting names it.

    Raises:
        LayoutError: It is one.
    """
    raw_tables = [ControlTable(feed.raw.name, tuple(feed.layout.columns)) for feed in FEEDS]
    missing = [
        f"{table.name}.{column.name}"
        for table in (*CONTROL_TABLES, *raw_tables)
        if table.name in found
        for column in table.columns
        if not column.nullable
        and found[table.name].isdisjoint({column.name, table.earlier_names.get(column.name, column.name)})
        and column.name not in table.earlier_values
    ]
    if missing:
        raise LayoutError(
            f"{place} belongs to a version of jobmatch that is too old for jobmatch "
            f"{installed_version()}, which is installed: {BRONZE_SCHEMA} has no {', '.join(missing)}. "
            f"Name another warehouse ({setting}) and run again: the landing files are all that a new "
            "one needs. Nothing was changed."
        )
