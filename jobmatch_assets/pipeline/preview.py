"""A look at a table after it was built: a few of its newest rows, for whoever opens its page.

A table has one where its model says `preview: true` in its meta; columns that lead to a person are left out.
"""

import datetime as dt

from jobmatch_assets.checks.examples import short
from jobmatch_assets.checks.outcome import Records
from jobmatch_assets.contracts.personal import PERSONAL_COLUMNS
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.text import printable

MOST_ROWS = 5


def preview_of(session: Session, table: PlannedTable, date: dt.date | None) -> Records:
    """The first rows of a date in the order of the table's grain, as text; NULL is empty.

    Args:
        session: The warehouse.
        table: The table.
        date: The newest partition that was built; None of a table without partitions.

    Returns:
        No rows where the table has no preview.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    if not table.previewed:
        return Records()
    names = [column.name for column in columns_of(table.contract, session.dbt.manifest)]
    shown = [name for name in names if name not in PERSONAL_COLUMNS]
    rows = session.warehouse.first_rows(table.contract, shown, date, MOST_ROWS)
    return Records({name: _text(row[name]) for name in shown} for row in rows)


def _text(value: object) -> str:
    if value is None:
        return ""
    return printable(short(f"{value:.6g}" if isinstance(value, float) else value))
