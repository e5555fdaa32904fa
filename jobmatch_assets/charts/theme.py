"""What all drawings share: colours, type and lines."""

from typing import Any

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

INK = "#1d2733"
MUTED = "#56616f"
GRID = "#e7eaee"
ACCENT = "#1a5a96"

SERIES = ("#1a5a96", "#c25a00", "#2a8267", "#8a4a9e", "#7d6608", "#56616f")
"""Colours of series, in order; told apart by people who do not see red or green as others do."""

PALE = "#d5dae0"
"""The colour of what is in none of the ranks of an order: little is known of it, or it does nothing."""

_RANKS = ("#0c3f70", "#2f74b5", "#6aa6d8", "#a3cbe8", "#cfe3f3")

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross")
"""Shapes of their points, so that no series is told by its colour alone."""


def levels(count: int) -> tuple[str, ...]:
    """Colours of ranks, the darkest first, so that no hue has to be seen; the last one is pale."""
    return (*_RANKS[: count - 1], PALE)


def config() -> dict[str, Any]:
    """Vega-Lite's configuration, the same for all drawings."""
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "labelFontSize": 11,
            "titleColor": MUTED,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "domainColor": "#b8c0c9",
            "tickColor": "#b8c0c9",
            "labelPadding": 4,
        },
        "axisY": {"domain": False, "ticks": False},
        "title": {
            "anchor": "start",
            "frame": "group",
            "color": MUTED,
            "fontSize": 11,
            "fontWeight": "normal",
            "offset": 8,
        },
        "legend": {
            "labelColor": INK,
            "labelFontSize": 12,
            "title": None,
            "orient": "top",
            "direction": "horizontal",
            "symbolSize": 70,
            "symbolOpacity": 1,
            "labelLimit": 260,
            "columnPadding": 14,
            "offset": 6,
        },
        "range": {"category": list(SERIES), "symbol": list(SHAPES)},
        "text": {"font": FONT},
    }
