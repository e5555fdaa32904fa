"""A whole split over arms: what each has got, beside what it should have got."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import name_axis
from jobmatch_assets.charts.estimates import ROW_HEIGHT

_LABEL_WIDTH = 120
_ROOM = 0.12
"""The share from which on a number has room in its bar."""


def split(title: str) -> dict[str, Any]:
    """A bar and its number for each arm, with a mark at the share that it should have.

    Args:
        title: What is shared out.

    Returns:
        A Vega-Lite specification on the named data `rows`: `arm`, `share`, `units`, `expected_share` and
        `expected_units` (null where nothing is expected). Who draws it makes it `usermeta.rowHeight` high
        for each row.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            "arm:N",
            title=None,
            sort=None,
            axis=name_axis(_LABEL_WIDTH),
        )
    )
    scale = alt.Scale(zero=True, nice=True)
    x = alt.X("share:Q", title=title, scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    bars = (
        rows.mark_bar(color=theme.ACCENT, height=14, cornerRadiusEnd=2)
        .encode(
            x=x,
            tooltip=[
                alt.Tooltip("arm:N", title="arm"),
                alt.Tooltip("share:Q", title="has", format=".1%"),
                alt.Tooltip("units:Q", title="users", format=","),
                alt.Tooltip("expected_share:Q", title="should have", format=".1%"),
                alt.Tooltip("expected_units:Q", title="users expected", format=",.1f"),
            ],
        )
        .transform_filter("isValid(datum.share)")
    )
    marks = (
        rows.mark_tick(color=theme.INK, thickness=2.5, height=20)
        .encode(x=alt.X("expected_share:Q", title=title))
        .transform_filter("isValid(datum.expected_share)")
    )
    # Every arm has its number, also one without a bar.
    numbers = rows.mark_text(align="left", dx=4, fontSize=11, aria=False).encode(
        x=alt.value(0),
        text=alt.Text("units:Q", format=","),
        color=alt.condition(f"datum.share > {_ROOM}", alt.value("#ffffff"), alt.value(theme.INK)),
    )
    spec: dict[str, Any] = (
        alt.layer(bars, marks, numbers)
        .properties(width="container", height=ROW_HEIGHT, usermeta={"rowHeight": ROW_HEIGHT})
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
