"""Budgets side by side: how much of each is spent, and how much should be by then."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import name_axis
from jobmatch_assets.charts.estimates import ROW_HEIGHT
from jobmatch_assets.charts.over_time import Details, detail

_LABEL_WIDTH = 200
_MOST = 1.5
"""The axis ends here: who has spent more is as long as that, and its number says how much."""

_OVER = "#b3372b"


def budgets(details: Details) -> dict[str, Any]:
    """A bar and its share for each budget, with a mark at the share of its time that is over.

    Args:
        details: What a bar tells of itself.

    Returns:
        A Vega-Lite specification on the named data `rows`: `label`, `used` (a share), `elapsed` (a share, or
        null) and `is_over`. Who draws it makes it `usermeta.rowHeight` high for each row.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "label:N",
            title=None,
            sort=None,
            axis=name_axis(_LABEL_WIDTH),
        )
    )
    title = "share of the budget that is spent"
    scale = alt.Scale(domain=[0, _MOST], clamp=True, nice=False)
    x = alt.X("used:Q", title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=6))
    bars = rows.mark_bar(height=14, cornerRadiusEnd=2).encode(
        x=x,
        color=alt.condition("datum.is_over", alt.value(_OVER), alt.value(theme.ACCENT)),
        tooltip=[detail(*one) for one in details],
    )
    marks = (
        rows.mark_tick(color=theme.INK, thickness=2.5, height=20)
        .encode(x=alt.X("elapsed:Q", title=title, scale=scale))
        .transform_filter("isValid(datum.elapsed)")
    )
    # Beyond the end of the axis, where no bar or mark is in the way.
    numbers = rows.mark_text(align="left", dx=6, fontSize=11, color=theme.INK, aria=False).encode(
        x=alt.datum(_MOST, type="quantitative"), text=alt.Text("used:Q", format=".0%")
    )
    spec: dict[str, Any] = (
        alt.layer(bars, marks, numbers)
        .properties(
            width="container",
            height=ROW_HEIGHT,
            padding={"left": 5, "right": 45, "top": 5, "bottom": 5},
            usermeta={"rowHeight": ROW_HEIGHT},
        )
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
