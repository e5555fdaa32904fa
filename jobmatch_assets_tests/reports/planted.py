"""Published copies that a weekly report is made from: two weeks and a bit, every table filled by a formula.

Of each date's lines one is missing among events, duplicates and quarantine, so that the difference shows.
"""

import datetime as dt
from pathlib import Path

import duckdb

from jobmatch_assets_tests.bench.published import FIRST, Copy

DAYS = 16
"""Days of events: two whole weeks, and the two days that make the second one complete."""

WEEK = "2026-W11"
"""The last week that such a copy holds completely, 9 to 15 March 2026."""

METRICS = ("ctr", "clicks_per_user", "applies_per_user", "apply_user_rate", "apply_per_click")


def full(path: Path, days: int = DAYS, complete: int | None = None) -> Copy:
    """A copy in which each table has rows for this many days."""
    dates = f"from range({days}) as days(d)"
    date = f"date '{FIRST}' + d::int"
    copy = Copy(path).publication(days, complete).funnel(days)
    return copy.change(
        f"""
        insert into ranking_metrics_daily by name
        select {date} as event_date, '__all__' as surface, '__all__' as experiment_id, '__all__' as variant,
               k, 300 + d as lists, 90 + d as interacted_lists, 120 as units, 900.0 + d as lists_nn,
               60.5 + d / 10 as rr_sum, 22.5 as rr_ss, 170.25 as rr_sn, 70 + d as success_lists,
               80 + d as success_ss, 210 + d as success_sn, 60 as interacted_units, 160 as interacted_nn,
               58.25 + d / 4 as ndcg_sum, 44.5 as ndcg_ss, 80.75 as ndcg_sn
        {dates}, (values (1), (10)) as ks(k)
        """,
        f"""
        insert into ranking_position_daily by name
        select {date} as event_date, '__all__' as surface, r as rank_position, 100 as shown,
               30 // r as clicked, 0 as applied
        {dates}, range(1, 22) as ranks(r)
        """,
        f"""
        insert into search_quality_daily by name
        select {date} as event_date, '__all__' as surface, 200 + d as searches, 10 + d as zero_result_searches,
               190 + d as counted_searches, (10 + d) / (190 + d) as zero_result_rate, 100 + d as clicked_items, 400 + 7 * d as clicked_ranks, 300 + d as lists, 180 + d as abandoned_lists,
               (180 + d) / (300 + d) as abandonment_rate, (400 + 7 * d) / (100 + d) as mean_click_position, 21.5 + d as median_seconds_to_first_click,
               3 as unattributed_clicks, 2 as unattributed_applies
        {dates}
        """,
        f"""
        insert into data_health_daily by name
        select {date} as date, 1000 + d as lines, 979 + d as events, 12 as duplicates, 8 as quarantined,
               8 / (1000 + d) as quarantined_share, 5 as late_1_day, 1 as late_2_days_or_more,
               900 as with_ingested_at, 1.5 as median_lateness_seconds, 9.25 as p95_lateness_seconds
        {dates}
        """,
        f"insert into quarantine_daily select {date}, r, n {dates}, "
        "(values ('not_json', 5), ('bad_event_ts', 3)) as reasons(r, n)",
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
