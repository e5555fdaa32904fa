"""Compiled specifications of charts: they follow from the code alone, take seconds to make, and are kept."""

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
"""{page: {chart: Vega's specification of it}}"""


def specifications(pages: Sequence[Page]) -> Specifications:
    """The charts of all pages, compiled from Vega-Lite to what Vega draws."""

    def made() -> str:
        import vl_convert

        return json.dumps(
            {
                page.name: {
                    chart.name: vl_convert.vegalite_to_vega(chart.spec())
                    for chart in page.charts
                    if chart.spec
                }
                for page in pages
            }
        )

    found: Specifications = json.loads(kept("charts", f"{_made_from(pages)}.json", made))
    return found


def _made_from(pages: Sequence[Page]) -> str:
    """A digest of what is made, the code that makes it, and the versions of Altair and vl-convert."""
    names = {page.name: [chart.name for chart in page.charts if chart.spec] for page in pages}
    versions = [version(library) for library in ("altair", "vl-convert-python")]
    digest = hashlib.sha256(json.dumps([versions, names]).encode())
    for room in ("jobmatch_assets.charts", "jobmatch_assets.dashboards.pages"):
        for file in _python_files(resources.files(room)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _python_files(folder: Traversable) -> Iterator[Traversable]:
    for found in sorted(folder.iterdir(), key=lambda found: found.name):
        if found.name.endswith(".py"):
            yield found
