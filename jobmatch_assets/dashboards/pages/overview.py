"""The first page: whether anything is off this week."""

from jobmatch_assets.dashboards.page import Chart, Column, Page, Section, Table, Tile
from jobmatch_assets.metrics.verdict import NEEDED, verdict

_FUNNEL_DIMENSIONS = ("platform", "device_type", "surface")
_RANKING_DIMENSIONS = ("surface", "experiment_id", "variant")
_COHORT = ("entered", "reached_impression", "reached_click", "reached_apply")
_SUCCESS = {
    "s": "success_lists",
    "n": "lists",
    "ss": "success_ss",
    "sn": "success_sn",
    "nn": "lists_nn",
    "units": "units",
}
_NDCG = {
    "s": "ndcg_sum",
    "n": "interacted_lists",
    "ss": "ndcg_ss",
    "sn": "ndcg_sn",
    "nn": "interacted_nn",
    "units": "interacted_units",
}
_AT_10 = {"k": 10}


def _rate(name: str, label: str, numerator: str, denominator: str) -> Tile:
    of = "who entered" if denominator == "entered" else "at the step before"
    options = {"table": "funnel_daily", "numerator": numerator, "denominator": denominator, "of": of}
    return Tile(name, label, "rate", options, "percent", metric=name)


def _ratio(name: str, label: str, sums: dict[str, str], of: str, format_: str) -> Tile:
    options = {"table": "ranking_metrics_daily", "where": _AT_10, "sums": sums, "of": of}
    return Tile(name, label, "ratio", options, format_, metric=name)


def _count(column: str, label: str) -> Tile:
    return Tile(column, label, "count", {"table": "funnel_daily", "column": column}, metric=column)


_NUMBERS = (
    _rate("search_to_apply_rate", "Search to application", "reached_apply", "entered"),
    _rate("search_to_impression_rate", "Search to impression", "reached_impression", "entered"),
    _rate("impression_to_click_rate", "Impression to click", "reached_click", "reached_impression"),
    _rate("click_to_apply_rate", "Click to application", "reached_apply", "reached_click"),
    _ratio("ndcg_at_k", "NDCG@10", _NDCG, "lists with a click or application", "number"),
    _ratio("success_at_k", "Lists with a click in the first 10", _SUCCESS, "lists", "percent"),
    Tile(
        "zero_result_rate",
        "Searches without a result",
        "rate",
        {
            "table": "search_quality_daily",
            "numerator": "zero_result_searches",
            "denominator": "counted_searches",
            "of": "searches that say so",
        },
        "percent",
        metric="zero_result_rate",
    ),
    _count("searches", "Searches"),
    _count("applies", "Applications"),
)

_EXPERIMENTS = Chart(
    name="experiments",
    title="What they say by now",
    caption="Experiments with events on the last date or the one before. The words follow from the interval "
    "that holds however often one looks.",
    rows="running_experiments",
    columns=(
        Column("experiment_id", "Experiment", "name"),
        Column("variant", "Variant", "name"),
        Column("status", "Status"),
        Column("summary", "Metrics", "long"),
        Column("units", "Users", "count"),
        Column("as_of_date", "As of", "date"),
    ),
)

_CHECKS = Chart(
    name="checks",
    title="What fails",
    caption="Checks of tables that failed when the copy was published. One that blocks holds back what is "
    "built from its date.",
    rows="failing_checks",
    columns=(
        Column("asset", "Table"),
        Column("check_name", "Check"),
        Column("event_date", "Date", "date"),
        Column("effect", "Effect"),
        Column("since", "Since"),
        Column("message", "What, and what to do", "long"),
    ),
)

PAGE = Page(
    name="overview",
    title="Overview",
    question="Is anything off this week?",
    position=10,
    days=7,
    ends_complete=True,
    tables=(
        Table(
            "funnel_daily",
            ("searches", "applies", *_COHORT),
            "event_date",
            _FUNNEL_DIMENSIONS,
            totals_only=_FUNNEL_DIMENSIONS,
        ),
        Table(
            "ranking_metrics_daily",
            ("k", *_SUCCESS.values(), *_NDCG.values()),
            "event_date",
            _RANKING_DIMENSIONS,
            totals_only=_RANKING_DIMENSIONS,
        ),
        Table(
            "search_quality_daily",
            ("zero_result_searches", "counted_searches"),
            "event_date",
            ("surface",),
            totals_only=("surface",),
        ),
        Table(
            "ab_results",
            ("experiment_id", "variant", "metric", *NEEDED),
            "as_of_date",
            newest_by=("experiment_id",),
            derived={"word": lambda row: verdict(row).word, "text": lambda row: verdict(row).text},
        ),
    ),
    sections=(
        Section(
            "The week in numbers",
            _NUMBERS,
            intro="Each number against as many days before, the same days of the week. An interval that "
            "holds 0 is no difference found. Users count once for each day on which they search.",
        ),
        Section("Running experiments", (_EXPERIMENTS,)),
        Section("Checks", (_CHECKS,)),
    ),
    scripts=("experiments.js", "overview.js"),
)
