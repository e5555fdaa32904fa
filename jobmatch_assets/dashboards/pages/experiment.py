"""One experiment: whether its numbers may be read, what they say, and what they are made of."""

from functools import partial
from typing import Any

from jobmatch_assets.charts.estimates import estimates
from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.split import split
from jobmatch_assets.contracts.experiment_tables import SRM_LIMIT
from jobmatch_assets.dashboards.page import Chart, Column, Instances, Page, Section, Switch, Table
from jobmatch_assets.metrics.ab_schema import METRICS
from jobmatch_assets.metrics.next_step import next_step
from jobmatch_assets.metrics.verdict import NEEDED, verdict, verdict_of_one_look

_NEWEST = (
    *("experiment_id", "variant", "metric", *NEEDED),
    *("value_control", "value_treatment", "std_error", "p_value"),
)
_EFFECTS = ("effect", "ci_low", "ci_high", "seq_ci_low", "seq_ci_high")
_LABELS = {metric.name: f"{metric.name}: {metric.description}" for metric in METRICS}
_LOW, _HIGH = "95\u00a0% from", "to"
_ARM_WIDTH = 80

_STATUS = Chart(
    name="status",
    title="May its numbers be read?",
    caption="Four things hold an experiment back: no control, users who have shown several variants, a "
    "split that chance does not explain, too few users. While one of them does, no effect is shown.",
    rows="experiment_status",
    columns=(
        Column("variant", "Variant", "name"),
        Column("status", "Status"),
        Column("units_control", "Users, control", "count"),
        Column("units_treatment", "Users, variant", "count"),
        Column("multiple_variant_units", "Users of several variants, left out", "count"),
        Column("as_of_date", "As of", "date"),
    ),
)

_SPLIT = Chart(
    name="split",
    title="Expected and seen split of users",
    caption="Bars: users of each arm, without those who have shown several variants. Marks: what the "
    "experiment registry says that the arm should have.",
    rows="experiment_split",
    options={"alpha": SRM_LIMIT},
    columns=(
        Column("arm", "Arm", "name"),
        Column("role", "Role"),
        Column("units", "Users n", "count"),
        Column("share", "Has", "percent"),
        Column("expected_share", "Should have", "percent"),
        Column("expected_units", "Users expected", "count"),
        Column("difference", "Difference", "count"),
    ),
    spec=partial(split, "share of users"),
    is_wide=False,
)


def _traffic() -> dict[str, Any]:
    details = (("day", "date", ""), ("series", "arm", ""), ("value", "users of the day", ","))
    return over_time("value", "users of the day", details, axis_format="~s", series=None, height=180)


_TRAFFIC = Chart(
    name="traffic",
    title="Users of each day",
    caption="Who showed an arm on the date. Somebody who comes on two days counts on both, so the days do "
    "not add up to the users of the experiment.",
    rows="experiment_traffic",
    columns=(
        Column("day", "Date", "date"),
        Column("series", "Arm", "name"),
        Column("value", "Users of the day n", "count"),
    ),
    spec=_traffic,
    is_wide=False,
)


def _details(value: str, form: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("variant", "variant", ""),
        ("value", value, form),
        ("low", _LOW, form),
        ("high", _HIGH, form),
        ("n", "users of both arms", ","),
    )


_RELATIVE_EFFECTS = Chart(
    name="relative_effects",
    title="Effects as a share of the control's value",
    caption="How much higher or lower the variant is than the control. The control's own error counts in the "
    "interval, which is made for one look: there is none that holds when looking daily.",
    rows="relative_effects",
    columns=(
        Column("metric", "Metric"),
        Column("variant", "Variant", "name"),
        Column("value", "Relative effect", "percent"),
        Column("low", f"{_LOW}, one look", "percent"),
        Column("high", _HIGH, "percent"),
        Column("n", "Users of both arms n", "count"),
    ),
    spec=partial(
        estimates,
        *("metric", "relative effect"),
        (("metric", "metric", ""), *_details("relative effect", "+.2%")),
        axis_format="+.1~%",
        zero=True,
        label_width=110,
    ),
    in_panels=True,
)

_ABSOLUTE_EFFECTS = Chart(
    name="effects",
    title="Effects in the unit of each metric",
    caption="Variant less control, each metric on a scale of its own. An interval that holds 0 is no "
    "difference found.",
    rows="absolute_effects",
    options={"labels": _LABELS},
    columns=(
        Column("metric", "Metric"),
        Column("variant", "Variant", "name"),
        Column("value", "Effect", "figures"),
        Column("low", _LOW, "figures"),
        Column("high", _HIGH, "figures"),
        Column("n", "Users of both arms n", "count"),
    ),
    spec=partial(
        estimates,
        *("variant", "", _details("effect", "+.4~g")),
        axis_format="+~r",
        zero=True,
        label_width=_ARM_WIDTH,
        ticks=3,
    ),
    in_panels=True,
)


def _effect_over_time() -> dict[str, Any]:
    details = (
        ("day", "by the end of", ""),
        ("series", "variant", ""),
        ("value", "effect", "+.4~g"),
        ("low", _LOW, "+.4~g"),
        ("high", _HIGH, "+.4~g"),
        ("n", "users of both arms", ","),
    )
    return over_time(
        *("value", "", details),
        axis_format="+~r",
        low="low",
        high="high",
        series=None,
        height=150,
        zero_line=True,
    )


_OVER_TIME = Chart(
    name="effect_over_time",
    title="Effects as they stood on each date",
    caption="Variant less control, of all events up to each date. A gap: on that date the experiment was "
    "held back, or the metric had no value.",
    rows="effects_over_time",
    options={"labels": _LABELS},
    columns=(
        Column("day", "As of", "date"),
        Column("metric", "Metric"),
        Column("series", "Variant", "name"),
        Column("value", "Effect", "figures"),
        Column("low", _LOW, "figures"),
        Column("high", _HIGH, "figures"),
        Column("n", "Users of both arms n", "count"),
    ),
    spec=_effect_over_time,
    in_panels=True,
)

_NUMBERS = Chart(
    name="numbers",
    title="All numbers",
    caption="As of the newest date. Adjusted: the p-value of one look, for looking at several metrics "
    "(Benjamini-Hochberg). Intervals of relative effects are of one look.",
    rows="experiment_numbers",
    columns=(
        Column("variant", "Variant", "name"),
        Column("metric", "Metric"),
        Column("says", "What it says", "long"),
        Column("units_control", "Users, control n", "count"),
        Column("units_treatment", "Users, variant n", "count"),
        Column("value_control", "Control", "figures"),
        Column("value_treatment", "Variant", "figures"),
        Column("effect", "Effect", "figures"),
        Column("seq_ci_low", "Looked at daily from", "figures"),
        Column("seq_ci_high", "to", "figures"),
        Column("ci_low", "Looked at once from", "figures"),
        Column("ci_high", "to", "figures"),
        Column("relative_effect", "Relative effect", "percent"),
        Column("relative_ci_low", "Looked at once from", "percent"),
        Column("relative_ci_high", "to", "percent"),
        Column("std_error", "Standard error", "figures"),
        Column("p_value", "p, one look", "probability"),
        Column("adjusted_p_value", "p, adjusted", "probability"),
        Column("srm_p_value", "p of the split", "probability"),
    ),
)

PAGE = Page(
    name="experiment",
    title="Experiment",
    question="May its numbers be read, and what do they say?",
    position=51,
    under="experiments",
    days=0,
    own_dates=True,
    facts=("registry",),
    instances=Instances("ab_metrics_daily", "experiment_id"),
    tables=(
        Table(
            "ab_results",
            _NEWEST,
            "as_of_date",
            newest_by=("experiment_id",),
            key="newest",
            derived={
                "daily_word": lambda row: verdict(row).word,
                "daily_text": lambda row: verdict(row).text,
                "once_word": lambda row: verdict_of_one_look(row).word,
                "once_text": lambda row: verdict_of_one_look(row).text,
                "step": next_step,
            },
        ),
        Table(
            "ab_results",
            ("variant", "metric", "relative_ci_low", "relative_ci_high"),
            "as_of_date",
            newest_by=("experiment_id",),
            key="relative",
        ),
        Table(
            "ab_results",
            ("variant", "metric", "units_control", "units_treatment", *_EFFECTS),
            "as_of_date",
            key="history",
            digits=dict.fromkeys(_EFFECTS, 6),
        ),
        Table("ab_metrics_daily", ("variant", "units"), "event_date"),
    ),
    switches=(Switch("look", "Looked at", {"daily": "daily", "once": "once"}),),
    sections=(
        Section("Status", (_STATUS, _SPLIT, _TRAFFIC)),
        Section(
            "Effects",
            (_RELATIVE_EFFECTS, _ABSOLUTE_EFFECTS, _OVER_TIME),
            intro="Looked at daily: intervals that hold however often one looks, so that an experiment may "
            "be watched. Looked at once: narrower ones, for one date that was chosen before the start.",
        ),
        Section("Numbers", (_NUMBERS,)),
    ),
    scripts=("experiments.js", "experiment.js"),
)
