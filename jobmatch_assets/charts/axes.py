"""Axes that several drawings have: of values, and of names beside bars."""

from typing import Any


def value_axis(form: str, **options: Any) -> Any:
    """An axis of values.

    Args:
        form: d3's format; one of SI prefixes (`~s`) gives each value its own, and none to those below 1000.
        options: What else the axis is told.
    """
    import altair as alt

    if not form.endswith("s"):
        return alt.Axis(format=form, **options)
    text = f"abs(datum.value) < 1000 ? format(datum.value, ',~r') : format(datum.value, '{form}')"
    return alt.Axis(labelExpr=text, **options)


def name_axis(width: int) -> Any:
    """An axis of names beside bars.

    Args:
        width: Their room in pixels, which is less where a phone has not as much.
    """
    import altair as alt

    room = alt.ExprRef(expr=f"min({width}, 0.38 * (containerSize()[0] || {4 * width}))")
    return alt.Axis(labelLimit=room, minExtent=room, ticks=False, domain=False)
