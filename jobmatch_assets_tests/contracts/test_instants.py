"""An instant lies on the date, and in the hour, that a row says."""

import ibis
import pytest

from jobmatch_assets.contracts.table_contract import lies_in_hour, lies_on


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize(
    ("instant", "date", "hour", "is_on", "is_in"),
    [
        ("2026-03-01 00:00:00+00", "2026-03-01", 0, True, True),
        ("2026-03-01 23:59:59.999999+00", "2026-03-01", 23, True, True),
        ("2026-03-01 23:59:59.999999+00", "2026-03-01", 22, True, False),
        ("2026-03-02 00:00:00+00", "2026-03-01", 23, False, False),
        ("2026-03-01 00:30:00+01", "2026-03-01", 0, False, False),
        ("1969-12-31 23:00:00+00", "1969-12-31", 23, True, True),
        ("0001-01-01 05:00:00+00", "0001-01-01", 5, True, True),
    ],
)
def test_instants_are_those_of_utc(
    zone: str, instant: str, date: str, hour: int, is_on: bool, is_in: bool
) -> None:
    backend = ibis.duckdb.connect()
    backend.raw_sql(f"set timezone = '{zone}'")
    backend.raw_sql(
        f"create table t as select timestamptz '{instant}' as instant, date '{date}' as date, {hour}::bigint as hour"
    )
    rows = backend.table("t")
    found = rows.select(
        on=lies_on(rows.instant, rows.date), within=lies_in_hour(rows.instant, rows.date, rows.hour)
    )
    assert found.to_pyarrow().to_pylist() == [{"on": is_on, "within": is_in}]
