"""The layouts that a feed can name."""

from collections.abc import Mapping

from jobmatch_assets.landing.entity_layout import ENTITY_LAYOUT
from jobmatch_assets.landing.layout import FileLayout
from jobmatch_assets.landing.line_layout import LINE_LAYOUT

LAYOUTS: Mapping[str, FileLayout] = {"lines": LINE_LAYOUT, "entities": ENTITY_LAYOUT}
"""{name of a layout in contracts/feed_layout.py: how its files are named and read}."""
