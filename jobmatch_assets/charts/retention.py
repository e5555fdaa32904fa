"""How many of those who came first in a week come back: curves, and a cell for each week of a cohort."""

from typing import Any

from jobmatch_assets.charts import theme
from jobmatch_assets.charts.estimates import ROW_HEIGHT
from jobmatch_assets.charts.over_time import detail

_PALE = "#e6eef6"
_LABEL_WIDTH = 170
_WIDTH_OF_NUMBER = 30
"""Pixels that the share of a cell needs."""

_DETAILS = (
    ("cohort", "cohort", ""),
    ("weeks_since", "weeks since", ""),
    ("value", "active", ".1%"),
    ("hits", "users", ","),
    ("n", "of", ","),
)


def curves(height: int = 260) -> dict[str, Any]:
    """A thick line over all cohorts, and a thin one for each of them.

    Returns:
        A Vega-Lite specification on the named data `rows`: `weeks_since`, `cohort`, `value` (a share), `low`,
        `high`, `hits`, `n`, `is_all` (whether it is of all cohorts) and `incomplete`.
    """
    import altair as alt

    x = alt.X(
        "weeks_since:Q",
        title="weeks since the week in which they came first",
        scale=alt.Scale(domainMin=1, nice=False, padding=10),
        axis=alt.Axis(tickMinStep=1, format="d", grid=False),
    )
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(format=".0%", tickCount=5))
    rows = alt.Chart(alt.NamedData("rows")).encode(x=x, y=y)
    each = rows.transform_filter("!datum.is_all")
    whole = rows.transform_filter("datum.is_all")
    tooltip = [detail(*one) for one in _DETAILS]
    of_all = [
        detail(*one) for one in (*_DETAILS[:3], ("low", "95\u00a0% from", ".1%"), ("high", "to", ".1%"))
    ]
    complete = "!datum.incomplete"
    layers: list[Any] = [
        each.transform_filter(complete)
        .mark_line(color=theme.MUTED, strokeWidth=1, opacity=0.35, aria=False)
        .encode(detail="cohort:N"),
        each.transform_filter(complete)
        .mark_point(color=theme.MUTED, filled=True, size=14, opacity=0.5)
        .encode(tooltip=tooltip),
        each.transform_filter("datum.incomplete")
        .mark_point(stroke=theme.MUTED, filled=False, fill="#ffffff", size=26, strokeWidth=1.2)
        .encode(tooltip=tooltip),
        whole.mark_area(color=theme.ACCENT, opacity=0.16, line=False, aria=False).encode(
            y=alt.Y("low:Q", title=None), y2="high:Q"
        ),
        whole.mark_line(color=theme.ACCENT, strokeWidth=2.5, aria=False),
        whole.mark_point(color=theme.ACCENT, filled=True, opacity=1, size=40).encode(
            tooltip=[*of_all, *tooltip[3:]]
        ),
    ]
    spec: dict[str, Any] = (
        alt.layer(*layers).properties(width="container", height=height).to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}


def cohorts() -> dict[str, Any]:
    """A row for each cohort and a cell for each week since; the darker, the more are active.

    Returns:
        A Vega-Lite specification on the named data `rows`: `cohort`, `weeks_since`, `value` (a share),
        `hits`, `n`, `incomplete`, `is_dark` (whether what stands on the cell is white) and `columns`, the
        number of weeks.
    """
    import altair as alt

    rows = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "weeks_since:O",
            title="weeks since",
            axis=alt.Axis(
                orient="top",
                labelAngle=0,
                ticks=False,
                domain=False,
                labelOverlap="greedy",
                labelSeparation=6,
            ),
        ),
        y=alt.Y(
            "cohort:N",
            title=None,
            sort=None,
            axis=alt.Axis(labelLimit=_LABEL_WIDTH, ticks=False, domain=False),
        ),
    )
    colour = alt.Color(
        "value:Q", scale=alt.Scale(domainMin=0, range=[_PALE, theme.ACCENT]), legend=None, title=None
    )
    tooltip = [detail(*one) for one in _DETAILS]
    cells = (
        rows.transform_filter("!datum.incomplete")
        .mark_rect(stroke="#ffffff", strokeWidth=1)
        .encode(color=colour, tooltip=tooltip)
    )
    begun = (
        rows.transform_filter("datum.incomplete")
        .mark_rect(fill="#ffffff", stroke=theme.MUTED, strokeWidth=1, strokeDash=[2, 2])
        .encode(tooltip=tooltip)
    )
    numbers = (
        rows.transform_filter(f"width > {_WIDTH_OF_NUMBER} * datum.columns")
        .mark_text(fontSize=10, aria=False)
        .encode(
            text=alt.Text("value:Q", format=".0%"),
            color=alt.condition("datum.is_dark", alt.value("#ffffff"), alt.value(theme.INK)),
        )
    )
    spec: dict[str, Any] = (
        alt.layer(cells, begun, numbers)
        .properties(
            width="container", height=ROW_HEIGHT, usermeta={"rowHeight": ROW_HEIGHT, "rows": "cohort"}
        )
        .to_dict(validate=False)
    )
    return {**spec, "config": theme.config()}
