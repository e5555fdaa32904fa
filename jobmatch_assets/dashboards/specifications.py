"""Specifications of charts: they follow from the code alone and take seconds to make, so they are kept."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from typing import Any

from jobmatch_assets.dashboards.kept import kept
from jobmatch_assets.dashboards.page import Page

Specifications = dict[str, dict[str, Any]]
"""{page: {chart: its specification}}"""


def specifications(pages: Sequence[Page]) -> Specifications:
    """Vega-Lite's specifications of the charts of all pages."""

    def made() -> str:
        return json.dumps(
            {page.name: {chart.name: chart.spec() for chart in page.charts if chart.spec} for page in pages}
        )

    found: Specifications = json.loads(kept("charts", f"{_made_from(pages)}.json", made))
    return found


def _made_from(pages: Sequence[Page]) -> str:
    """A digest of what is made, the code that makes it, and Altair's version."""
    names = {page.name: [chart.name for chart in page.charts if chart.spec] for page in pages}
    digest = hashlib.sha256(json.dumps([version("altair"), names]).encode())
    for room in ("jobmatch_assets.charts", "jobmatch_assets.dashboards.pages"):
        for file in _python_files(resources.files(room)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _python_files(folder: Traversable) -> Iterator[Traversable]:
    for found in sorted(folder.iterdir(), key=lambda found: found.name):
        if found.name.endswith(".py"):
            yield found
