"""A real browser that reaches nothing: pages are opened from their files, and whatever else they ask for is found."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from jobmatch_assets.dashboards.document import SCRIPTS

CHROMIUM = Path("/usr/bin/chromium")

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, with all hosts unresolvable."""
    assert CHROMIUM.exists(), f"{CHROMIUM} is missing: `make test-browser` installs it"
    with sync_playwright() as playwright:
        # Chromium runs as root in containers only without its sandbox.
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


class Opened:
    """A page in the browser; at its end, nothing but its file was asked for, and its console is empty.

    Attributes:
        page: Playwright's page.
        complaints: What the console said, and what was asked for besides the file.
    """

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.file = file
        self.complaints: list[str] = []
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def go(self, fragment: str = "") -> None:
        """Open the file, or another part of it, and wait until everything is drawn."""
        self.page.goto(self.file.as_uri() + fragment)
        self.page.wait_for_selector("html[data-ready]", state="attached", timeout=15000)
        if self.page.locator("#page-data").count():
            self.settle()

    def settle(self) -> None:
        """Wait until what was chosen is drawn."""
        self.page.evaluate("jobmatch.drawn()")

    def js(self, expression: str, argument: Any = None) -> Any:
        """What an expression, or a function of the argument, gives in the page."""
        return self.page.evaluate(expression, argument)

    def rows(self, chart: str) -> list[dict[str, Any]]:
        """What a chart draws."""
        found: list[dict[str, Any]] = self.page.evaluate("name => jobmatch.drawnRows(name)", chart)
        return found

    def text(self, selector: str) -> str:
        """The text of an element as it is seen."""
        return self.page.locator(selector).inner_text()

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if url.split("#", maxsplit=1)[0] != self.file.as_uri() and not url.startswith(("data:", "blob:")):
            self.complaints.append(f"request: {url}")


@contextmanager
def opened(
    browser: Browser, file: Path, fragment: str = "", viewport: Mapping[str, int] = DESKTOP, **options: Any
) -> Iterator[Opened]:
    """Open a page from its file, offline; fails where it asked for anything or complained."""
    context = browser.new_context(viewport=dict(viewport), **options)  # type: ignore[arg-type]
    try:
        seen = Opened(context.new_page(), file)
        seen.go(fragment)
        yield seen
        assert seen.complaints == [], os.linesep.join(seen.complaints)
    finally:
        context.close()


@contextmanager
def library(browser: Browser) -> Iterator[Page]:
    """An empty page that has the scripts of all pages, for what they compute without one."""
    folder = resources.files("jobmatch_assets.dashboards").joinpath("assets")
    page = browser.new_page()
    try:
        page.set_content("<main></main>")
        for name in SCRIPTS:
            page.add_script_tag(content=folder.joinpath(name).read_text(encoding="utf-8"))
        yield page
    finally:
        page.close()
