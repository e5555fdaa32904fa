"""How well result lists are ordered: at one k, over dates, and by rank."""

import datetime as dt
from collections.abc import Iterable, Mapping

import duckdb

from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.ranks import by_rank
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.metrics.ratios import Ratio, UnitSums, difference_of_ratios, ratio_over_days
from jobmatch_assets.reports.comparing import Comparing, Form
from jobmatch_assets.reports.parts import Cell, Chart, Part, Section, Table, Tile
from jobmatch_assets.reports.reading import RatioColumns, rows_of, unit_sums
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.wording import between, count, percent, points, score

K = 10
"""The one k that the report looks at."""

_BEYOND = 21

TABLES = ("ranking_metrics_daily", "ranking_position_daily")
LATER_COLUMNS = {"ranking_metrics_daily": ("ndcg_ss", "rr_ss", "success_ss")}

_LISTS = {"n": "lists", "nn": "lists_nn", "units": "units"}
_NDCG = RatioColumns(
    "ndcg_sum", "interacted_lists", "ndcg_ss", "ndcg_sn", "interacted_nn", "interacted_units"
)
_MRR = RatioColumns(s="rr_sum", ss="rr_ss", sn="rr_sn", **_LISTS)
_SUCCESS = RatioColumns(s="success_lists", ss="success_ss", sn="success_sn", **_LISTS)

_MEASURES: tuple[tuple[str, str, RatioColumns, str, Form, Form], ...] = (
    ("ndcg_at_k", f"NDCG@{K}", _NDCG, "lists with a click or application", score, score),
    ("mrr_at_k", f"MRR@{K}", _MRR, "lists", score, score),
    ("success_at_k", f"Lists with a click in the first {K}", _SUCCESS, "lists", percent, points),
)


def ranking(connection: duckdb.DuckDBPyConnection, comparing: Comparing, axis: TimeAxis) -> Section:
    """The section."""
    rows, daily = [], {}
    for name, label, columns, of, form, change_form in _MEASURES:
        days = unit_sums(
            connection, columns, min(axis.first, comparing.state.week.before.monday), axis.last, K
        )
        now, before = _of_weeks(days, comparing)
        change = difference_of_ratios(now, before)
        rows.append(
            [
                Cell(label, strong=True),
                Cell(form(now.value if now else None), between(now, form) if now else "nothing to measure"),
                Cell(count(now.n if now else None), of),
                Cell(form(before.value) if before and not comparing.obstacle else form(None)),
                comparing.cell(change, change_form),
            ]
        )
        daily[name] = days
    return Section(
        "Ranking quality",
        f"Of each list of results the first {K} ranks. Intervals take the user as the unit, since the lists "
        "of one user hang together.",
        [
            Table(
                "The week against the week before",
                ("", "> This week", "> Of", "> Week before", "Change"),
                rows,
                (3.1, 2.2, 2.6, 1.7, 3.4),
            ),
            _over_days(f"NDCG@{K}", daily["ndcg_at_k"], axis, ".2f"),
            _over_days(f"Lists with a click in the first {K}", daily["success_at_k"], axis, ".0%"),
            _ctr_by_rank(connection, comparing),
        ],
        (*(name for name, *_ in _MEASURES), "ctr"),
    )


def tiles(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> Iterable[Tile]:
    """What of it is read first."""
    week = comparing.state.week
    for _, label, columns, of, form, change_form in _MEASURES[::2]:
        days = unit_sums(connection, columns, week.before.monday, week.sunday, K)
        now, before = _of_weeks(days, comparing)
        yield comparing.tile(
            label,
            now,
            f"of {count(now.n if now else None)} {of}",
            difference_of_ratios(now, before),
            form=form,
            change_form=change_form,
        )


def _of_weeks(days: Mapping[dt.date, UnitSums], comparing: Comparing) -> tuple[Ratio | None, Ratio | None]:
    week = comparing.state.week
    now = ratio_over_days(sums for day, sums in days.items() if day in week.days)
    return now, ratio_over_days(sums for day, sums in days.items() if day in week.before.days)


def _over_days(label: str, days: Mapping[dt.date, UnitSums], axis: TimeAxis, axis_format: str) -> Part:
    ratios = {day: ratio_over_days([sums]) for day, sums in days.items()}
    rows = [axis.row(day, ratios.get(day)) for day in axis.days]
    details = (("day", "date", ""), ("value", "value", axis_format))
    chart = Chart(
        label,
        f"By date, with 95 % intervals. {axis.legend}",
        f"{label} by date. {axis.summary(rows, score if axis_format == '.2f' else percent)}",
        over_time("value", "", details, axis_format=axis_format, low="low", high="high", from_zero=False),
        axis.data(rows),
        axis.parameters,
        height=120,
        half=True,
    )
    return axis.drawn(chart)


def _ctr_by_rank(connection: duckdb.DuckDBPyConnection, comparing: Comparing) -> Chart:
    week = comparing.state.week
    found = rows_of(
        connection,
        "select rank_position, sum(shown)::bigint as n, sum(clicked)::bigint as hits "
        "from ranking_position_daily where event_date between $first and $last and surface = $all "
        "group by rank_position",
        first=week.monday, last=week.sunday, all=ALL,
    )  # fmt: skip
    by_position = {row["rank_position"]: row for row in found}
    ranks = [str(rank) if rank < _BEYOND else f"{_BEYOND}+" for rank in range(1, _BEYOND + 1)]
    rows = []
    for rank, label in enumerate(ranks, start=1):
        row = by_position.get(rank, {"n": 0, "hits": 0})
        value = row["hits"] / row["n"] if row["n"] else None
        rows.append(
            {"rank": label, "beyond": rank == _BEYOND, "value": value, "hits": row["hits"], "n": row["n"]}
        )
    first = rows[0]
    return Chart(
        "Clicks per item shown, by rank",
        f"All dates of the week; {_BEYOND}+ stands for all ranks beyond {_BEYOND - 1}. Who sees a list "
        "begins at its top: a lower rank is clicked less also because fewer people get there, so this says "
        "nothing of the jobs alone.",
        f"Share of shown items that were clicked, by rank. Rank 1: {percent(first['value'], 2)} of "
        f"{count(first['n'])}; ranks beyond {_BEYOND - 1}: {percent(rows[-1]['value'], 2)} of "
        f"{count(rows[-1]['n'])}.",
        by_rank("", "shown"),
        {"rows": rows},
        height=110,
    )
