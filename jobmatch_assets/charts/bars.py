"""Counts of what has a name: a bar and its number for each."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import name_axis

_ROW_HEIGHT = 22
_LABEL_WIDTH = 130


def bars(name: str, value: str, title: str) -> dict[str, Any]:
    """A bar for each row.

    Args:
        name: Field of the names, which may be long.
        value: Field of the counts.
        title: What is counted.

    Returns:
        A Vega-Lite specification on the named data `rows`. Who draws it makes it `usermeta.rowHeight` high
        for each row.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y(
            f"{name}:N",
            title=None,
            sort=None,
            axis=name_axis(_LABEL_WIDTH),
        ),
        x=alt.X(
            f"{value}:Q",
            title=None,
            axis=None,
            # Room for the number of the longest bar.
            scale=alt.Scale(zero=True, nice=False, rangeMax=alt.ExprRef(expr="width - 44")),
        ),
        tooltip=[alt.Tooltip(f"{name}:N", title="which"), alt.Tooltip(f"{value}:Q", title=title, format=",")],
    )
    drawn = rows.mark_bar(color=theme.ACCENT, height=14, cornerRadiusEnd=2)
    numbers = rows.mark_text(align="left", dx=4, fontSize=11, color=theme.INK, aria=False).encode(
        text=alt.Text(f"{value}:Q", format=",")
    )
    spec: dict[str, Any] = (
        alt.layer(drawn, numbers)
        .properties(width="container", height=_ROW_HEIGHT, usermeta={"rowHeight": _ROW_HEIGHT, "rows": name})
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
