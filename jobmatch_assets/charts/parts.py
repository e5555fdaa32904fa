"""What a number of each date is made of: parts as a stack, and beside it the number itself."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import value_axis
from jobmatch_assets.charts.over_time import date_axis, date_parameters, date_scale, detail, held_back_dates


def parts(
    title: str,
    names: Sequence[str] | None,
    of: str = "",
    height: int = 200,
    colours: Sequence[str] = theme.SERIES,
) -> dict[str, Any]:
    """A stack for each date.

    Args:
        title: What is counted.
        names: The parts in their order; None where the rows say which there are.
        of: What the parts should add up to, drawn as a line across each stack; nothing where it is empty.
        height: Of the drawing, in pixels.
        colours: Those of the names.

    Returns:
        A Vega-Lite specification on the named data `rows` and `held_back`. Rows have `start` and `end`
        (milliseconds), `day`, and either `series`, `value`, `low` and `high`, the place in the stack, and
        `incomplete`; or `whole`.
    """
    import altair as alt

    x = alt.X("start:T", title=None, scale=date_scale(), axis=date_axis())
    rows = alt.Chart(alt.NamedData("rows"))
    legend = alt.Legend(labelLimit=200, columns=alt.ExprRef(expr="width < 350 ? 2 : 3"))
    told_apart: dict[str, Any] = {"sort": None}
    if names is not None:
        told_apart["scale"] = alt.Scale(domain=list(names), range=list(colours[: len(names)]))
    opacity = {"condition": {"test": "datum.incomplete", "value": 0.15}, "value": 1}
    bars = (
        rows.mark_bar(strokeWidth=1)
        .encode(
            x=x,
            x2="end:T",
            y=alt.Y("low:Q", title=title, axis=value_axis("~s", tickCount=5, tickMinStep=1), stack=None),
            y2="high:Q",
            stroke=alt.Stroke("series:N", legend=legend, **told_apart),
            fill=alt.Fill("series:N", legend=legend, **told_apart),
            fillOpacity=alt.FillOpacityValue.from_dict(opacity),
            tooltip=[
                detail("day", "date", ""),
                detail("series", "what", ""),
                detail("value", title, ","),
            ],
        )
        .transform_filter("isValid(datum.value)")
    )
    layers: list[Any] = [*held_back_dates(), bars]
    if of:
        layers.append(
            rows.mark_rule(color=theme.INK, strokeWidth=2.5)
            .encode(
                x=x,
                x2="end:T",
                y=alt.Y("whole:Q", title=title),
                tooltip=[detail("day", "date", ""), detail("whole", of, ",")],
            )
            .transform_filter("isValid(datum.whole)")
        )
    spec: dict[str, Any] = (
        alt.layer(*layers)
        .add_params(*date_parameters())
        .properties(width="container", height=height)
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
