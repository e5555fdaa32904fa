"""How one member of a record becomes a value, kind by kind, as the contract of entities says."""

import datetime as dt
from decimal import Decimal

import pytest

from jobmatch_assets_tests.models.entities.readings import INVALID, OTHER, Read


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("kind", "member", "how", "expected"),
    [
        ("id", '"007"', "", "007"),
        ("id", '"7.0"', "cell", "7.0"),
        ("id", '" 7 "', "cell", "7"),
        ("id", '" 7 "', "", " 7 "),
        ("id", "7.0", "", "7"),
        ("id", "3e0", "", "3"),
        ("id", "-0", "", "0"),
        ("id", "9223372036854775807", "", "9223372036854775807"),
        ("id", "9223372036854775808", "", INVALID),
        ("id", "7.5", "", INVALID),
        ("id", "true", "", INVALID),
        ("id", "[7]", "", INVALID),
        ("id", '""', "", None),
        ("id", "null", "", None),
        ("id", '"  "', "cell", None),
        ("integer_id", "12", "", 12),
        ("integer_id", "12.0", "", 12),
        ("integer_id", '"12"', "", INVALID),
        ("integer_id", '" 007 "', "cell", 7),
        ("integer_id", '"1.2e1"', "cell", 12),
        ("integer_id", '"+7"', "cell", INVALID),
        ("integer_id", '".5"', "cell", INVALID),
        ("integer_id", "1e99999999999", "", INVALID),
        ("integer", "3e0", "", 3),
        ("integer", "0", "", INVALID),
        ("integer", "6", "", INVALID),
        ("integer", "-1e-7", "", INVALID),
        ("text", '" a "', "", " a "),
        ("text", '"\\t a\\n"', "cell", "a"),
        ("text", "5", "", INVALID),
        ("text", '{"a":1}', "", INVALID),
    ],
)
def test_ids_integers_and_texts(read: Read, kind: str, member: str, how: str, expected: object) -> None:
    assert read(kind, member, how) == expected


@pytest.mark.parametrize(
    ("member", "how", "expected"),
    [
        ("999999999999.123456", "", Decimal("999999999999.123456")),
        ("-999999999999.1234560000", "", Decimal("-999999999999.123456")),
        ("1000000000000", "", INVALID),
        ("0.0000001", "", INVALID),
        ("1e-7", "", INVALID),
        ("1e-6", "", Decimal("0.000001")),
        ("1.5e3", "", Decimal(1500)),
        ("0e99", "", Decimal(0)),
        ("-0", "", Decimal(0)),
        ("0.1", "", Decimal("0.1")),
        ('" 12.50 "', "", Decimal("12.5")),
        ('"0012.5"', "", Decimal("12.5")),
        ('"1,5"', "", INVALID),
        ('"1 000"', "cell", INVALID),
        ('"1."', "", INVALID),
        ('""', "", None),
        ("true", "", INVALID),
    ],
)
def test_decimals_keep_their_digits(read: Read, member: str, how: str, expected: object) -> None:
    assert read("decimal", member, how) == expected


@pytest.mark.parametrize(
    ("member", "how", "expected"),
    [
        *(("true", "", True), ("0", "", False), ("1.0", "", True), ("2", "", INVALID)),
        *(('"true"', "", INVALID), ('"1"', "", INVALID), ('"  yes "', "cell", True), ('"N"', "cell", False)),
        *(('"1e0"', "cell", True), ('"ja"', "cell", INVALID), ('" "', "cell", None)),
    ],
)
def test_bools(read: Read, member: str, how: str, expected: object) -> None:
    assert read("bool", member, how) == expected


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        *(
            ("word", '"Full-Time"', "full_time"),
            ("word", '" full time\\n"', "full_time"),
            ("word", '"fulltime"', OTHER),
        ),
        *(("word", '"other"', "other"), ("word", "1", INVALID), ("strict_word", '"OPEN"', "open")),
        *(
            ("strict_word", '"ajar"', INVALID),
            ("strict_word", '"cl\u017fed"', INVALID),
            ("word", '"FULL T\u0130ME"', OTHER),
            ("exact_word", '" 1-10"', "1-10"),
            ("exact_word", '"1_10"', INVALID),
        ),
        *(("country", '" de "', "DE"), ("country", '"DEU"', INVALID), ("currency", '"eur"', "EUR")),
        *(("currency", '"€"', INVALID), ("language", '"EN"', "en"), ("language", '"en-GB"', INVALID)),
        *(("country", '"  "', None), ("country", "49", INVALID)),
    ],
)
def test_words_and_codes(read: Read, kind: str, member: str, expected: object) -> None:
    assert read(kind, member) == expected


@pytest.mark.parametrize(
    ("member", "how", "expected"),
    [
        ('"2026-03-01T09:00:00Z"', "", at("2026-03-01T09:00")),
        ('"2026-03-01 09:00:00.1234567+01:30"', "", at("2026-03-01T07:30:00.123456")),
        ('"2026-03-01t09:00:00"', "", at("2026-03-01T09:00")),
        ('" 2026-03-01T09:00:00Z "', "", INVALID),
        ('" 2026-03-01T09:00:00Z "', "cell", at("2026-03-01T09:00")),
        ('"2026-03-01"', "", INVALID),
        ('"2026-02-29T09:00:00Z"', "", INVALID),
        ('"2026-03-01T24:00:00Z"', "", INVALID),
        ('"2026-03-01T09:00:60Z"', "", INVALID),
        ('"2026-03-01T09:00:00+24:00"', "", INVALID),
        ('"0000-03-01T09:00:00Z"', "", INVALID),
        ('"0001-01-01T00:00:00+01:00"', "", INVALID),
        ("1772355600", "", at("2026-03-01T09:00")),
        ("1772355600000", "", at("2026-03-01T09:00")),
        ("1772355600000000", "", at("2026-03-01T09:00")),
        ("1772355600000000999", "", at("2026-03-01T09:00")),
        ("1.7723556e9", "", at("2026-03-01T09:00")),
        ("1772355600.1234567", "", at("2026-03-01T09:00:00.123456")),
        ('"1772355600"', "cell", at("2026-03-01T09:00")),
        ('"1772355600"', "", INVALID),
        ("99999999999", "", at("5138-11-16T09:46:39")),
        ("100000000000", "", at("1973-03-03T09:46:40")),
        ("-1.0000001", "", at("1969-12-31T23:59:58.999999")),
        ("-1000.5e14", "", at("1966-10-31T00:20")),
        ("1e30", "", INVALID),
        ("true", "", INVALID),
        ('""', "", None),
    ],
)
def test_instants(read: Read, member: str, how: str, expected: object) -> None:
    assert read("timestamp", member, how) == expected


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2026-03-29T01:59:59", "Europe/Berlin", "2026-03-29T00:59:59"),
        ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30"),
        ("2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30"),
        ("2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00"),
        ("2026-10-25T02:30:00+01:00", "Europe/Berlin", "2026-10-25T01:30"),
        ("2026-04-05T01:29:00", "Australia/Lord_Howe", "2026-04-04T14:29"),
        ("2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45"),
        ("2026-04-05T02:00:00", "Australia/Lord_Howe", "2026-04-04T15:30"),
        ("2026-10-04T02:15:00", "Australia/Lord_Howe", "2026-10-03T15:45"),
        ("2026-10-04T02:30:00", "Australia/Lord_Howe", "2026-10-03T15:30"),
        ("2026-10-25T01:30:00", "Antarctica/Troll", "2026-10-24T23:30"),
        ("2026-11-01T01:30:00.5", "America/New_York", "2026-11-01T05:30:00.5"),
    ],
)
def test_of_two_instants_of_a_local_time_the_earlier_counts(
    read: Read, local: str, zone: str, expected: str
) -> None:
    assert read("timestamp", f'"{local}"', zone=zone) == at(expected)


@pytest.mark.parametrize(
    ("member", "how", "expected"),
    [
        ('"2026-03-01"', "", dt.date(2026, 3, 1)),
        ('"2026-03-01T23:30:00-05:00"', "", dt.date(2026, 3, 1)),
        ('"2026-03-01T23:30:00"', "", dt.date(2026, 3, 1)),
        ('"2026-03-01T25:30:00"', "", INVALID),
        ('"2026-02-29"', "", INVALID),
        ('"2026-3-1"', "", INVALID),
        ('" 2026-03-01 "', "cell", dt.date(2026, 3, 1)),
        ('"0000-01-01"', "", INVALID),
        ("20513", "", INVALID),
        ("20513", "change", dt.date(2026, 3, 1)),
        ("20513.9", "change", dt.date(2026, 3, 1)),
        ("-0.5", "change", dt.date(1969, 12, 31)),
        ("999999", "change", dt.date(4707, 11, 28)),
        ("1000000", "change", dt.date(1970, 1, 12)),
        ("1772355600000", "change", dt.date(2026, 3, 1)),
        ("-719163", "change", INVALID),
        ('"20513"', "change", INVALID),
        ('"20513"', "cell change", dt.date(2026, 3, 1)),
        ('"20513"', "cell", INVALID),
    ],
)
def test_dates(read: Read, member: str, how: str, expected: object) -> None:
    assert read("date", member, how) == expected
