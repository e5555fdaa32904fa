"""Estimates side by side: a point for each, and its interval as a line."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.over_time import Details, detail

ROW_HEIGHT = 24
"""Pixels for each estimate."""

_LABEL_WIDTH = 200


def estimates(
    label: str, title: str, details: Details, *, axis_format: str, zero: bool = False
) -> dict[str, Any]:
    """A row for each estimate.

    Args:
        label: Field with what a row is about.
        title: What is estimated.
        details: What a point tells of itself.
        axis_format: d3's format of values.
        zero: Whether a line marks 0, which an interval of a difference holds or does not.

    Returns:
        A Vega-Lite specification on the named data `rows`: the label, `value`, `low`, `high`. Who draws it
        makes it `usermeta.rowHeight` high for each row.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            f"{label}:N",
            title=None,
            sort=None,
            axis=alt.Axis(
                labelLimit=_LABEL_WIDTH, minExtent=_LABEL_WIDTH, ticks=False, domain=False, grid=True
            ),
        )
    )
    x = alt.X(
        "value:Q",
        title=title,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(format=axis_format, tickCount=5),
    )
    tooltip = [detail(*one) for one in details]
    interval = (
        rows.mark_rule(color=theme.ACCENT, strokeWidth=2, aria=False)
        .encode(x=alt.X("low:Q", title=title), x2="high:Q")
        .transform_filter("isValid(datum.low) && isValid(datum.high)")
    )
    point = (
        rows.mark_point(color=theme.ACCENT, filled=True, opacity=1, size=60)
        .encode(x=x, tooltip=tooltip)
        .transform_filter("isValid(datum.value)")
    )
    layers: list[Any] = [interval, point]
    if zero:
        layers.insert(
            0,
            alt.Chart(alt.InlineData(values=[{"at": 0}]))
            .mark_rule(color=theme.MUTED, strokeDash=[4, 3], aria=False)
            .encode(x=alt.X("at:Q", title=title)),
        )
    chart = alt.layer(*layers).properties(
        width="container", height=ROW_HEIGHT, usermeta={"rowHeight": ROW_HEIGHT}
    )
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": theme.config()}
