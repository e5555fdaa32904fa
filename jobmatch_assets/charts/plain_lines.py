"""Values over dates that have no interval: what most pages draw of a subject."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets.charts.over_time import Details, over_time


def plain_lines(
    label: str,
    axis_format: str,
    form: str,
    of: str = "",
    series: Sequence[str] = (),
    *,
    when: tuple[str, str] = ("day", "date"),
    what: str = "value",
    more: Details = (),
    height: int = 200,
    **further: Any,
) -> dict[str, Any]:
    """Lines of the field `value`; a point tells when, of which series, its value, and of how many.

    Args:
        label: What the values are, with their unit.
        axis_format: d3's format of the axis.
        form: d3's format of a value.
        of: What the field `n` counts; empty where there is none.
        series: The values of the field `series`, in their order.
        when: (field, label) of the date.
        what: What a point calls its value.
        more: What else it tells, after the value.
        height: Of the drawing, in pixels.
        further: What `over_time` takes besides.

    Returns:
        A Vega-Lite specification, as of `over_time`.
    """
    details = (
        (*when, ""),
        *((("series", "what", ""),) if series else ()),
        ("value", what, form),
        *more,
        *((("n", of, ","),) if of else ()),
    )
    return over_time(
        "value", label, details, axis_format=axis_format, series=series, height=height, **further
    )
