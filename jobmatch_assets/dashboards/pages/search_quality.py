"""Search quality: whether searches find something, and whether what they find is looked at."""

from functools import partial

from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_TABLE = "search_quality_daily"


def _columns(value: Column, of: str, *before: Column) -> tuple[Column, ...]:
    return (Column("day", "Date", "date"), *before, value, Column("n", of, "count"))


def _quotient(name: str, label: str, numerator: str, denominator: str, of: str) -> Tile:
    options = {"table": _TABLE, "numerator": numerator, "denominator": denominator, "of": of}
    return Tile(name, label, "quotient", options, "percent", metric=name)


_ZERO_RESULTS = Chart(
    name="zero_results",
    title="Searches that found nothing",
    caption="Of the searches that said how much they found, the share that found nothing.",
    rows="quotients_by_date",
    options={
        "table": _TABLE,
        "quotients": [
            {
                "series": "found nothing",
                "numerator": "zero_result_searches",
                "denominator": "counted_searches",
            }
        ],
    },
    columns=_columns(Column("value", "Rate", "percent"), "Searches that said so n"),
    spec=partial(plain_lines, "share of searches", ".1~%", ".1%", "of searches that said so"),
    metrics=("zero_result_rate",),
    is_wide=False,
)

_COVERAGE = Chart(
    name="coverage",
    title="Searches that said how much they found",
    caption="The share of all searches that the rate of zero results speaks of. Where it falls, that rate is "
    "of fewer searches, and perhaps of others.",
    rows="quotients_by_date",
    options={
        "table": _TABLE,
        "quotients": [{"series": "said so", "numerator": "counted_searches", "denominator": "searches"}],
    },
    columns=_columns(Column("value", "Share", "percent"), "Searches n"),
    spec=partial(plain_lines, "share of searches", ".0%", ".1%", "of searches"),
    is_wide=False,
)

_ABANDONMENT = Chart(
    name="abandonment",
    title="Lists without a click",
    caption="The share of result lists in which nothing was clicked within 24 hours after it was shown.",
    rows="quotients_by_date",
    options={
        "table": _TABLE,
        "quotients": [{"series": "abandoned", "numerator": "abandoned_lists", "denominator": "lists"}],
    },
    columns=_columns(Column("value", "Rate", "percent"), "Lists n"),
    spec=partial(plain_lines, "share of lists", ".0%", ".1%", "of lists"),
    metrics=("abandonment_rate",),
    is_wide=False,
)

_POSITION = Chart(
    name="click_position",
    title="Where people click",
    caption="Mean rank of the clicked jobs; 1 is the first place.",
    rows="values_by_date",
    options={"table": _TABLE, "column": "mean_click_position", "n": ["clicked_items"]},
    columns=_columns(Column("value", "Mean rank", "number"), "Clicked jobs n"),
    spec=partial(plain_lines, "rank", "~r", ".2f", "clicked jobs"),
    metrics=("mean_click_position",),
    is_wide=False,
)

_TIME = Chart(
    name="time_to_click",
    title="Time to the first click",
    caption="Median over clicked lists, from when the list was first shown. Medians of days are not put "
    "together.",
    rows="values_by_date",
    options={
        "table": _TABLE,
        "column": "median_seconds_to_first_click",
        "n": ["lists"],
        "less": ["abandoned_lists"],
    },
    columns=_columns(Column("value", "Median", "seconds"), "Clicked lists n"),
    spec=partial(plain_lines, "seconds", "~r", ".1f", "clicked lists"),
    metrics=("median_seconds_to_first_click",),
    is_wide=False,
)

_UNATTRIBUTED = {"unattributed_clicks": "clicks", "unattributed_applies": "applications"}

_OUTSIDE = Chart(
    name="unattributed",
    title="Clicks and applications outside of any list",
    caption="They name no list, or one that has not shown the job in the 24 hours before. They count in no "
    "number of ranking quality; when they rise, first look at what the product sends.",
    rows="counts_by_date",
    options={
        "table": _TABLE,
        "columns": [{"series": label, "column": column} for column, label in _UNATTRIBUTED.items()],
    },
    columns=(
        Column("day", "Date", "date"),
        Column("series", "What"),
        Column("value", "Count", "count"),
    ),
    spec=partial(plain_lines, "count", "~s", ",", "", tuple(_UNATTRIBUTED.values())),
    metrics=tuple(_UNATTRIBUTED),
    is_wide=False,
)

PAGE = Page(
    name="search_quality",
    title="Search quality",
    question="Do searches find something, and is what they find looked at?",
    position=40,
    tables=(
        Table(
            _TABLE,
            (
                *("searches", "zero_result_searches", "counted_searches", "lists", "abandoned_lists"),
                *("clicked_items", "mean_click_position", "median_seconds_to_first_click"),
                *_UNATTRIBUTED,
            ),
            "event_date",
            ("surface",),
            ((), ("surface",)),
        ),
    ),
    filters=(Filter("surface", "Surface"),),
    sections=(
        Section(
            "Does a search find something?",
            (
                _quotient(
                    "zero_result_rate",
                    "Searches that found nothing",
                    *("zero_result_searches", "counted_searches", "searches that said how much they found"),
                ),
                _quotient("abandonment_rate", "Lists without a click", "abandoned_lists", "lists", "lists"),
                _ZERO_RESULTS,
                _COVERAGE,
            ),
        ),
        Section("Is it looked at?", (_ABANDONMENT, _POSITION, _TIME, _OUTSIDE)),
    ),
    scripts=("quotients.js",),
)
