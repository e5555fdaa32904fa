"""Published copies that a weekly report is made from: two weeks and a bit in every table.

Of each date's lines one is missing among events, duplicates and quarantine, so that the difference shows.
"""

import datetime as dt
from pathlib import Path

import duckdb

from jobmatch_assets_tests.bench.published import Copy

DAYS = 16
"""Days of events: two whole weeks, and the two days that make the second one complete."""

WEEK = "2026-W11"
"""The last week that such a copy holds completely, 9 to 15 March 2026."""

BUSY = "2026-03-10"
"""A date of that week with more lists than the others, which are worse."""

METRICS = ("ctr", "clicks_per_user", "applies_per_user", "apply_user_rate", "apply_per_click")


def full(path: Path, days: int = DAYS, complete: int | None = None) -> Copy:
    """A copy in which each table has rows for this many days."""
    copy = Copy(path).publication(days, complete)
    copy.funnel(days).ranking(days).search_quality(days).health(days)
    return copy.change(
        # A busy date of poor lists, so that the ratio of sums is not the mean of dates.
        f"""
        update ranking_metrics_daily
        set interacted_lists = interacted_lists * 4, interacted_nn = interacted_nn * 16, ndcg_sn = ndcg_sn * 4
        where event_date = date '{BUSY}'
        """,
        "update data_health_daily set lines = lines + 1, quarantined_share = quarantined / (lines + 1)",
    )


def experiment(
    copy: Copy, name: str, *, status: str = "ok", day: str = "2026-03-15", low: float = 0.01
) -> None:
    """Add the results of an experiment as of a day; of one that is not ok no effect is there."""
    is_ok = status == "ok"
    rows = [
        (
            *(dt.date.fromisoformat(day), name, "treatment", metric, status, 500, 480, 3),
            *((low + 0.02, low, low + 0.04) if is_ok else (None, None, None)),
        )
        for metric in METRICS
    ]
    with duckdb.connect(str(copy.path)) as connection:
        connection.executemany(
            "insert into job_matching_gold.ab_results (as_of_date, experiment_id, variant, metric, status, "
            "units_control, units_treatment, multiple_variant_units, effect, seq_ci_low, seq_ci_high) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
