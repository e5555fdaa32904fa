"""A page as one HTML file: its parts, styles, scripts and data, and nothing that is fetched."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jobmatch_assets.dashboards.encoding import script_json
from jobmatch_assets.dashboards.page import Chart, Page, Section, Tile
from jobmatch_assets.dashboards.registry import DICTIONARY, DOCS, file_of
from jobmatch_assets.dictionary import Dictionary

if TYPE_CHECKING:
    import jinja2

_STYLES = ("page.css", "charts.css", "print.css")
SCRIPTS = (
    "namespace.js",
    "elements.js",
    "dates.js",
    "format.js",
    "statistics.js",
    "tables.js",
    "state.js",
    "series.js",
    "csv.js",
    "sparkline.js",
    "tiles.js",
    "tooltip.js",
    "drawings.js",
    "charts.js",
    "strip.js",
    "controls.js",
)
"""Files of `assets/` that every page has, in this order; then come its own, and the one that starts it."""

_START = "start.js"


@dataclass(frozen=True)
class Kit:
    """What all pages are put together from.

    Attributes:
        library: The script that draws charts, for pages that have any to draw.
        specifications: {page: {chart: Vega's specification of it}}.
        dictionary: What metrics mean.
    """

    library: str
    specifications: Mapping[str, Mapping[str, Any]]
    dictionary: Dictionary


@dataclass(frozen=True)
class Link:
    """An entry of the navigation."""

    file: str
    title: str
    is_here: bool


def navigation(pages: Sequence[Page], here: str) -> list[Link]:
    """The pages that can be gone to from everywhere."""
    links = [Link(file_of(page.name), page.title, page.name == here) for page in pages if not page.instances]
    return [*links, Link(DICTIONARY, "Dictionary", not here), Link(DOCS, "Tables", is_here=False)]


def styles() -> str:
    """The styles of all pages."""
    return "\n".join(_asset(name) for name in _STYLES)


def document(
    page: Page,
    heading: str,
    data: Mapping[str, Any],
    links: Sequence[Link],
    kit: Kit,
) -> str:
    """The HTML of a page.

    Args:
        page: The page.
        heading: Its title; for one of several instances the value is named in it.
        data: What the browser is given, as JSON.
        links: The navigation.
        kit: What is the same in all pages.
    """
    scripts = "\n".join(_asset(name) for name in (*SCRIPTS, *page.scripts, _START))
    specs = kit.specifications[page.name]
    library = kit.library if specs else ""
    allowed = [_hash(script) for script in (library, scripts) if script]
    # Vega makes functions of its expressions.
    allowed += ["'unsafe-eval'"] if library else []
    policy = (
        f"default-src 'none'; script-src {' '.join(allowed)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    text: str = (
        templates()
        .get_template("page.html")
        .render(
            page=page,
            dictionary=kit.dictionary,
            heading=heading,
            links=links,
            policy=policy,
            styles=styles(),
            library=library,
            scripts=scripts,
            data=script_json(data),
            specs=script_json(specs),
        )
    )
    return text


def registration(page: Page) -> dict[str, Any]:
    """What the browser needs to know of a page besides its data."""
    return {
        "name": page.name,
        "days": page.days,
        "endsComplete": page.ends_complete,
        "hasDates": page.has_dates,
        "ownDates": page.own_dates,
        "filters": [{"dimension": f.dimension, "label": f.label, "always": f.always} for f in page.filters],
        "switches": [
            {"name": s.name, "label": s.label, "choices": list(s.choices.items())} for s in page.switches
        ],
        "tables": {
            table.called: {
                "name": table.name,
                "clock": table.clock,
                "madeOf": table.made_of,
                "dimensions": [name for name in table.dimensions if name not in table.totals_only],
                "groupingSets": [
                    list(names)
                    for names in table.grouping_sets
                    if not set(names).intersection(table.totals_only)
                ],
            }
            for table in page.tables
        },
        "charts": [
            {
                "name": chart.name,
                "title": chart.title,
                "rows": chart.rows,
                "options": chart.options,
                "inPanels": chart.in_panels,
                "columns": [{"name": c.name, "label": c.label, "format": c.format} for c in chart.columns],
            }
            for chart in page.charts
        ],
        "tiles": [
            {
                "name": tile.name,
                "label": tile.label,
                "value": tile.value,
                "options": tile.options,
                "format": tile.format,
            }
            for tile in page.tiles
        ],
    }


def _blocks(section: Section) -> list[tuple[str, list[Chart | Tile]]]:
    """The items of a section, tiles that follow each other together."""
    return [
        (kind, list(items))
        for kind, items in groupby(
            section.items, lambda item: "tiles" if isinstance(item, Tile) else "charts"
        )
    ]


@cache
def _asset(name: str) -> str:
    return resources.files("jobmatch_assets.dashboards").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def templates() -> "jinja2.Environment":
    """The templates of `assets/`; whatever they are given is text, unless they say otherwise."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_asset),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["blocks"] = _blocks
    return environment


@cache
def _hash(script: str) -> str:
    """A script as the page's content security policy allows it."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
