"""A value by rank: how it falls from the first place on, with all ranks beyond the last apart."""

from typing import Any

from jobmatch_assets.charts import theme


def by_rank(title: str, n_title: str, height: int = 220) -> dict[str, Any]:
    """A bar for each rank.

    Args:
        title: What the bars show.
        n_title: What each is a share of.
        height: Of the drawing, in pixels.

    Returns:
        A Vega-Lite specification on the named data `rows`: `rank` (a text, in the order of the rows),
        `beyond` (whether it stands for all ranks after the last), `value` (a share), `hits` and `n`.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows"))
    bars = rows.mark_bar(cornerRadiusEnd=2).encode(
        x=alt.X("rank:N", title="rank", sort=None, axis=alt.Axis(labelAngle=0, ticks=False)),
        y=alt.Y("value:Q", title=title, axis=alt.Axis(format=".1~%", tickCount=5)),
        color=alt.condition("datum.beyond", alt.value(theme.MUTED), alt.value(theme.ACCENT)),
        tooltip=[
            alt.Tooltip("rank:N", title="rank"),
            alt.Tooltip("value:Q", title=title, format=".2%"),
            alt.Tooltip("hits:Q", title="of them", format=","),
            alt.Tooltip("n:Q", title=n_title, format=","),
        ],
    )
    spec: dict[str, Any] = bars.properties(width="container", height=height).to_dict(validate=False)
    return {**spec, "config": theme.config()}
