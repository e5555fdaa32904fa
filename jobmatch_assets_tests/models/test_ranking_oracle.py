"""Ranking metrics of thousands of random lists, against ir-measures (trec_eval).

Each list is an experiment of its own, so that its metrics stand in rows of its own.
"""

import math
import random
from collections.abc import Iterator
from typing import Any

import ir_measures
import pytest
from ir_measures import RR, Qrel, ScoredDoc, nDCG

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets_tests.bench.workbench import Workbench

LISTS = 6000
DAYS = 4
CUTOFFS = (1, 3, 5, 10, 20)
SURFACES = ("search", "recommendation", "email")

List = dict[str, Any]


def random_lists() -> Iterator[List]:
    """Lists of 1 to 30 items on the ranks from 1 without a gap, with any share of clicks and applies."""
    rng = random.Random(20260301)
    for number in range(LISTS):
        size = rng.choice((1, 2, 3, 5, 10, 20, 21, 30, rng.randint(1, 30)))
        clicked, applied = rng.choice(((0.0, 0.0), (0.05, 0.02), (0.2, 0.1), (0.5, 0.5), (1.0, 0.0)))
        yield {
            "id": f"list{number:04d}",
            "date": f"2026-03-{1 + number % DAYS:02d}",
            "surface": rng.choice(SURFACES),
            # Jobs in no order: trec_eval sorts equal scores by name.
            "jobs": rng.sample(range(10_000), size),
            "gains": [
                2 if rng.random() < applied else 1 if rng.random() < clicked else 0 for _ in range(size)
            ],
            # trec_eval knows no click: an application without one has the same gain.
            "applies_click": rng.random() < 0.5,
        }


@pytest.fixture(scope="module")
def lists() -> list[List]:
    return list(random_lists())


@pytest.fixture(scope="module")
def by_list(lists: list[List]) -> dict[tuple[str, int], float]:
    """{(list, measure): value} of trec_eval, with linear gains."""
    # A query without a relevant document is not measured there; of a list without a gain all is 0.
    qrels = [
        Qrel(one["id"], f"j{job}", gain)
        for one in lists
        for job, gain in zip(one["jobs"], one["gains"], strict=True)
    ]
    run = [
        ScoredDoc(one["id"], f"j{job}", -float(rank))
        for one in lists
        for rank, job in enumerate(one["jobs"], 1)
    ]
    measures = [measure @ k for measure in (nDCG, RR) for k in CUTOFFS]
    return {
        (metric.query_id, str(metric.measure)): metric.value
        for metric in ir_measures.iter_calc(measures, qrels, run)
    }


@pytest.fixture(scope="module")
def warehouse(lists: list[List], new_platform: Any) -> Workbench:
    """The lists as events in silver, and the models on top of them."""
    built: Workbench = new_platform()
    columns = zip(
        *(
            (one["id"], one["date"], one["surface"], rank, job, gain, one["applies_click"])
            for one in lists
            for rank, (job, gain) in enumerate(zip(one["jobs"], one["gains"], strict=True), 1)
        ),
        strict=True,
    )
    built.query("create schema job_matching_silver")
    built.query(
        """
        create table job_matching_silver.shown as
        select unnest(?) as list, unnest(?) as date, unnest(?) as surface, unnest(?) as rank,
            unnest(?) as job, unnest(?) as gain, unnest(?) as with_click
        """,
        *[list(column) for column in columns],
    )
    built.query(
        """
        create table job_matching_silver.events as
        with happened as (
            select 'impression' as event_name, 0 as seconds, shown.* from job_matching_silver.shown
            union all
            select 'click', 60, shown.* from job_matching_silver.shown
            where gain = 1 or gain = 2 and with_click
            union all
            select 'apply', 120, shown.* from job_matching_silver.shown where gain = 2
        )
        select
            date::date as event_date,
            (date || ' 12:00:00+00')::timestamptz + to_seconds(rank + seconds) as event_ts,
            event_name || list || rank as event_id,
            event_name,
            list as search_id,
            'j' || job as job_id,
            case when event_name = 'impression' then rank::bigint end as rank_position,
            surface,
            'u' || list as unit_id,
            [{'experiment_id': list, 'variant': 'shown'}] as experiments
        from happened
        """
    )
    days = DateRange.of_partition_keys([f"2026-03-{1 + day:02d}" for day in range(DAYS)])
    results = DbtProject(built.settings).build(["result_list_items", "ranking_metrics_daily"], days.days)
    assert [result.message for result in results if not result.ok] == []
    return built


def test_every_list_has_the_value_of_trec_eval(
    warehouse: Workbench, lists: list[List], by_list: dict[tuple[str, str], float]
) -> None:
    rows = warehouse.rows(
        "select * from job_matching_gold.ranking_metrics_daily where experiment_id <> '__all__'"
    )
    interacted = {one["id"]: max(one["gains"]) > 0 for one in lists}
    assert len(rows) == LISTS * len(CUTOFFS)
    assert 3000 <= sum(interacted.values()) < LISTS
    different = []
    for row in rows:
        name, k = row["experiment_id"], row["k"]
        ndcg, rr = by_list[name, f"nDCG@{k}"], by_list[name, f"RR@{k}"]
        expected = (ndcg if interacted[name] else None, ndcg, rr)
        actual = (row["ndcg_at_k"], row["ndcg_at_k_all"], row["mrr_at_k"])
        if not all(_same(e, a) for e, a in zip(expected, actual, strict=True)):
            different.append((name, k, expected, actual))
    assert different == []


def test_every_group_has_the_mean_of_trec_eval(
    warehouse: Workbench, lists: list[List], by_list: dict[tuple[str, str], float]
) -> None:
    rows = warehouse.rows(
        "select * from job_matching_gold.ranking_metrics_daily where experiment_id = '__all__'"
    )
    assert len(rows) == DAYS * (1 + len(SURFACES)) * len(CUTOFFS)
    for row in rows:
        group = [
            one
            for one in lists
            if one["date"] == str(row["event_date"]) and row["surface"] in ("__all__", one["surface"])
        ]
        some = [one for one in group if max(one["gains"]) > 0]
        ndcgs = [by_list[one["id"], f"nDCG@{row['k']}"] for one in some]
        rrs = [by_list[one["id"], f"RR@{row['k']}"] for one in group]
        assert (row["lists"], row["interacted_lists"]) == (len(group), len(some))
        assert _same(math.fsum(ndcgs) / len(some), row["ndcg_at_k"])
        assert _same(math.fsum(ndcgs) / len(group), row["ndcg_at_k_all"])
        assert _same(math.fsum(rrs) / len(group), row["mrr_at_k"])


def _same(expected: float | None, actual: float | None) -> bool:
    if expected is None or actual is None:
        return expected is actual
    return math.isclose(expected, actual, rel_tol=1e-9, abs_tol=1e-12)
