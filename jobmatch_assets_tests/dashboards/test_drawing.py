"""Drawings: made when they come near to what is seen or go to paper, as wide as there is room, telling as text."""

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from jobmatch_assets.dashboards.bundle import bundle
from jobmatch_assets.dashboards.registry import file_of, registered
from jobmatch_assets.dashboards.specifications import specifications
from jobmatch_assets_tests.bench.browser import Opened, opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]


def loaded(seen: Opened) -> None:
    """Load the page as somebody does who does not ask for more than is seen."""
    seen.page.reload()
    seen.page.wait_for_selector("html[data-ready]", state="attached")


def test_what_is_seen_is_drawn_first_and_the_rest_when_somebody_comes_near(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7)
    with opened(browser, built(copy) / "funnel.html") as seen:
        loaded(seen)
        first, last = seen.page.locator("#chart-rates svg"), seen.page.locator("#chart-events svg")
        assert (first.count(), last.count()) == (1, 0)
        assert len(seen.rows("events")) == 4 * 7
        high = seen.js("document.documentElement.scrollHeight")
        seen.page.locator("#chart-events").scroll_into_view_if_needed()
        expect(last).to_have_count(1)
        # What is drawn later moves little of what is above or below it.
        assert seen.js("document.documentElement.scrollHeight") < 1.25 * high


def test_what_is_chosen_is_drawn_where_nobody_has_looked_since(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7)
    with opened(browser, built(copy) / "funnel.html") as seen:
        points = seen.page.locator("#chart-events svg [aria-roledescription=point]")
        assert points.count() == 4 * 7
        seen.js("scrollTo(0, 0)")
        seen.js("location.hash = '#from=2026-03-04&to=2026-03-06'")
        expect(seen.page.locator("#chart-rates svg [aria-roledescription=point]")).to_have_count(3 * 3)
        seen.page.locator("#chart-events").scroll_into_view_if_needed()
        expect(points).to_have_count(4 * 3)


def test_paper_has_the_drawings_that_nobody_has_seen(
    copy: Copy, built: Build, browser: Browser, tmp_path: Path
) -> None:
    copy.funnel(7).publication(7)
    with opened(browser, built(copy) / "funnel.html") as seen:
        loaded(seen)
        assert seen.page.locator("#chart-events svg").count() == 0
        seen.page.pdf(path=tmp_path / "funnel.pdf")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "funnel.pdf").pages)
    # The legend of the last chart.
    assert "job views" in text


def test_a_point_tells_of_itself_as_text(copy: Copy, built: Build, browser: Browser) -> None:
    copy.ranking(7).publication(7).plant(
        "update ranking_metrics_daily set experiment_id = ? where experiment_id = 'order'", "<b>order</b>"
    )
    with opened(browser, built(copy) / "ranking.html") as seen:
        point = seen.page.locator("#chart-ndcg_by_arm svg [aria-roledescription=point]").last
        point.hover()
        assert "<b>order</b> · new" in seen.text(".tooltip")
        assert seen.page.locator(".tooltip b").count() == 0
        seen.page.mouse.move(1, 1)
        expect(seen.page.locator(".tooltip")).to_be_hidden()


def test_drawings_are_as_wide_as_their_container(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(7).publication(7)
    width = """() => ["#chart-rates .vega", "#chart-rates svg"].map((found) =>
        Math.round(document.querySelector(found).getBoundingClientRect().width))"""
    with opened(browser, built(copy) / "funnel.html") as seen:
        container, drawing = seen.js(width)
        assert container == drawing
        seen.page.set_viewport_size({"width": 700, "height": 900})
        seen.page.wait_for_function(f"before => ({width})()[1] < before", arg=drawing)
        container, drawing = seen.js(width)
        assert container == drawing


def test_pages_carry_what_they_draw_with_and_nothing_else(copy: Copy, built: Build) -> None:
    library, compiled, folder = bundle(), specifications(registered()), built(copy)
    assert "vega-lite" not in library
    for page in registered():
        assert all("vega.github.io/schema/vega/" in spec["$schema"] for spec in compiled[page.name].values())
        if page.instances is None:
            text = (folder / file_of(page.name)).read_text()
            assert (library in text) == ("unsafe-eval" in text) == bool(compiled[page.name])
