"""The reader of the log reads back what PostgreSQL writes."""

import datetime as dt
from decimal import Decimal

import pytest

from jobmatch_assets_tests.bench.logical_log import UNCHANGED, Change, lsn_of, transactions_of


def changes_of(*data: str) -> list[Change]:
    """The changes of one transaction."""
    entries = [
        {"lsn": "0/10", "data": "BEGIN 7"},
        *({"lsn": f"0/{16 + number:X}", "data": text} for number, text in enumerate(data)),
        {"lsn": "0/FF", "data": "COMMIT 7 (at 2026-03-01 09:00:00.5+00)"},
    ]
    (transaction,) = transactions_of(entries)
    assert (transaction.xid, transaction.committed_at) == (
        7,
        dt.datetime(2026, 3, 1, 9, 0, 0, 500000, dt.UTC),
    )
    return list(transaction.changes)


def test_an_insert_has_its_row_and_its_place() -> None:
    (change,) = changes_of("table public.job: INSERT: job_id[text]:'a' openings[integer]:2")
    assert change == Change("job", "INSERT", 16, None, {"job_id": "a", "openings": 2})


def test_a_delete_has_the_key() -> None:
    (change,) = changes_of("table public.\"user\": DELETE: user_id[uuid]:'a'")
    assert change == Change("user", "DELETE", 16, {"user_id": "a"}, None)


def test_an_update_has_the_key_before_where_it_changes_it() -> None:
    same, other = changes_of(
        "table public.t: UPDATE: id[text]:'a' \"end\"[text]:unchanged-toast-datum",
        "table public.t: UPDATE: old-key: id[text]:'a' new-tuple: id[text]:'new-tuple: b' \"end\"[text]:null",
    )
    assert same == Change("t", "UPDATE", 16, None, {"id": "a", "end": UNCHANGED})
    assert other == Change("t", "UPDATE", 17, {"id": "a"}, {"id": "new-tuple: b", "end": None})


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("[text]:'it''s x[text]:''y'' \\ \nz'", "it's x[text]:'y' \\ \nz"),
        ("[text]:''", ""),
        ("[text]:'null'", "null"),
        ("[text]:'unchanged-toast-datum'", "unchanged-toast-datum"),
        ("[text]:null", None),
        ("[character]:'DE'", "DE"),
        ("[bigint]:-12", -12),
        ("[numeric]:1.50", Decimal("1.50")),
        ("[double precision]:71.25", Decimal("71.25")),
        ("[boolean]:false", False),
        ("[date]:'2026-03-01'", dt.date(2026, 3, 1)),
        (
            "[timestamp with time zone]:'2026-03-01 09:00:00.000001+00'",
            dt.datetime(2026, 3, 1, 9, 0, 0, 1, dt.UTC),
        ),
        ("[timestamp without time zone]:'2026-03-01 09:00:00'", dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)),
        ("[text[]]:'{}'", []),
        ("[text[]]:'{a,\"b, \\\"c\\\\ ''d''\",\"NULL\"}'", ["a", "b, \"c\\ 'd'", "NULL"]),
        ('[jsonb]:\'[{"city": "Köln", "at": 1.10}]\'', [{"city": "Köln", "at": Decimal("1.10")}]),
    ],
)
def test_a_value_is_read_as_it_is(written: str, value: object) -> None:
    (change,) = changes_of(f"table public.t: INSERT: before[integer]:1 v{written} after[integer]:2")
    assert change.row == {"before": 1, "v": value, "after": 2}
    assert type(change.row["v"]) is type(value)


def test_a_transaction_without_rows_is_left_out() -> None:
    assert transactions_of([{"data": "BEGIN 7"}, {"data": "COMMIT 7 (at 2026-03-01 09:00:00+00)"}]) == []


@pytest.mark.parametrize(
    "data", ["table public.t: TRUNCATE: (no-flags)", "table public.t: DELETE: (no-tuple-data)"]
)
def test_what_is_not_understood_is_no_change(data: str) -> None:
    with pytest.raises(AssertionError):
        changes_of(data)


def test_a_place_in_the_log_is_a_number() -> None:
    assert lsn_of("1/A0") == 4294967456
