"""Shares that grow with the days since a beginning, each with a band for its interval, and who was left."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.over_time import TOP, Details, detail

_ROOM = 0.1
"""The share of the height, below 0, for the numbers of those who were left."""


def curves(names: Sequence[str], days: str, details: Details, height: int = 260) -> dict[str, Any]:
    """A curve for each of several ends.

    Args:
        names: The values of the field `series`, in their order.
        days: What the days are counted from.
        details: What a point tells of itself.
        height: Of the drawing, in pixels.

    Returns:
        A Vega-Lite specification on the named data `rows`: `day`, `series`, `value` and, where there is an
        interval, `low` and `high`; and on `left`: `day` and `at_risk`, which is written above the axis. The
        parameter `top` is the largest of these shares.
    """
    import altair as alt

    x = alt.X(
        "day:Q",
        title=days,
        scale=alt.Scale(nice=False, zero=True),
        axis=alt.Axis(tickMinStep=1, tickCount=10, grid=False),
    )
    scale = alt.Scale(
        domainMin=alt.ExprRef(expr=f"-{_ROOM} * {TOP}"), domainMax=alt.ExprRef(expr=TOP), nice=False
    )
    y = alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    told_apart = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(names), range=list(theme.SERIES[: len(names)])),
        legend=alt.Legend(columns=alt.ExprRef(expr="width < 350 ? 1 : 3")),
    )
    shape = alt.Shape(
        "series:N",
        scale=alt.Scale(domain=list(names), range=list(theme.SHAPES[: len(names)])),
        legend=alt.Legend(columns=alt.ExprRef(expr="width < 350 ? 1 : 3")),
    )
    rows = alt.Chart(alt.NamedData("rows")).encode(x=x, color=told_apart)
    band = (
        rows.mark_area(opacity=0.16, interpolate="step-after", line=False, aria=False)
        .encode(y=alt.Y("low:Q", title=None), y2="high:Q")
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
    )
    line = rows.mark_line(interpolate="step-after", strokeWidth=1.75, aria=False).encode(y=y)
    points = rows.mark_point(filled=True, size=14).encode(
        y=y, shape=shape, tooltip=[detail(*one) for one in details]
    )
    left = (
        alt.Chart(alt.NamedData("left"))
        .mark_text(baseline="bottom", dy=-3, fontSize=11, color=theme.MUTED, aria=False)
        .encode(x=x, y=alt.value(height), text=alt.Text("at_risk:Q", format=","))
    )
    spec: dict[str, Any] = (
        alt.layer(band, line, points, left)
        .add_params(alt.param(name=TOP, value=1))
        .properties(width="container", height=height)
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
