"""Values over dates: lines with their intervals, gaps where there is nothing, and what a date lacks."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.axes import value_axis

ROWS = "rows"
"""Named data: a row for each series and date, with `date` (milliseconds, UTC) and `day` (as a text)."""

HELD_BACK = "held_back"
"""Named data: dates that are held back, with `start`, `end` (milliseconds) and `label`."""

TICKS, FIRST, LAST, TOP = "ticks", "first", "last", "top"
"""Parameters: where dates are written; first and last moment of the axis; the largest value, 0 for any."""

_LABEL_LIMIT = 120
"""Pixels for names that come from events."""

DAYS, MONTHS = "%-d %b", "%b %Y"
"""How an axis names dates, and the firsts of months."""

Details = Sequence[tuple[str, str, str]]
"""(field, label, format of d3 or an empty text) of what a point tells of itself."""


def over_time(
    value: str,
    label: str,
    details: Details,
    *,
    axis_format: str,
    low: str | None = None,
    high: str | None = None,
    series: Sequence[str] | None = (),
    height: int = 240,
    size: int = 34,
    from_zero: bool = True,
    zero_line: bool = False,
    date_format: str = DAYS,
) -> dict[str, Any]:
    """Lines over dates, each with a band for its interval.

    A row with `incomplete` is drawn hollow, a row without a value is a gap, and dates of the data `held_back`
    are hatched and named.

    Args:
        value: Field of the values.
        label: What they are, with their unit; may be empty where a caption says it.
        details: What a point tells of itself.
        axis_format: d3's format of values.
        low: Field of the lower end of the interval.
        high: Field of its upper end.
        series: The values of the field `series`, in their order; without any there is one line and no legend;
            None where the rows say which there are.
        height: Of the drawing, in pixels.
        size: Of a point, in square pixels.
        from_zero: Whether the axis has 0 on it.
        zero_line: Whether a line marks 0, which is no difference.
        date_format: How the axis names dates.

    Returns:
        A Vega-Lite specification on the named data `rows` and `held_back`.
    """
    import altair as alt

    x = alt.X("date:T", title=None, scale=date_scale(), axis=date_axis(date_format))
    y = alt.Y(
        f"{value}:Q",
        title=None,
        scale=alt.Scale(zero=from_zero, domainMax=alt.ExprRef(expr=f"{TOP} > 0 ? {TOP} : null"), nice=True),
        axis=value_axis(axis_format, tickCount=5),
    )
    color, shape = _told_apart(series)
    rows = alt.Chart(alt.NamedData(ROWS)).encode(x=x, color=color)
    layers: list[Any] = [*held_back_dates()]
    if zero_line:
        layers.append(zero_rule("y"))
    if low and high:
        band = rows.mark_area(opacity=0.16, line=False, aria=False)
        layers.append(band.encode(y=alt.Y(f"{low}:Q", title=None), y2=f"{high}:Q"))
    layers.append(rows.mark_line(strokeWidth=1.75, aria=False).encode(y=y))
    points = rows.transform_filter(f"isValid(datum.{value})").encode(
        y=y, shape=shape, tooltip=[detail(*one) for one in details]
    )
    filled, hollow = (
        points.mark_point(filled=True, size=size),
        points.mark_point(filled=False, fill="#ffffff", size=size, strokeWidth=1.5),
    )
    layers += [
        filled.transform_filter("!datum.incomplete"),
        hollow.transform_filter("datum.incomplete"),
    ]
    chart = (
        alt.layer(*layers)
        .add_params(*date_parameters(), alt.param(name=TOP, value=0))
        .properties(width="container", height=height, **({"title": label} if label else {}))
    )
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return {**spec, "config": theme.config()}


def date_scale() -> Any:
    """The dates that are shown, each with half a day around it."""
    import altair as alt

    return alt.Scale(
        type="utc", domainMin=alt.ExprRef(expr=FIRST), domainMax=alt.ExprRef(expr=LAST), nice=False
    )


def date_axis(date_format: str = DAYS) -> Any:
    """An axis that names as many dates as there is room for."""
    import altair as alt

    return alt.Axis(
        format=date_format, values=alt.ExprRef(expr=TICKS), grid=False, labelOverlap=True, labelFlush=False
    )


def date_parameters() -> list[Any]:
    """The parameters that scale and axis of dates are given."""
    import altair as alt

    return [alt.param(name=TICKS, value=[]), alt.param(name=FIRST, value=0), alt.param(name=LAST, value=1)]


def zero_rule(channel: str) -> Any:
    """A line at 0 of the axis `x` or `y`."""
    import altair as alt

    at = {"x": alt.X("at:Q"), "y": alt.Y("at:Q")}[channel]
    rule = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(
        color=theme.MUTED, strokeDash=[4, 3], aria=False
    )
    return rule.encode(at)


def _told_apart(series: Sequence[str] | None) -> tuple[Any, Any]:
    """Colour and shape by series."""
    import altair as alt

    if series is None:
        named = alt.Legend(labelLimit=_LABEL_LIMIT, columns=1, direction="vertical")
        return alt.Color("series:N", sort=None, legend=named), alt.Shape("series:N", sort=None, legend=None)
    if not series:
        return alt.value(theme.ACCENT), alt.value("circle")
    names, count = list(series), len(series)
    # On a phone, names of series stand in as many rows as they need.
    room = 26 + 7 * max(map(len, names))
    legend = alt.Legend(columns=alt.ExprRef(expr=f"max(1, floor(width / {room}))"))
    return (
        alt.Color("series:N", scale=alt.Scale(domain=names, range=list(theme.SERIES[:count])), legend=legend),
        alt.Shape("series:N", scale=alt.Scale(domain=names, range=list(theme.SHAPES[:count])), legend=legend),
    )


def detail(field: str, label: str, form: str) -> Any:
    """What a point tells of itself, one of `Details`."""
    import altair as alt

    if not form:
        return alt.Tooltip(f"{field}:N", title=label)
    return alt.Tooltip(f"{field}:Q", title=label, format=form)


def held_back_dates() -> list[Any]:
    """A hatched column and a word for each run of dates that are held back."""
    import altair as alt

    data = alt.Chart(alt.NamedData(HELD_BACK))
    x = alt.X("start:T", scale=alt.Scale(type="utc"))
    return [
        data.mark_rect(color="#e8d3a2", opacity=0.8).encode(x=x, x2="end:T").properties(name=HELD_BACK),
        data.mark_text(align="left", baseline="top", dx=3, dy=3, fontSize=11, color="#6b4a00").encode(
            x=x, y=alt.value(0), text="label:N"
        ),
    ]
