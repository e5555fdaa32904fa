"""docs/entities.md as data: the files that it shows, and the tables that it says they make."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.registry import is_table
from jobmatch_assets.settings import PROJECT_DIR

PAGE = PROJECT_DIR / "docs" / "entities.md"

SOURCES = "sources.csv"
"""What the page calls the registry of sources."""

_FILE = re.compile(
    r"^`((?:entities|events)/\S+|sources\.csv)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_QUERY = re.compile(r"^```sql\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^(?:\|.*\n)+", re.MULTILINE)
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")

KEYS = {
    **{f"{table.name}_versions": table.key.name for table in ENTITY_TABLES},
    **{f"{table.name}_records": "entity_key" for table in ENTITY_TABLES},
    "entities_quarantine": "_source_file",
    "fact_event": "event_id",
    "fact_application": "application_id",
    "application_status_history": "application_id",
    "openings": "job_id",
}
"""What the first column of a table of the page holds, by the name above it."""

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class PageTable:
    """A table of the page.

    Attributes:
        name: What stands above its first column.
        columns: What stands above the others.
        rows: Its cells as they are read, without marks of code.
    """

    name: str
    columns: tuple[str, ...]
    rows: Rows

    @property
    def key(self) -> str:
        """For a table of the warehouse: the column that the first one shows."""
        return KEYS[self.name]

    @property
    def keys(self) -> set[str]:
        """The cells of the first column."""
        return {row[0] for row in self.rows}


def files() -> dict[str, str]:
    """{name: content} of the files that the page shows, the registry of sources among them."""
    found = _FILE.findall(_text())
    assert len(found) == len(dict(found)), "a file is shown twice"
    return dict(found)


def tables() -> list[PageTable]:
    """All tables of the page."""
    return [_table(found) for found in _TABLE.findall(_text())]


def warehouse_tables() -> list[PageTable]:
    """Those that say what is in a table of the warehouse."""
    return [table for table in tables() if is_table(table.name)]


def table_headed(*header: str) -> PageTable:
    """The table with this header."""
    (found,) = (table for table in tables() if (table.name, *table.columns) == header)
    return found


def queries() -> list[tuple[str, PageTable]]:
    """The queries of the page, each with the table below it."""
    return [(query, _table(table)) for query, table in _QUERY.findall(_text())]


def shown(value: object) -> str:
    """A value of the warehouse as the page shows it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return re.sub(r"(:00)?\+00:00$", "", value.astimezone(dt.UTC).isoformat(" "))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    if isinstance(value, str) and value.startswith("{"):
        return shown(json.loads(value))
    return str(value)


def _table(text: str) -> PageTable:
    header, _, *rows = (tuple(_cells(line)) for line in text.splitlines())
    return PageTable(header[0], header[1:], rows)


def _cells(line: str) -> Iterator[str]:
    for cell in _BETWEEN_CELLS.split(line)[1:-1]:
        yield shown(re.sub(r"^`([^`]*)`$", r"\1", cell.strip()).replace("\\|", "|"))


def _text() -> str:
    return Path(PAGE).read_text(encoding="utf-8")
