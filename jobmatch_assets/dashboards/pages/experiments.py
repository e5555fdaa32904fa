"""Experiments: which run, what may be said of each by now, and what to do about it."""

from jobmatch_assets.dashboards.page import Chart, Column, Page, Section, Table
from jobmatch_assets.metrics.next_step import next_step
from jobmatch_assets.metrics.verdict import NEEDED, verdict

_TRAFFIC = ("experiment_id", "variant", "units")

_LIST = Chart(
    name="list",
    title="Experiments and their variants",
    caption="A row for each variant that is compared with the control, running experiments first. The "
    "words follow from the interval that holds however often one looks. Where an experiment is held back, "
    "nothing is said of its metrics.",
    rows="experiment_list",
    columns=(
        Column("experiment_id", "Experiment", "name"),
        Column("variant", "Variant", "name"),
        Column("status", "Status", "long"),
        Column("step", "What to do", "long"),
        Column("days", "Days", "count"),
        Column("units_control", "Users, control", "count"),
        Column("units_treatment", "Users, variant", "count"),
        Column("summary", "Metrics", "long"),
        Column("runs", "Runs"),
        Column("as_of_date", "As of", "date"),
    ),
)

PAGE = Page(
    name="experiments",
    title="Experiments",
    question="Which experiments run, and what may be said of them by now?",
    position=50,
    has_dates=False,
    facts=("registry",),
    tables=(
        Table(
            "ab_results",
            ("experiment_id", "variant", "metric", *NEEDED),
            "as_of_date",
            newest_by=("experiment_id",),
            derived={
                "word": lambda row: verdict(row).word,
                "text": lambda row: verdict(row).text,
                "step": next_step,
            },
        ),
        Table("ab_metrics_daily", _TRAFFIC, "event_date", oldest_by=("experiment_id",), key="began"),
        Table("ab_metrics_daily", _TRAFFIC, "event_date", newest_by=("experiment_id",), key="ended"),
    ),
    sections=(Section("All experiments", (_LIST,)),),
    scripts=("experiments.js",),
)
