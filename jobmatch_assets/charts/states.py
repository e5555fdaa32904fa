"""States of things over dates: a cell for each, told by a sign as well as by its colour."""

from collections.abc import Mapping
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.estimates import ROW_HEIGHT
from jobmatch_assets.charts.over_time import FIRST, LAST, date_axis, date_parameters, date_scale, detail

_LABEL_WIDTH = 160
_SIGN_WIDTH = 6
"""Pixels that a sign needs."""

_DAY = 86_400_000


def states(colours: Mapping[str, str]) -> dict[str, Any]:
    """A row of cells for each thing.

    Args:
        colours: {state as the legend words it: its colour}.

    Returns:
        A Vega-Lite specification on the named data `rows`: `thing`, `start`, `middle` and `end`
        (milliseconds), `day`, `state`, `sign` (a letter or two) and `why`. Who draws it makes it
        `usermeta.rowHeight` high for each thing.
    """
    import altair as alt

    y = alt.Y(
        "thing:N",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=_LABEL_WIDTH, ticks=False, domain=False),
    )
    x = alt.X("start:T", title=None, scale=date_scale(), axis=date_axis())
    rows = alt.Chart(alt.NamedData("rows"))
    cells = rows.mark_rect(stroke="#ffffff", strokeWidth=1).encode(
        x=x,
        x2="end:T",
        y=y,
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(
                symbolType="square",
                symbolSize=140,
                symbolStrokeColor=theme.MUTED,
                columns=alt.ExprRef(expr="width < 350 ? 1 : 5"),
            ),
        ),
        tooltip=[
            detail("thing", "table", ""),
            detail("day", "date", ""),
            detail("state", "state", ""),
            detail("rows", "rows", ","),
            detail("why", "why", ""),
        ],
    )
    has_room = f"width / (({LAST} - {FIRST}) / {_DAY}) > {_SIGN_WIDTH}"
    signs = (
        rows.mark_text(color=theme.INK, fontSize=10, fontWeight="bold", aria=False)
        .encode(x=alt.X("middle:T", scale=date_scale()), y=y, text="sign:N")
        .transform_filter(has_room)
    )
    spec: dict[str, Any] = (
        alt.layer(cells, signs)
        .add_params(*date_parameters())
        .properties(width="container", height=ROW_HEIGHT, usermeta={"rowHeight": ROW_HEIGHT, "rows": "thing"})
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
