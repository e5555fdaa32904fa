"""What is chosen lives in the address: links can be sent, Back goes back, and nonsense is told."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import DESKTOP, PHONE, opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]


@pytest.fixture
def folder(copy: Copy, built: Build) -> Path:
    return built(copy.funnel(28).publication(28))


def test_choices_make_an_address_and_back_goes_back(folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html") as seen:
        assert seen.js("location.hash") == ""
        seen.page.select_option("#choose-platform", "ios")
        seen.page.get_by_role("button", name="week", exact=True).click()
        seen.page.get_by_role("button", name="Last complete week").click()
        seen.settle()
        assert seen.js("location.hash") == "#from=2026-03-16&to=2026-03-22&platform=ios&grain=week"
        assert {row["day"] for row in seen.rows("rates")} == {"2026-03-16"}
        address = seen.js("location.hash")
        seen.page.go_back()
        seen.page.wait_for_function("location.hash === '#platform=ios&grain=week'")
        seen.settle()
        assert len({row["day"] for row in seen.rows("rates")}) == 4
    with opened(browser, folder / "funnel.html", address) as sent:
        assert sent.page.input_value("#choose-platform") == "ios"
        assert sent.js("jobmatch.page.state.switches.grain") == "week"
        links = sent.js(
            "[...document.querySelectorAll('.top nav a')].map((link) => link.getAttribute('href'))"
        )
        assert links[0] == "index.html#from=2026-03-16&to=2026-03-22"


def test_what_an_address_asks_in_vain_is_told_as_text(folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html", "#platform=<img src=x onerror=alert(1)>&week=1") as seen:
        told = seen.text("#told")
        assert "platform=<img src=x onerror=alert(1)>, which is not in this data" in told
        assert "week=1, which this page does not know" in told
        assert seen.page.locator("#told img").count() == 0


def test_weeks_are_read_from_the_weekly_table(copy: Copy, folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html", "#grain=week&from=2026-03-02&to=2026-03-29") as seen:
        drawn = seen.rows("users")
    expected = copy.ask(
        """
        select week_start::varchar, users_click from funnel_weekly
        where platform = '__all__' and device_type = '__all__' and surface = '__all__' order by 1
        """
    )
    assert [(row["day"], row["value"]) for row in drawn if row["series"] == "clicked"] == expected
    assert [row["incomplete"] for row in drawn if row["series"] == "clicked"] == [False, False, False, True]


def test_people_are_not_added_up_where_no_row_counts_them(copy: Copy, folder: Path, browser: Browser) -> None:
    with opened(
        browser, folder / "funnel.html", "#platform=ios&surface=search&from=2026-03-04&to=2026-03-04"
    ) as seen:
        assert seen.rows("users") == []
        assert "People cannot be counted by platform and surface together" in seen.text(
            "#chart-users .message"
        )
        (entered,) = [row["n"] for row in seen.rows("rates") if row["series"] == "search → impression"]
    expected = copy.ask(
        """
        select sum(entered)::int from funnel_daily where event_date = '2026-03-04'
        and platform = 'ios' and surface = 'search' and device_type <> '__all__'
        """
    )
    assert [(entered,)] == expected


def test_a_csv_file_holds_the_rows_that_are_drawn(folder: Path, browser: Browser, tmp_path: Path) -> None:
    with opened(browser, folder / "funnel.html", "#from=2026-03-04&to=2026-03-05") as seen:
        with seen.page.expect_download() as waiting:
            seen.page.get_by_role("button", name="Rate of each step: save as CSV").click()
        assert waiting.value.suggested_filename == "funnel_rates.csv"
        waiting.value.save_as(tmp_path / "rates.csv")
        rows = seen.rows("rates")
    lines = (tmp_path / "rates.csv").read_bytes().decode().split("\r\n")
    assert lines[0] == "day,series,hits,n,value,low,high"
    assert len(lines) == 1 + len(rows) + 1
    first = rows[0]
    assert lines[1].split(",")[:4] == [first["day"], first["series"], str(first["hits"]), str(first["n"])]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["index.html", "funnel.html", "dictionary.html"])
def test_no_page_scrolls_sideways(
    folder: Path, browser: Browser, name: str, viewport: dict[str, int]
) -> None:
    with opened(browser, folder / name, viewport=viewport) as seen:
        assert seen.js("document.documentElement.scrollWidth") <= viewport["width"]


def test_paper_has_what_was_chosen_and_no_controls(folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html", "#from=2026-03-04&to=2026-03-10&platform=ios") as seen:
        assert not seen.page.is_visible("#chosen")
        seen.page.emulate_media(media="print")
        assert seen.text("#chosen") == "4–10 Mar 2026 · Platform: ios · By: day"
        assert not seen.page.is_visible("#controls")
        assert not seen.page.is_visible(".tools button")
        assert seen.page.is_visible("#chart-rates svg")


def test_everything_is_reached_with_the_keyboard_and_named(folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html") as seen:
        seen.page.keyboard.press("Tab")
        assert seen.js("document.activeElement.textContent") == "Skip to the content"
        seen.page.keyboard.press("Enter")
        assert seen.js("document.activeElement.id") == "main"
        assert seen.js("location.hash") == ""
        seen.page.focus("#choose-platform")
        seen.page.keyboard.press("ArrowDown")
        seen.settle()
        assert seen.js("location.hash") == "#platform=android"
        nameless = seen.js(
            """[...document.querySelectorAll("button, a, input, select, summary, [tabindex='0']")].filter((found) =>
                !(found.textContent.trim() || found.getAttribute("aria-label") || found.labels?.[0]?.textContent.trim())
            ).length"""
        )
        assert nameless == 0
        drawings = seen.js(
            "[...document.querySelectorAll('.vega')].map((drawn) => drawn.getAttribute('aria-label'))"
        )
        assert all(drawings)
        assert len(drawings) == len(set(drawings))
        headings = seen.js(
            "[...document.querySelectorAll('h1, h2, h3, h4')].map((found) => Number(found.tagName[1]))"
        )
        assert headings[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(headings))


def test_text_has_contrast_enough(folder: Path, browser: Browser) -> None:
    with opened(browser, folder / "funnel.html", "#platform=nowhere") as seen:
        poor = seen.js(CONTRAST)
    assert poor == []


CONTRAST = """() => {
    const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
    const light = (color) => { const [r, g, b] = color.map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const ground = (found) => { for (let at = found; at; at = at.parentElement) { const c = rgb(getComputedStyle(at).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || parent.closest("script, noscript, style") || !parent.getClientRects().length) continue;
        const style = getComputedStyle(parent);
        const color = parent.closest("svg") ? rgb(style.fill) : rgb(style.color);
        const [a, b] = [light(color), light(ground(parent))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) poor.push([walker.currentNode.textContent.trim().slice(0, 30), style.color, ratio]);
    }
    return poor;
}"""
