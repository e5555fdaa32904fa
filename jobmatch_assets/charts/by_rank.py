"""A share by the rank at which something was shown; what lies beyond the last rank stands apart."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts import theme


def by_rank(ranks: Sequence[str], beyond: str, *, axis_format: str, height: int = 150) -> dict[str, Any]:
    """A bar for each rank.

    Args:
        ranks: The ranks, in their order, the one that stands for all beyond among them.
        beyond: That one.
        axis_format: d3's format of the share.
        height: Of the drawing, in pixels.

    Returns:
        A Vega-Lite specification on the named data `rows`: `rank`, `value`, `hits` and `n`.
    """
    import altair as alt

    color: dict[str, Any] = {
        "condition": {"test": f"datum.rank === '{beyond}'", "value": "#9db4c9"},
        "value": theme.ACCENT,
    }
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(cornerRadiusEnd=1)
        .encode(
            x=alt.X("rank:N", title="rank", sort=list(ranks), axis=alt.Axis(labelAngle=0, ticks=False)),
            y=alt.Y("value:Q", title=None, axis=alt.Axis(format=axis_format, tickCount=4)),
            color=alt.ColorValue.from_dict(color),
            tooltip=[
                alt.Tooltip("rank:N", title="rank"),
                alt.Tooltip("value:Q", title="share", format=axis_format),
                alt.Tooltip("hits:Q", title="of them", format=","),
                alt.Tooltip("n:Q", title="shown", format=","),
            ],
        )
        .properties(width="container", height=height)
    )
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": theme.config()}
