"""What scripts do without a page: dates, the address, formats, CSV, rows that answer a question."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from jobmatch_assets_tests.bench.browser import library

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with library(browser) as empty:
        yield empty


def test_dates_are_those_of_utc(page: Page) -> None:
    found = page.evaluate(
        """() => { const d = jobmatch.dates; return [
            d.add("2026-02-28", 1), d.add("2024-03-01", -1), d.monday("2026-03-08"), d.monday("2026-03-02"),
            d.range("2026-03-01", "2026-03-03"), d.between("2026-01-01", "2026-12-31"),
            d.span("2026-03-02", "2026-03-08"), d.span("2026-02-26", "2026-03-04"), d.span("2025-12-29", "2026-01-04"),
            ["2026-02-29", "2026-3-1", "x", ""].map(d.isDate), d.isDate("2024-02-29"), d.weekday("2026-03-02"),
        ]; }"""
    )
    assert found == [
        *("2026-03-01", "2024-02-29", "2026-03-02", "2026-03-02"),
        ["2026-03-01", "2026-03-02", "2026-03-03"],
        364,
        *("2–8 Mar 2026", "26 Feb–4 Mar 2026", "29 Dec 2025–4 Jan 2026"),
        [False] * 4,
        *(True, "Mon"),
    ]


@pytest.mark.parametrize(("days", "most"), [(1, 8), (7, 8), (28, 8), (60, 5), (365, 8), (365, 3), (2500, 8)])
def test_an_axis_names_as_many_dates_as_there_is_room_for(page: Page, days: int, most: int) -> None:
    last = page.evaluate("days => jobmatch.dates.add('2025-03-05', days - 1)", days)
    ticks = page.evaluate("([last, most]) => jobmatch.dates.ticks('2025-03-05', last, most)", [last, most])
    assert 1 <= len(ticks) <= most + 1
    assert len(set(ticks)) == len(ticks)
    assert all("2025-03-05" <= tick <= last for tick in ticks)


KNOWN = {
    "first": "2026-03-01",
    "last": "2026-03-28",
    "hasDates": True,
    "defaults": {"from": "2026-03-22", "to": "2026-03-28"},
    "filters": {"platform": ["ios", "web"]},
    "switches": {"grain": ["day", "week"]},
}


@pytest.mark.parametrize(
    ("fragment", "state", "told"),
    [
        ("", {"from": "2026-03-22", "to": "2026-03-28"}, None),
        ("#from=2026-03-02&to=2026-03-08", {"from": "2026-03-02", "to": "2026-03-08"}, None),
        ("#from=2026-03-05", {"from": "2026-03-05", "to": "2026-03-28"}, None),
        ("#platform=ios&grain=week", {"filters": {"platform": "ios"}, "switches": {"grain": "week"}}, None),
        ("#platform=<b>", {"filters": {}}, "platform=<b>, which is not in this data"),
        ("#grain=year", {"switches": {"grain": "day"}}, "grain can be day, week"),
        ("#toString=1&__proto__=2", {"filters": {}}, "toString=1, which this page does not know"),
        ("#from=2026-02-30", {"from": "2026-03-22"}, "no date"),
        ("#from=2026-03-08&to=2026-03-02", {"from": "2026-03-22"}, "end before they begin"),
        (
            "#from=2020-01-01&to=2020-01-07",
            {"from": "2026-03-22"},
            "there are events from 1–28 Mar 2026 only",
        ),
        (
            "#from=2026-02-01&to=2026-03-03",
            {"from": "2026-03-01", "to": "2026-03-03"},
            "shown is what there is of it",
        ),
    ],
)
def test_an_address_is_read_and_what_it_asks_in_vain_is_told(
    page: Page, fragment: str, state: dict[str, Any], told: str | None
) -> None:
    found = page.evaluate("([fragment, known]) => jobmatch.state.read(fragment, known)", [fragment, KNOWN])
    assert {name: found["state"][name] for name in state} == state
    assert (told in " ".join(found["told"])) if told else found["told"] == []


def test_an_address_says_what_was_chosen_and_nothing_else(page: Page) -> None:
    written = page.evaluate(
        """known => [
            { from: "2026-03-22", to: "2026-03-28", filters: {}, switches: { grain: "day" } },
            { from: "2026-03-01", to: "2026-03-28", filters: { platform: "a&b=c" }, switches: { grain: "week" } },
        ].map((state) => jobmatch.state.write(state, known))""",
        KNOWN,
    )
    assert written == ["", "from=2026-03-01&to=2026-03-28&platform=a%26b%3Dc&grain=week"]


@pytest.mark.parametrize(
    ("value", "format_", "shown"),
    [
        (None, "count", "–"),
        (0, "count", "0"),
        (1234567, "count", "1,234,567"),
        (2**53, "count", "≈ 9,007,199,254,740,992"),
        (2**53 - 1, "count", "9,007,199,254,740,991"),
        (0.1234, "percent", "12.3 %"),
        (-0.0123, "points", "−1.2 pp"),
        (0.62349, "number", "0.623"),
        (21.97, "seconds", "22.0 s"),
        ("<b>", "text", "<b>"),
    ],
)
def test_values_are_shown_as_people_read_them(page: Page, value: Any, format_: str, shown: str) -> None:
    assert (
        page.evaluate("([value, format]) => jobmatch.format.shown(value, format)", [value, format_]) == shown
    )


def test_a_csv_file_holds_what_is_drawn_and_no_formula(page: Page) -> None:
    rows = [
        {"a": "=1+1", "b": 1.5},
        {"a": '-"x",', "b": None},
        {"a": "@x\ny", "b": 0},
        {"a": "plain", "b": -3},
        {"a": "\t=1", "b": 2**60},
    ]
    text = page.evaluate("rows => jobmatch.csv.text([{ name: 'a' }, { name: 'b' }], rows)", rows)
    assert text.split("\r\n") == [
        *("a,b", "'=1+1,1.5", '"\'-""x"",",', '"\'@x\ny",0', "plain,-3", "'\t=1,1152921504606847000", ""),
    ]


TABLE = {
    "rows": 8,
    "columns": {
        "day": {"values": ["2026-03-01"], "codes": [0] * 8},
        "p": {"values": ["__all__", "ios", "web"], "codes": [0, 1, 2, 0, 0, 1, 1, 2]},
        "s": {"values": ["__all__", "a", "b"], "codes": [0, 0, 0, 1, 2, 1, 2, 1]},
        "n": [10, 6, 4, 7, 3, 4, 2, None],
    },
}
REGISTERED = {"clock": "day", "dimensions": ["p", "s"], "groupingSets": [[], ["p"], ["s"], ["p", "s"]]}


@pytest.mark.parametrize(
    ("filters", "split", "rows", "is_exact"),
    [
        ({}, [], [0], True),
        ({"p": "ios"}, [], [1], True),
        ({}, ["s"], [3, 4], True),
        ({"p": "ios"}, ["s"], [5, 6], True),
        ({"p": "ios", "s": "b"}, [], [6], True),
        ({"p": "none of them"}, [], [], True),
    ],
)
def test_rows_of_the_grouping_set_that_filters_choose(
    page: Page, filters: dict[str, str], split: list[str], rows: list[int], is_exact: bool
) -> None:
    found = page.evaluate(
        "([table, registered, filters, split]) => jobmatch.tables.table('t', table, registered).chosen(filters, split)",
        [TABLE, REGISTERED, filters, split],
    )
    assert found == {"rows": rows, "isExact": is_exact}


def test_where_no_set_fits_rows_that_add_up_are_taken_or_none(page: Page) -> None:
    sets = [[], ["p", "s"]]
    script = (
        """([table, registered, filters]) => jobmatch.tables.table('t', table, registered).chosen(filters)"""
    )
    found = page.evaluate(script, [TABLE, {**REGISTERED, "groupingSets": sets}, {"p": "ios"}])
    assert found == {"rows": [5, 6], "isExact": False}
    assert page.evaluate(script, [TABLE, {**REGISTERED, "groupingSets": [[]]}, {"p": "ios"}]) is None


def test_a_sum_with_null_in_it_is_null_and_so_is_a_sum_of_nothing(page: Page) -> None:
    sums = page.evaluate(
        """table => { const found = jobmatch.tables.table('t', table, {});
            return [[5, 6], [5, 7], []].map((rows) => jobmatch.tables.sum(found, rows, 'n')); }""",
        TABLE,
    )
    assert sums == [6, None, None]
