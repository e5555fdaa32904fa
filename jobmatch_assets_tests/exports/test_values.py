"""Whatever gold holds, each format reads back as the same."""

import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from jobmatch_assets.exports.workbook import MOST_ROWS
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets_tests.exports.conftest import Copy
from jobmatch_assets_tests.exports.reading import (
    as_spreadsheet,
    csv_rows,
    csv_texts,
    parquet_rows,
    xlsx_rows,
)

PUBLISHED = (
    *("ab_cumulative_sums", "ab_metrics_daily", "ab_results", "funnel_daily"),
    *("ranking_metrics_daily", "ranking_position_daily", "search_quality_daily"),
)

TEXTS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://e.example\")", "https://e.example", "007", "1e5", "TRUE"),
    *("", " a ", "a,b", 'say "x"', "a\nb", "a\r\nb", "\ta", "NULL", "nan", "\x1b[31m", "_x0041_", "実験 🧪", "\uffff"),
    *("<r>bold</r>", "<r><t>x</t></r>", "</t></is></c>", "&lt;b&gt;", "x" * 32_000),
)  # fmt: skip


def test_every_table_is_there(golden_export: Copy) -> None:
    assert {*PUBLISHED} <= {*golden_export.tables}


def test_csv_reads_back_as_gold(golden_export: Copy) -> None:
    for table in golden_export.tables:
        types = dict(
            golden_export.query(
                f"select column_name, data_type from duckdb_columns() where table_name = '{table}'"
            )
        )
        expected = golden_export.query(f"from {table}")
        found = csv_rows(golden_export.export(table, "csv").path, types)
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), table
        assert expected or table not in PUBLISHED


def test_parquet_reads_back_as_gold(golden_export: Copy) -> None:
    for table in golden_export.tables:
        expected = golden_export.query(f"from {table}")
        found = parquet_rows(golden_export.export(table, "parquet").path)
        assert sorted(found, key=repr) == sorted(expected, key=repr), table


def test_xlsx_reads_back_as_gold(golden_export: Copy) -> None:
    for table in golden_export.tables:
        expected = [tuple(map(as_spreadsheet, row)) for row in golden_export.query(f"from {table}")]
        found = xlsx_rows(golden_export.export(table, "xlsx").path)
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), table


@pytest.fixture
def texts(planted: Callable[..., Copy]) -> Copy:
    copy = planted("create table texts (n integer, text varchar)")
    with duckdb.connect(str(copy.path)) as connection:
        connection.executemany(
            "insert into job_matching_gold.texts values (?, ?)", list(enumerate([*TEXTS, None]))
        )
    return copy


def test_text_stays_as_it_is_in_csv(texts: Copy) -> None:
    path = texts.export("texts").path
    assert csv_rows(path, {"n": "INTEGER", "text": "VARCHAR"}) == list(enumerate([*TEXTS, None]))
    assert csv_texts(path) == [
        ["n", "text"],
        *([str(n), text or ""] for n, text in enumerate([*TEXTS, None])),
    ]
    written = path.read_bytes()
    assert written.startswith(b"n,text\r\n0,=1+1\r\n")
    assert b'9,""\r\n' in written
    assert written.endswith(f"\r\n{len(TEXTS)},\r\n".encode())


def test_text_stays_as_it_is_in_parquet(texts: Copy) -> None:
    assert parquet_rows(texts.export("texts", "parquet").path) == list(enumerate([*TEXTS, None]))


def test_text_stays_text_in_xlsx(texts: Copy) -> None:
    sheet = openpyxl.load_workbook(texts.export("texts", "xlsx").path, rich_text=False)["Data"]
    for number, text in enumerate(TEXTS):
        cell = sheet.cell(number + 2, 2)
        assert cell.data_type in ("s", "inlineStr"), text
        assert cell.hyperlink is None
        assert _unescaped(cell.value or "") == text, text
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@")), text
    assert sheet.cell(len(TEXTS) + 2, 2).data_type == "n"
    assert sheet.cell(len(TEXTS) + 2, 2).value is None


def _unescaped(text: str) -> str:
    """What a spreadsheet makes of _xHHHH_; openpyxl leaves it."""
    from openpyxl.utils.escape import unescape

    return unescape(text).replace("_xFFFF_", "\uffff")


NUMBERS = """
create table numbers as select * from (values
    (0, 9007199254740993::bigint, 170141183460469231731687303715884105727::hugeint, 0.1 + 0.2::double, 12.50::decimal(9, 2)),
    (1, 999999999999999, 0, 'nan'::double, 0),
    (2, -9223372036854775808, null, 'inf'::double, null),
    (3, 0, 1, 1e-300, 1),
    (4, null, null, null, null)
) as t(n, whole, huge, real, exact)
"""


def test_numbers_keep_their_digits(planted: Callable[..., Copy]) -> None:
    copy = planted(NUMBERS)
    assert csv_texts(copy.export("numbers").path)[1:] == [
        ["0", "9007199254740993", "170141183460469231731687303715884105727", "0.30000000000000004", "12.50"],
        ["1", "999999999999999", "0", "nan", "0.00"],
        ["2", "-9223372036854775808", "", "inf", ""],
        ["3", "0", "1", "1e-300", "1.00"],
        ["4", "", "", "", ""],
    ]
    assert xlsx_rows(copy.export("numbers", "xlsx").path) == [
        (0, "9007199254740993", "170141183460469231731687303715884105727", 0.1 + 0.2, 12.5),
        (1, 999999999999999, 0, "nan", 0),
        (2, "-9223372036854775808", None, "inf", None),
        (3, 0, 1, 1e-300, 1),
        (4, None, None, None, None),
    ]
    columns = ("n", "whole", "real", "exact")  # Parquet has no whole number of 128 bits
    found = parquet_rows(copy.export("numbers", "parquet", columns=columns).path)
    assert repr(found) == repr(copy.query(f"select {', '.join(columns)} from numbers"))


def test_dates_times_booleans_arrays_and_records(planted: Callable[..., Copy]) -> None:
    copy = planted(
        """create table odd as select * from (values
            (1, date '2026-03-01', timestamptz '2026-03-01 10:00:00.25+02', true, ['a', null], {'b': 1}, '{"c": 2}'::json),
            (2, date '1815-12-10', timestamptz '1815-12-10 00:00:00+00', false, [], {'b': null}, '[]'::json),
            (3, null, null, null, null, null, null)
        ) as t(n, day, moment, flag, list, record, document)"""
    )
    assert csv_texts(copy.export("odd").path)[1:] == [
        ["1", "2026-03-01", "2026-03-01T08:00:00.25Z", "true", '["a",null]', '{"b":1}', '{"c": 2}'],
        ["2", "1815-12-10", "1815-12-10T00:00:00Z", "false", "[]", '{"b":null}', "[]"],
        ["3", "", "", "", "", "", ""],
    ]
    moment = dt.datetime(2026, 3, 1, 8, 0, 0, 250_000)
    assert xlsx_rows(copy.export("odd", "xlsx").path) == [
        (1, dt.datetime(2026, 3, 1), moment, True, '["a",null]', '{"b":1}', '{"c": 2}'),
        (2, "1815-12-10", "1815-12-10 00:00:00+00:00", False, "[]", '{"b":null}', "[]"),
        (3, None, None, None, None, None, None),
    ]
    assert parquet_rows(copy.export("odd", "parquet").path)[0][1:6] == (
        dt.date(2026, 3, 1),
        moment.replace(tzinfo=dt.UTC),
        True,
        ["a", None],
        {"b": 1},
    )


def test_parquet_keeps_types_and_meanings(planted: Callable[..., Copy]) -> None:
    copy = planted(
        "create table t (day date, n bigint, share double)",
        "comment on table t is 'One row per day; it''s small.'",
        "comment on column t.n is 'Number of \"things\".'",
    )
    schema = pq.read_schema(copy.export("t", "parquet").path)
    assert [str(type_) for type_ in schema.types] == ["date32[day]", "int64", "double"]
    assert schema.metadata[b"table"] == b"t"
    assert schema.metadata[b"description"].decode() == "One row per day; it's small."
    assert json.loads(schema.metadata[b"columns"]) == {"n": 'Number of "things".'}


def test_a_sheet_has_no_room_for_more_rows_and_says_so(planted: Callable[..., Copy]) -> None:
    copy = planted(f"create table many as select range as n from range({MOST_ROWS + 1})")
    with pytest.raises(SelectionError, match=r"1,048,576 rows of many do not fit on a sheet.*--format csv"):
        copy.export("many", "xlsx")
    assert list(copy.folder.iterdir()) == []
    assert copy.export("many", "parquet").rows == MOST_ROWS + 1


def test_a_text_that_is_too_long_for_a_cell_is_named(planted: Callable[..., Copy]) -> None:
    copy = planted("create table long as select 'x' as short, repeat('y', 32768) as text")
    with pytest.raises(SelectionError, match=r"Row 1 of long has a text in text that is too long for a cell"):
        copy.export("long", "xlsx")
    assert list(copy.folder.iterdir()) == []
    assert csv_texts(copy.export("long").path)[1] == ["x", "y" * 32768]


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_the_same_rows_make_the_same_file(golden_export: Copy, format_: str) -> None:
    first = Path(golden_export.export("ab_results", format_).path).read_bytes()
    assert golden_export.export("ab_results", format_).path.read_bytes() == first


def test_a_time_without_a_zone_is_the_same_wherever_it_is_exported(
    planted: Callable[..., Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        copy = planted("create table times as select timestamp '2026-03-01 10:00:00' as at")
        assert xlsx_rows(copy.export("times", "xlsx").path) == [(dt.datetime(2026, 3, 1, 10),)]
    finally:
        monkeypatch.undo()
        time.tzset()
