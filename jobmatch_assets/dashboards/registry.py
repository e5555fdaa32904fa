"""Which pages there are: those that have a file in `pages/`, whose name does not begin with `_`."""

import importlib
import pkgutil

from jobmatch_assets.dashboards import pages
from jobmatch_assets.dashboards.page import Page

FIRST = "overview"
"""The page that is `index.html`."""

DICTIONARY = "dictionary.html"
"""The file that lists all metrics; it stands after the pages."""

DOCS = "docs.html"
"""dbt's documentation of all tables, which the pipeline writes beside the pages."""


def registered() -> tuple[Page, ...]:
    """All pages, in the order of the navigation."""
    found: list[Page] = [
        importlib.import_module(f"{pages.__name__}.{module.name}").PAGE
        for module in pkgutil.iter_modules(pages.__path__)
        if not module.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda page: (page.position, page.name)))


def file_of(name: str) -> str:
    """The file of a page."""
    return "index.html" if name == FIRST else f"{name}.html"
