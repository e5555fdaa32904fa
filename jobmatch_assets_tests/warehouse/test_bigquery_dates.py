"""What BigQuery is asked for dates of columns: partitions where a table has some, else all of it."""

import datetime as dt

import pytest

from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.warehouse.bigquery.warehouse import BigQueryWarehouse
from jobmatch_assets.warehouse.port import DateColumn

FIRST, LAST = dt.date(2026, 3, 1), dt.date(2026, 3, 3)


class Asked:
    """A client that keeps what it is asked."""

    def __init__(self) -> None:
        self.query = ""

    def rows(self, query: str, **_: object) -> list[tuple[dt.date]]:
        self.query = query
        return [(FIRST,)]


@pytest.mark.parametrize(
    ("table", "column", "condition"),
    [
        ("funnel_daily", "event_date", "and event_date >= date '2026-02-27'"),
        ("last_date", "last_date", ""),
    ],
)
def test_only_tables_with_partitions_are_asked_for_some(
    monkeypatch: pytest.MonkeyPatch, table: str, column: str, condition: str
) -> None:
    contract = table_named(table)
    monkeypatch.setattr(BigQueryWarehouse, "_tables", lambda *_: {contract.table: ""})
    client = Asked()
    warehouse = BigQueryWarehouse(client, FIRST)  # type: ignore[arg-type]
    assert warehouse.dates_between([DateColumn(contract, column, lag=2)], FIRST, LAST) == {FIRST}
    asked = f"where asked.{column} between @first and @last {condition}".rstrip()
    assert client.query.endswith(f"{asked})")
