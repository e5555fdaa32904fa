import datetime as dt

import pytest

from jobmatch_assets.landing.names import day_of, is_events_file, is_finished, packing_of
from jobmatch_assets.text import printable


@pytest.mark.parametrize(
    ("source_file", "day"),
    [
        ("dt=2026-03-01/part-0.ndjson", dt.date(2026, 3, 1)),
        ("dt=2024-02-29/x.ndjson.gz", dt.date(2024, 2, 29)),
        ("dt=0001-01-01/x.ndjson", dt.date(1, 1, 1)),
        ("01032026_backend.ndjson", dt.date(2026, 3, 1)),
        ("31122025_.ndjson.gz", dt.date(2025, 12, 31)),
        ("dt=2026-03-01/02032026_x.ndjson", dt.date(2026, 3, 1)),
        ("dt=2026-03-01/hour=05/x.ndjson", dt.date(2026, 3, 1)),
        ("dt=2026-03-01/dt=2026-03-02/a/b/x.ndjson", dt.date(2026, 3, 1)),
        ("dt=2026-03-01/", dt.date(2026, 3, 1)),
    ],
)
def test_both_layouts_give_the_day(source_file: str, day: dt.date) -> None:
    assert day_of(source_file) == day


@pytest.mark.parametrize(
    "source_file",
    [
        "dt=2026-02-30/x.ndjson",
        "dt=2026-13-01/x.ndjson",
        "dt=0000-01-01/x.ndjson",
        "dt=2026-3-1/x.ndjson",
        "dt=20260301/x.ndjson",
        "dt=2026-03-01 /x.ndjson",
        "dt=2026-03-01\n/x.ndjson",
        "dt=٢٠٢٦-03-01/x.ndjson",
        "DT=2026-03-01/x.ndjson",
        "2026-03-01/x.ndjson",
        "2026/03/01/x.ndjson",
        "a/dt=2026-03-01/x.ndjson",
        "dt=2026-03-01",
        "other/01032026_x.ndjson",
        "31022026_x.ndjson",
        "20260301_x.ndjson",
        "01032026.ndjson",
        "01032026-x.ndjson",
        "1032026_x.ndjson",
        "x01032026_x.ndjson",
        "export.ndjson",
        "/x.ndjson",
    ],
)
def test_a_name_without_a_valid_date_has_no_day(source_file: str) -> None:
    assert day_of(source_file) is None


@pytest.mark.parametrize("name", [".x.ndjson", "_x.ndjson", "x.ndjson.tmp", "x.ndjson.part", "_", "."])
def test_unfinished_names_are_not_looked_at(name: str) -> None:
    assert not is_finished(name)


@pytest.mark.parametrize(
    "name", ["x.ndjson", "x_.ndjson", "x.tmp.ndjson", "tmp", "x.partial", "dt=2026-03-01"]
)
def test_other_names_are_looked_at(name: str) -> None:
    assert is_finished(name)


@pytest.mark.parametrize(
    ("name", "packing"),
    [
        ("a.ndjson", None),
        ("a.jsonl", None),
        ("a.NDJSON", None),
        ("a.JsonL", None),
        ("a.ndjson.gz", "gzip"),
        ("a.ndjson.GZ", "gzip"),
        ("a.NDJSON.Gz", "gzip"),
        ("a.jsonl.gz", "gzip"),
        ("a.ndjson.zst", "zstd"),
        ("a.JSONL.ZST", "zstd"),
        ("a.gz.ndjson", None),
    ],
)
def test_ndjson_and_json_lines_are_events_files_in_any_case_and_packed(
    name: str, packing: str | None
) -> None:
    assert is_events_file(name)
    assert packing_of(name) == packing


@pytest.mark.parametrize(
    "name",
    [
        "a.json",
        "a.json.gz",
        "a.ndjson.zip",
        "a.ndjson.gz.bak",
        "a.ndjson.gz.zst",
        "a.ndjson.zstd",
        "a.ndjson ",
        "a.ndjson\n",
        "a.ndjsonl",
        "a.jsonl.tmp",
        "ndjson",
        "a.gz",
        "a.zst",
    ],
)
def test_other_names_are_those_of_no_events_file(name: str) -> None:
    assert not is_events_file(name)
    assert packing_of(name) is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ünï 日本 😀 [red]\\.ndjson", "ünï 日本 😀 [red]\\.ndjson"),
        (b"a\xff\xe9.ndjson".decode("utf-8", "surrogateescape"), "a\\xff\\xe9.ndjson"),
        ("a\nb\tc\x1b[31m\x00", "a\\nb\\tc\\x1b[31m\\x00"),
        ("a\u202eb\u200b\ud800", "a\\u202eb\\u200b\\ud800"),
    ],
)
def test_a_name_is_shown_without_what_does_not_print(name: str, shown: str) -> None:
    assert printable(name) == shown
    assert printable(shown) == shown
