"""Steps of a funnel as bars: how many are left, and how many stopped before each."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.over_time import Details, detail

_OF_USERS: Details = (
    ("step", "step", ""),
    ("n", "reached it", ","),
    ("share", "of all who entered", ".1%"),
    ("lost", "stopped before it", ","),
    ("lost_share", "of those at the step before", ".1%"),
)

_NUMBER_WIDTH = 118
"""Pixels of `16,003  (100.0%)`."""


def steps(height: int = 200, details: Details = _OF_USERS) -> dict[str, Any]:
    """A bar for each step, with its number and its share of the first.

    Args:
        height: Of the drawing, in pixels.
        details: What a bar tells of itself.

    Returns:
        A Vega-Lite specification on the named data `rows`: `step` (in their order), `n`, `share` (of the
        first step), `lost` and `lost_share` (of the step before).
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("step:N", title=None, sort=None, axis=alt.Axis(ticks=False, labelFontSize=12))
    )
    # Beside the longest bar there is room for its number, however narrow the drawing is.
    end = alt.ExprRef(expr=f"width / max(width - {_NUMBER_WIDTH}, {_NUMBER_WIDTH})")
    x = alt.X("share:Q", title=None, scale=alt.Scale(domainMin=0, domainMax=end, nice=False), axis=None)
    bars = rows.mark_bar(color=theme.ACCENT, height=22, cornerRadiusEnd=2).encode(
        x=x,
        tooltip=[detail(*one) for one in details],
    )
    labels = (
        rows.mark_text(align="left", dx=6, fontSize=12, color=theme.INK)
        .transform_calculate(text="format(datum.n, ',') + '  (' + format(datum.share, '.1%') + ')'")
        .encode(x=x, text="text:N")
    )
    spec: dict[str, Any] = (
        alt.layer(bars, labels).properties(width="container", height=height).to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
