"""Ranking: whether the jobs that people want stand where they look."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.estimates import estimates
from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.ranks import by_rank
from jobmatch_assets.contracts.vocabulary import RANK_CUTOFFS
from jobmatch_assets.dashboards.page import Chart, Column, Filter, Page, Section, Switch, Table, Tile

_FIRST_K = 10
_CUTOFFS = (_FIRST_K, *(k for k in RANK_CUTOFFS if k != _FIRST_K))
_DIMENSIONS = ("surface", "experiment_id", "variant")
_SETS = ((), ("surface",), ("experiment_id", "variant"))
_LAST_RANK = 21
_TABLE = "ranking_metrics_daily"
_AT_K = {"k": "$k"}

_NDCG = {
    "s": "ndcg_sum",
    "n": "interacted_lists",
    "ss": "ndcg_ss",
    "sn": "ndcg_sn",
    "nn": "interacted_nn",
    "units": "interacted_units",
}
_MRR = {"s": "rr_sum", "n": "lists", "ss": "rr_ss", "sn": "rr_sn", "nn": "lists_nn", "units": "units"}
_SUCCESS = {**_MRR, "s": "success_lists", "ss": "success_ss", "sn": "success_sn"}
_SUMS = tuple(dict.fromkeys((*_NDCG.values(), *_MRR.values(), *_SUCCESS.values())))
_DIGITS = {"ndcg_sum": 8, "rr_sum": 8, "ndcg_ss": 5, "ndcg_sn": 5, "rr_ss": 5, "rr_sn": 5}

_INTERACTED = "lists with a click or application"
_OVER_TIME = (
    Column("day", "Date", "date"),
    Column("series", "What"),
    Column("value", "Value", "number"),
    Column("low", "95\u00a0% from", "number"),
    Column("high", "to", "number"),
    Column("n", "Lists n", "count"),
)


def _lines(label: str, series: tuple[str, ...], axis_format: str, form: str) -> dict[str, Any]:
    details = (
        ("day", "date", ""),
        ("series", "what", ""),
        ("value", "value", form),
        ("low", "95\u00a0% from", form),
        ("high", "to", form),
        ("n", "of n", ","),
    )
    return over_time(
        *("value", label, details),
        axis_format=axis_format,
        low="low",
        high="high",
        series=series if len(series) > 1 else (),
    )


def _arms(title: str) -> dict[str, Any]:
    details = (
        ("arm", "arm", ""),
        ("value", "value", ".4f"),
        ("low", "95\u00a0% from", ".4f"),
        ("high", "to", ".4f"),
        ("n", "lists n", ","),
    )
    return estimates("arm", title, details, axis_format="~r")


def _ratio(metric: str, label: str, sums: dict[str, str], of: str, format_: str) -> Tile:
    options = {"table": _TABLE, "where": _AT_K, "sums": sums, "of": of}
    return Tile(metric, label, "ratio", options, format_, metric=metric)


def _by_rank(name: str, title: str, hits: str, metric: str, word: str) -> Chart:
    return Chart(
        name=name,
        title=title,
        caption=f"Of the jobs shown at a rank on the dates shown, the share that was {word}. All ranks from "
        f"{_LAST_RANK} on stand apart in grey.",
        rows="rates_by_rank",
        options={"table": "ranking_position_daily", "hits": hits, "n": "shown", "beyond": _LAST_RANK},
        columns=(
            Column("rank", "Rank"),
            Column("hits", word.capitalize(), "count"),
            Column("n", "Shown n", "count"),
            Column("value", "Rate", "percent"),
        ),
        spec=partial(by_rank, f"share {word}", "shown"),
        metrics=(metric,),
        is_wide=False,
    )


def _by_arm(name: str, title: str, sums: dict[str, str], metric: str) -> Chart:
    return Chart(
        name=name,
        title=f"{title}, by arm",
        caption="Over all dates shown, with 95\u00a0% intervals.",
        rows="ratios_by_arm",
        options={"table": _TABLE, "where": _AT_K, "sums": sums},
        columns=(
            Column("experiment_id", "Experiment"),
            Column("variant", "Variant"),
            Column("value", "Value", "number"),
            Column("low", "95\u00a0% from", "number"),
            Column("high", "to", "number"),
            Column("n", "Lists n", "count"),
        ),
        spec=partial(_arms, title),
        metrics=(metric,),
        is_wide=False,
    )


PAGE = Page(
    name="ranking",
    title="Ranking",
    question="Do the jobs that people want stand where they look?",
    position=30,
    tables=(
        Table(
            _TABLE,
            ("k", "shown_at_k", "clicked_at_k", *_SUMS),
            "event_date",
            _DIMENSIONS,
            _SETS,
            digits=_DIGITS,
        ),
        Table(
            "ranking_position_daily",
            ("rank_position", "shown", "clicked", "applied"),
            "event_date",
            ("surface",),
            ((), ("surface",)),
        ),
    ),
    filters=(Filter("surface", "Surface"),),
    switches=(Switch("k", "First k ranks", {str(k): str(k) for k in _CUTOFFS}),),
    sections=(
        Section(
            "Up to rank k",
            (
                _ratio("ndcg_at_k", "NDCG", _NDCG, _INTERACTED, "number"),
                _ratio("mrr_at_k", "MRR", _MRR, "lists", "number"),
                _ratio("success_at_k", "Lists with a click", _SUCCESS, "lists", "percent"),
                Tile(
                    "ctr_at_k",
                    "Clicked of the jobs shown",
                    "quotient",
                    {
                        "table": _TABLE,
                        "where": _AT_K,
                        "numerator": "clicked_at_k",
                        "denominator": "shown_at_k",
                        "of": "jobs shown",
                    },
                    "percent",
                    metric="ctr_at_k",
                ),
                Chart(
                    name="ndcg",
                    title="NDCG",
                    caption="How close the order comes to the best one for what people did: over lists "
                    "with a click or an application, with its 95\u00a0% interval, and over all lists, of "
                    "which one without either counts as 0.",
                    rows="ratios_and_quotients_by_date",
                    options={
                        "table": _TABLE,
                        "where": _AT_K,
                        "ratios": [{"series": "over interacted lists", **_NDCG}],
                        "quotients": [
                            {"series": "over all lists", "numerator": "ndcg_sum", "denominator": "lists"}
                        ],
                    },
                    columns=_OVER_TIME,
                    spec=partial(_lines, "NDCG", ("over interacted lists", "over all lists"), ".2f", ".4f"),
                    metrics=("ndcg_at_k", "ndcg_at_k_all"),
                ),
                Chart(
                    name="mrr",
                    title="MRR",
                    caption="Mean over all lists of 1 / rank of the best-placed job with a click or an "
                    "application; 0 where there is none up to k.",
                    rows="ratios_by_date",
                    options={"table": _TABLE, "where": _AT_K, "ratios": [{"series": "MRR", **_MRR}]},
                    columns=_OVER_TIME,
                    spec=partial(_lines, "MRR", ("MRR",), ".2f", ".4f"),
                    metrics=("mrr_at_k",),
                    is_wide=False,
                ),
                Chart(
                    name="success",
                    title="Lists with a click",
                    caption="Share of all lists with a clicked job up to rank k.",
                    rows="ratios_by_date",
                    options={"table": _TABLE, "where": _AT_K, "ratios": [{"series": "success", **_SUCCESS}]},
                    columns=tuple(
                        Column(c.name, c.label, "percent" if c.format == "number" else c.format)
                        for c in _OVER_TIME
                    ),
                    spec=partial(_lines, "share of lists", ("success",), ".0%", ".1%"),
                    metrics=("success_at_k",),
                    is_wide=False,
                ),
            ),
            intro="Intervals treat users, not lists, as what varies (delta method), and days as independent.",
        ),
        Section(
            "By rank",
            (
                _by_rank("ctr_by_rank", "Clicked, by rank", "clicked", "ctr", "clicked"),
                _by_rank("apply_rate_by_rank", "Applied to, by rank", "applied", "apply_rate", "applied to"),
            ),
            intro="People look at the first ranks first, whatever stands there (position bias). That a rank "
            "gets fewer clicks does not say that its jobs are worse; what a change of the order does, an "
            "experiment tells.",
        ),
        Section(
            "By experiment arm",
            (
                _by_arm("ndcg_by_arm", "NDCG", _NDCG, "ndcg_at_k"),
                _by_arm("mrr_by_arm", "MRR", _MRR, "mrr_at_k"),
                _by_arm("success_by_arm", "Lists with a click", _SUCCESS, "success_at_k"),
            ),
            intro="Arms of one experiment can be compared with each other; whether they may be, and what "
            "follows, stands on the page of the experiment.",
        ),
    ),
    scripts=("quotients.js", "ranking.js"),
)
