"""How often a number is how large: a bar for each step, of parts one upon the other."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import value_axis
from jobmatch_assets.charts.over_time import detail


def histogram(
    title: str, count: str, names: Sequence[str], colours: Sequence[str], height: int = 200
) -> dict[str, Any]:
    """A stack for each step.

    Args:
        title: What the number is.
        count: What is counted.
        names: The parts in their order.
        colours: Those of the names.
        height: Of the drawing, in pixels.

    Returns:
        A Vega-Lite specification on the named data `rows`: `start` and `end` of the step, `step` (as a text),
        `series`, `value`, and `low` and `high`, the place in the stack.
    """
    import altair as alt

    told_apart = alt.Scale(domain=list(names), range=list(colours[: len(names)]))
    bars = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(stroke="#ffffff", strokeWidth=1)
        .encode(
            x=alt.X("start:Q", title=title, axis=alt.Axis(tickCount=8, grid=False)),
            x2="end:Q",
            y=alt.Y("low:Q", title=count, axis=value_axis("~s", tickCount=5), stack=None),
            y2="high:Q",
            color=alt.Color("series:N", scale=told_apart),
            tooltip=[detail("step", title, ""), detail("series", "what", ""), detail("value", count, ",")],
        )
    )
    spec: dict[str, Any] = bars.properties(width="container", height=height).to_dict(validate=False)
    return {**spec, "config": theme.config()}
