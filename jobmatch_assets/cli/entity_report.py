"""What became of the records of entities, for the terminal: a row a table."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from rich.table import Table

from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.contracts.entities.columns import EntityTable
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.contracts.version_tables import ENTITIES_QUARANTINE, STG_ENTITY_RECORDS
from jobmatch_assets.warehouse.port import Warehouse

_MOST_ROWS = 10_000
_MOST_NAMES = 4


def print_entities(days: Sequence[dt.date], warehouse: Warehouse, console: Terminal) -> None:
    """Print what the files of these days brought, and what there is now.

    Args:
        days: Days of files that were built, ascending.
        warehouse: The tables.
        console: Where to.
    """
    span = f"_source_dt between date '{days[0]}' and date '{days[-1]}'"
    counting = _count(warehouse, f"{STG_ENTITY_RECORDS.table} where reason is null and {span}")
    rejected = _count(warehouse, f"{STG_ENTITY_RECORDS.table} where reason is not null and {span}")
    tables = [table for table in ENTITY_TABLES if table.name in counting.keys() | rejected.keys()]
    if not tables:
        return
    shown = Table(
        title=f"What became of the records of {len(days):,} day{'s' * (len(days) > 1)} of files",
        title_justify="left",
    )
    shown.add_column("table")
    for name in ("records", "kept", "duplicates", "quarantined", "versions now", "current"):
        shown.add_column(name, justify="right")
    for table in tables:
        count, bad = counting.get(table.name, 0), rejected.get(table.name, 0)
        kept, versions, current = _of_table(warehouse, table, span)
        cells = (count + bad, kept, count - kept, bad, versions, current)
        shown.add_row(table.name, *(f"{cell:,}" for cell in cells))
    console.print(shown)
    if rejected:
        _tell_quarantine(warehouse, span, days, console)


def _count(warehouse: Warehouse, rows: str) -> Mapping[str, int]:
    query = f"select entity_table, count(*) as records from {SILVER_SCHEMA}.{rows} group by entity_table"  # noqa: S608
    return {row["entity_table"]: row["records"] for row in warehouse.query(query, _MOST_ROWS)}


def _of_table(warehouse: Warehouse, table: EntityTable, span: str) -> tuple[int, int, int]:
    """(records of the days that are kept, versions, versions that hold now)."""
    kept = f"select count(*) from {SILVER_SCHEMA}.{table.name}_records where outcome = 'kept' and {span}"  # noqa: S608
    current = "coalesce(sum(case when is_current then 1 end), 0)"
    counts = f"count(*) as versions, {current} as holding, ({kept}) as kept"
    (row,) = warehouse.query(f"select {counts} from {SILVER_SCHEMA}.{table.versions}", 1)  # noqa: S608
    return row["kept"], row["versions"], row["holding"]


def _tell_quarantine(warehouse: Warehouse, span: str, days: Collection[dt.date], console: Terminal) -> None:
    """Why records are in quarantine, and where to look."""
    query = (
        f"select reason, count(*) as records from {SILVER_SCHEMA}.{ENTITIES_QUARANTINE.table} "  # noqa: S608
        f"where {span} group by reason order by records desc, reason"
    )
    reasons = warehouse.query(query, _MOST_ROWS)
    more = [f"{len(reasons) - _MOST_NAMES} more reasons"] if len(reasons) > _MOST_NAMES else []
    named = [f"{row['reason']} {row['records']:,}" for row in reasons[:_MOST_NAMES]]
    total = sum(row["records"] for row in reasons)
    console.say(f"In quarantine: {total:,} records ({', '.join(named + more)}).")
    first, last = min(days), max(days)
    dates = f"--from {first}" if first == last else f"--from {first} --to {last}"
    console.say(f"Which they are: jobmatch show {ENTITIES_QUARANTINE.table} {dates}")
