"""Market: how many jobs are on offer, how fresh they are, and what becomes of them."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.bars import bars
from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.plain_lines import plain_lines
from jobmatch_assets.contracts.subjects.postings import REASONS_OF_END
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Table, Tile

_TABLE = "postings_daily"
_DIMENSIONS = {"category": "Category", "country": "Country", "source": "Source"}
_REASONS = {reason: reason.replace("closed_other", "closed for another reason") for reason in REASONS_OF_END}
_METRICS = {reason: f"postings_{reason}" for reason in REASONS_OF_END}
_LIVE = {"live_postings": "postings", "live_openings": "openings"}
_FLOW = {"posted": "posted", "resumed": "resumed", "ended": "ended"}
_DAY = Column("day", "Date", "date")


def _at_close(name: str, label: str, column: str, whole: str = "", of: str = "", form: str = "count") -> Tile:
    options = {"table": _TABLE, "column": column, **({"whole": whole, "of": of} if whole else {})}
    return Tile(name, label, "at_close", options, form, metric=column)


def _quotient(name: str, label: str, numerator: str, denominator: str, of: str) -> Tile:
    options = {"table": _TABLE, "numerator": numerator, "denominator": denominator, "of": of}
    return Tile(name, label, "quotient", options, "percent", metric=_METRICS.get(numerator, numerator))


def _counts(name: str, title: str, caption: str, columns: dict[str, str], **more: Any) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows=more.pop("rows", "counts_by_date"),
        options={
            "table": _TABLE,
            "columns": [{"series": label, "column": column} for column, label in columns.items()],
            "has_zeros": True,
        },
        columns=(_DAY, Column("series", "What"), Column("value", "Count", "count")),
        metrics=tuple(_METRICS.get(column, column) for column in columns),
        **more,
    )


def _shares(name: str, title: str, caption: str, quotients: tuple[tuple[str, str], ...], whole: str) -> Chart:
    several = tuple(series for series, _ in quotients) if len(quotients) > 1 else ()
    return Chart(
        name=name,
        title=title,
        caption=caption,
        rows="quotients_by_date",
        options={
            "table": _TABLE,
            "quotients": [
                {"series": series, "numerator": column, "denominator": whole} for series, column in quotients
            ],
        },
        columns=(
            _DAY,
            Column("series", "What"),
            Column("value", "Share", "percent"),
            Column("hits", "Postings", "count"),
            Column("n", "Of n", "count"),
        ),
        spec=partial(plain_lines, "share", ".1~%", ".1%", "of postings", several),
        metrics=(*(column for _, column in quotients), whole),
        is_wide=False,
    )


def _by(dimension: str, caption: str) -> Chart:
    return Chart(
        name=f"by_{dimension}",
        title=f"Live postings by {dimension}",
        caption=caption,
        rows="groups",
        options={"table": _TABLE, "dimension": dimension},
        columns=(
            Column("group", _DIMENSIONS[dimension], "name"),
            Column("live", "Live postings", "count"),
            Column("openings", "Live openings", "count"),
            Column("age", "Median age in days", "number"),
            Column("stale", "Stale", "count"),
            Column("evergreen", "Evergreen", "count"),
            Column("posted", "Posted", "count"),
            Column("ended", "Ended n", "count"),
            Column("filled", "Filled", "count"),
            Column("filled_share", "Filled of ended", "percent"),
        ),
        spec=partial(bars, "group", "live", "live postings"),
        metrics=("live_postings", "live_openings", "postings_filled"),
        is_wide=False,
    )


PAGE = Page(
    name="market",
    title="Market",
    question="How many jobs are on offer, how fresh are they, and what becomes of them?",
    position=57,
    tables=(
        Table(
            _TABLE,
            (
                *("posted", "reposted", "resumed", "ended", *REASONS_OF_END),
                *(*_LIVE, "median_age_days", "stale_postings", "evergreen_postings"),
            ),
            "date",
            tuple(_DIMENSIONS),
            ((), *((name,) for name in _DIMENSIONS)),
            made_of=("job",),
        ),
    ),
    own_dates=True,
    filters=tuple(Filter(name, label) for name, label in _DIMENSIONS.items()),
    sections=(
        Section(
            "On offer",
            (
                _at_close("live_postings", "Live postings", "live_postings"),
                _at_close("live_openings", "Live openings", "live_openings"),
                Tile("posted", "Posted", "count", {"table": _TABLE, "column": "posted"}, metric="posted"),
                Tile("ended", "Ended", "count", {"table": _TABLE, "column": "ended"}, metric="ended"),
                _quotient("reposted_share", "Reposted, of what was posted", "reposted", "posted", "posted"),
                _quotient("filled_share", "Filled, of what ended", "filled", "ended", "that ended"),
                _at_close(
                    *("stale_share", "Stale", "stale_postings", "live_postings", "live postings", "percent")
                ),
                _counts(
                    "live",
                    "Live at the close of the date",
                    "A posting is live while it is open, has begun and has not expired. Several postings of "
                    "one job are one opening, so there are never more openings than postings.",
                    _LIVE,
                    spec=partial(plain_lines, "count", "~s", ",", series=tuple(_LIVE.values())),
                    is_wide=False,
                ),
                _counts(
                    "flow",
                    "What began and what ended",
                    "Over all postings, live of today = live of yesterday + posted + resumed − ended. A "
                    "posting that was paused and is open again is resumed, not posted.",
                    _FLOW,
                    spec=partial(plain_lines, "count", "~s", ",", series=tuple(_FLOW.values())),
                    is_wide=False,
                ),
            ),
            intro="One filter at a time: there are no rows of two of them together. Reposted: the job had a "
            "posting before, so not every new posting is a new job.",
        ),
        Section(
            "What becomes of them",
            (
                _counts(
                    "reasons",
                    "Why postings ended",
                    "Each end has one reason, the first that holds in the order of the legend. A posting can"
                    " end more than once: a pause is an end.",
                    _REASONS,
                    rows="stacked_by_date",
                    spec=partial(parts, "ends", tuple(_REASONS.values())),
                ),
            ),
        ),
        Section(
            "How fresh they are",
            (
                Chart(
                    name="age",
                    title="Median age of live postings",
                    caption="Days since a posting was first live, at the close of the date. Below 5 live "
                    "postings there is no median: a gap.",
                    rows="values_by_date",
                    options={"table": _TABLE, "column": "median_age_days", "n": ["live_postings"]},
                    columns=(
                        _DAY,
                        Column("value", "Median in days", "number"),
                        Column("n", "Live postings n", "count"),
                    ),
                    spec=partial(plain_lines, "days", "~r", ".1f", "live postings"),
                    metrics=("median_age_days",),
                    is_wide=False,
                ),
                _shares(
                    "stale_share",
                    "Stale and evergreen, of live postings",
                    "Stale: live for more than 90 days. Evergreen: meant to be always open, and so never "
                    "stale.",
                    (("stale", "stale_postings"), ("evergreen", "evergreen_postings")),
                    "live_postings",
                ),
            ),
        ),
        Section(
            "Where they are",
            (
                _by("category", "The category of the job, as its source sends it."),
                _by(
                    "country",
                    "A job in two countries counts in both: countries add up to more than there is.",
                ),
                _by("source", "Who told of the job. Sources add up to all, openings too."),
            ),
            intro="Bars and states at the close of the last date shown; what was posted and ended, in the "
            "tables, over all dates shown.",
        ),
    ),
    scripts=("quotients.js", "market.js"),
)
