"""Openings: whether they are filled, how soon, and how long those wait who are hired."""

from functools import partial

from jobmatch_assets.charts.curves import curves
from jobmatch_assets.dashboards.page import Chart, Column, Section, Table, Tile
from jobmatch_assets.dashboards.pages._hiring_weeks import WEEK, lines

_FILL, _FILL_NOW = "time_to_fill", "fill_now"
_ENDS = {"filled": "filled", "closed": "closed unfilled"}
_FILLED_SHARES = {f"filled_share_{days}": f"within {days} days" for days in (30, 60, 90)}

TILES = (
    Tile(
        *("filled_share_60", "Openings filled within 60 days", "as_of"),
        {
            "table": _FILL,
            "column": "filled_share_60",
            "share_by": 60,
            "none": "No opening has been observed for 60 days.",
        },
        "percent",
        metric="filled_share_60",
    ),
    Tile(
        *("median_days_to_fill", "Median days to fill", "as_of"),
        {
            "table": _FILL,
            "column": "median_days_to_fill",
            "none": "Fewer than half of the openings get filled, as far as they were observed: there is no "
            "median.",
        },
        "figures",
        metric="median_days_to_fill",
    ),
)
"""The tiles of openings."""

_CURVES = Chart(
    name="fill",
    title="Openings filled and closed, by day",
    caption="Share of openings that were filled, and that were closed unfilled, by each day after they went "
    "live (cumulative incidence), with 95\u00a0% bands. Open ones count as long as they were seen. The "
    "numbers above the axis are the openings still observed on that day: with few left, do not trust a step.",
    rows="fill_curves",
    options={"series": _ENDS},
    columns=(
        Column("day", "Day", "count"),
        Column("at_risk", "Still observed", "count"),
        Column("filled", "Filled", "count"),
        Column("filled_share", "Filled by then", "percent"),
        Column("filled_low", "95\u00a0% from", "percent"),
        Column("filled_high", "to", "percent"),
        Column("closed", "Closed", "count"),
        Column("closed_share", "Closed by then", "percent"),
        Column("closed_low", "95\u00a0% from", "percent"),
        Column("closed_high", "to", "percent"),
    ),
    spec=partial(
        curves,
        tuple(_ENDS.values()),
        "days since the opening went live",
        (
            ("day", "day", ","),
            ("series", "what", ""),
            ("value", "share by then", ".1%"),
            ("low", "95\u00a0% from", ".1%"),
            ("high", "to", ".1%"),
            ("at_risk", "still observed", ","),
        ),
    ),
    metrics=("filled_share_30", "closed_share_30"),
)

_BY_CATEGORY = Chart(
    name="fill_by_category",
    title="Openings, by category",
    caption="Still open ones are counted apart, and in shares and medians as long as they were seen. No "
    "median: fewer than half get filled. 'If nobody gave up' is the median if closing were a mere end of "
    "observation. The mean of the filled alone leaves out everything slow: it is here for comparison.",
    rows="fill_by_category",
    columns=(
        Column("group", "Category", "name"),
        Column("openings", "Openings", "count"),
        Column("filled", "Filled", "count"),
        Column("closed_unfilled", "Closed", "count"),
        Column("still_open", "Still open", "count"),
        Column("evergreen", "Evergreen", "count"),
        Column("filled_share_30", "Filled in 30 d", "percent"),
        Column("filled_share_60", "In 60 d", "percent"),
        Column("low", "In 60 d, 95\u00a0% from", "percent"),
        Column("high", "to", "percent"),
        Column("filled_share_90", "In 90 d", "percent"),
        Column("closed_share_60", "Closed in 60 d", "percent"),
        Column("median_days_to_fill", "Median days", "figures"),
        Column("median_days_to_fill_if_not_closed", "If nobody gave up", "figures"),
        Column("mean_days_filled_only", "Mean of the filled", "figures"),
        Column("expiry_rate", "Ended by expiry", "percent"),
    ),
    metrics=(
        *("fill_still_open", "median_days_to_fill", "median_days_to_fill_if_not_closed"),
        *("mean_days_filled_only", "expiry_rate"),
    ),
)

_FILL_OVER_TIME = Chart(
    name="fill_over_time",
    title="Filled within 30, 60 and 90 days",
    caption="As of each date, of the openings of the 180 dates up to it. Dates next to each other share most "
    "of their openings: read the slope, not the steps.",
    rows="values_as_they_stand",
    options={
        "table": _FILL,
        "columns": [{"series": label, "column": column} for column, label in _FILLED_SHARES.items()],
        "n": "openings",
    },
    columns=(
        Column("day", "As of", "date"),
        Column("series", "What"),
        Column("value", "Share", "percent"),
        Column("n", "Openings n", "count"),
    ),
    spec=partial(
        lines,
        *("share of openings", ".0%", ".1%", "of openings", tuple(_FILLED_SHARES.values())),
        when=("day", "as of"),
    ),
    metrics=tuple(_FILLED_SHARES),
    is_wide=False,
)

_TIME_TO_HIRE = Chart(
    name="time_to_hire",
    title="Days from application to hire",
    caption="Median over those hired in the week. It describes the hired only: who still waits, or was never "
    "hired, is not in it, so it is no forecast. A gap: fewer than 5 hires.",
    rows="values_as_they_stand",
    options={
        "table": "time_to_hire_weekly",
        "columns": [{"series": "median", "column": "median_days_application_to_hire"}],
        "n": "hires",
    },
    columns=(
        WEEK,
        Column("value", "Median days", "figures"),
        Column("n", "Hires n", "count"),
    ),
    spec=partial(lines, "days", "~r", ".1f", "hires"),
    metrics=("median_days_application_to_hire", "hires"),
    is_wide=False,
)

TABLES = (
    Table(
        _FILL,
        ("openings", "median_days_to_fill", *_FILLED_SHARES),
        "as_of_date",
        ("category",),
        ((), ("category",)),
        digits=dict.fromkeys(_FILLED_SHARES, 4),
    ),
    Table(
        _FILL,
        (
            *("openings", "filled", "closed_unfilled", "still_open", "evergreen", *_FILLED_SHARES),
            *("closed_share_60", "median_days_to_fill", "median_days_to_fill_if_not_closed"),
            *("mean_days_filled_only", "expiry_rate"),
        ),
        "as_of_date",
        ("category",),
        ((), ("category",)),
        newest_by=("category",),
        key=_FILL_NOW,
    ),
    Table(
        "time_to_fill_curve",
        ("day", "at_risk", "filled", "closed", "filled_share", "closed_share"),
        "as_of_date",
        ("category",),
        ((), ("category",)),
        newest_by=("category",),
    ),
    Table(
        "time_to_hire_weekly",
        ("hires", "median_days_application_to_hire"),
        "week_start",
        ("category",),
        ((), ("category",)),
    ),
)
"""What the page reads for openings."""

SECTION = Section(
    "Are openings filled, and how soon?",
    (_CURVES, _BY_CATEGORY, _FILL_OVER_TIME, _TIME_TO_HIRE),
    intro="Curves and table are as of the newest date of the data, whatever dates are chosen. Bands "
    "and intervals take openings as independent; those of one employer hang together, so the truth "
    "is less certain than they say.",
)
"""The section of openings."""
