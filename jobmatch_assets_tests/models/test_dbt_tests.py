"""Every dbt test can fail: each finds the violation planted for it, no other test minds it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.events import event, stamped
from jobmatch_assets_tests.bench.workbench import Workbench

# Statements that break one test each, by the table they are about.
VIOLATIONS: dict[str, dict[str, str]] = {
    "job_matching_silver.stg_events": {
        "lines_are_staged": "delete from {t} where reason = 'not_json'",
    },
    "job_matching_silver.stg_search_dates": {
        "search_dates_are_those_of_lines": "update {t} set search_id = 'elsewhere' where search_id = 's1'",
        "stg_search_dates_grain_is_unique": "insert into {t} select * from {t} limit 1",
    },
    "job_matching_silver.events": {
        "lines_are_conserved": "delete from {t} where event_name = 'login' and unit_id = 'bob'",
    },
    "job_matching_silver.result_list_items": {
        "result_list_items_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "result_list_items_required_columns_are_not_null": "update {t} set gain = null",
        "result_list_items_rank_is_positive": "update {t} set rank_position = 0",
        "result_list_items_gain_follows_from_actions": "update {t} set gain = 2 where gain = 1",
        "result_list_items_times_are_ordered": """
            update {t} set first_shown_at = first_shown_at - interval 1 second where gain = 0
        """,
        "result_list_items_click_has_a_time": "update {t} set first_clicked_at = null",
        "result_list_items_date_is_that_of_the_list": """
            update {t} set event_date = event_date + 1 where search_id = 's1'
        """,
        "result_lists_have_one_date": """
            update {t} set
                event_date = event_date + 1,
                list_first_shown_at = list_first_shown_at + interval 1 day,
                first_shown_at = first_shown_at + interval 1 day
            where job_id = 'j3'
        """,
    },
    "job_matching_silver.ab_units_daily": {
        "ab_units_daily_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "ab_units_daily_columns_are_not_null": "update {t} set clicks = null where unit_id = 'ann'",
        "ab_units_daily_counts_are_not_negative": "update {t} set applies = -1",
    },
    "job_matching_silver.earlier_copies": {
        "earlier_copies_grain_is_unique": "insert into {t} select * from {t} limit 1",
        "earlier_copies_are_not_before_their_file": "update {t} set first_source_dt = event_date - 2",
    },
    "job_matching_gold.data_health_daily": {
        "data_health_daily_reconciles_with_lines": """
            update {t} set events = events + 1, duplicates = duplicates - 1 where duplicates > 0
        """,
    },
    "job_matching_gold.quarantine_daily": {
        "quarantine_daily_reconciles_with_health": "update {t} set lines = lines + 1",
    },
    "job_matching_gold.funnel_daily": {
        "funnel_daily_reconciles_with_silver": """
            update {t} set job_views = job_views + 1
            where event_date = '2026-03-02' and (platform, device_type, surface) in
            (('__all__', '__all__', '__all__'), ('web', 'desktop', 'search'))
        """,
        "funnel_daily_combinations_add_up": """
            update {t} set reached_apply = 0
            where platform = 'web' and device_type = 'desktop' and surface = 'search'
        """,
    },
    "job_matching_gold.funnel_weekly": {
        "funnel_weekly_reconciles_with_silver": """
            update {t} set week_start = week_start + 1
        """,
        "funnel_weekly_combinations_add_up": """
            update {t} set reached_apply = 0
            where platform = 'web' and device_type = 'desktop' and surface = 'search'
        """,
        "funnel_weekly_agrees_with_days": """
            update {t} set users_search = users_search + 1 where platform = 'web' and device_type = '__all__'
        """,
    },
    # Rows of an experiment are in no sum that another test looks at.
    "job_matching_gold.ranking_metrics_daily": {
        "ranking_metrics_daily_reconciles_with_silver": """
            update {t} set lists = lists + 1
            where experiment_id = '__all__' and surface in ('__all__', 'search')
        """,
        "ranking_metrics_daily_units_reconcile_with_silver": """
            update {t} set units = units + 1 where experiment_id = '__all__' and surface = '__all__'
        """,
        "ranking_metrics_daily_has_every_cutoff": """
            delete from {t} where variant = 'control' and k = 5
        """,
        "ranking_metrics_daily_grows_with_k": """
            update {t} set shown_at_k = shown_at_k - 1 where variant = 'control' and k = 20
        """,
        "ranking_metrics_daily_surfaces_add_up": """
            update {t} set shown_at_k = shown_at_k + 1 where surface = 'search' and k = 20
        """,
    },
    # Rank 21 (and beyond) was shown on one surface only.
    "job_matching_gold.ranking_position_daily": {
        "ranking_position_daily_reconciles_with_silver": """
            update {t} set shown = shown + 1 where rank_position = 1 and surface in ('__all__', 'search')
        """,
        "ranking_position_daily_surfaces_add_up": """
            update {t} set clicked = 1 where rank_position = 21 and surface = '__all__'
        """,
    },
    "job_matching_gold.search_quality_daily": {
        "search_quality_daily_searches_reconcile_with_silver": """
            update {t} set searches = searches + 1
            where event_date = '2026-03-02' and surface in ('__all__', 'search')
        """,
        "search_quality_daily_lists_reconcile_with_silver": """
            update {t} set lists = lists + 1
            where event_date = '2026-03-02' and surface in ('__all__', 'search')
        """,
        "search_quality_daily_surfaces_add_up": """
            update {t} set unattributed_clicks = 2 where surface = 'direct'
        """,
    },
    "job_matching_gold.ab_metrics_daily": {
        "ab_metrics_daily_reconciles_with_silver": "update {t} set clicks = clicks + 1",
    },
    # No unit has shown the variant red only.
    "job_matching_gold.ab_cumulative_sums": {
        "ab_cumulative_sums_reconcile_with_silver": "update {t} set sum_ic = sum_ic + 1",
        "ab_cumulative_sums_experiment_grows": """
            update {t} set
                multiple_variant_units = multiple_variant_units - 1,
                experiment_units = experiment_units - 1
            where as_of_date = '2026-03-04'
        """,
        "ab_cumulative_sums_dates_have_no_gap": "delete from {t} where as_of_date = '2026-03-03'",
        "ab_cumulative_sums_units_add_up": "update {t} set units = 1 where variant = 'red'",
    },
}
CASES = [
    pytest.param(table, name, statement, id=name)
    for table, violations in VIOLATIONS.items()
    for name, statement in violations.items()
]


CONTROL, BLUE, RED = (stamped(("exp", variant)) for variant in ("control", "blue", "red"))
WEB = {"platform": "web", "device_type": "desktop"}
IOS = {"platform": "ios", "device_type": "mobile", "surface": "recommendation"}


def events() -> Iterator[Mapping[str, Any]]:
    """Three dates: a searched and a recommended list, actions outside of lists, variants."""
    ann = {**WEB, **CONTROL, "search_id": "s1"}
    yield event("search", "ann", "2026-03-02T10:00:00", results_count=3, **ann)
    for rank, job in ((1, "j1"), (2, "j2"), (25, "j3")):
        yield event("impression", "ann", "2026-03-02T10:00:01", job_id=job, rank_position=rank, **ann)
    yield event("click", "ann", "2026-03-02T10:00:09", job_id="j1", **ann)
    yield event("apply", "ann", "2026-03-02T10:05:00", job_id="j1", **ann)

    bob = {**IOS, **BLUE, "search_id": "s2"}
    yield event("search", "bob", "2026-03-02T11:00:00", results_count=0, **bob)
    for rank, job in ((1, "j1"), (4, "j2")):
        yield event("impression", "bob", "2026-03-02T11:00:01", job_id=job, rank_position=rank, **bob)
    yield event("click", "bob", "2026-03-02T11:00:09", job_id="j2", **bob)
    yield event("login", "bob", "2026-03-04T11:00:00", **BLUE)

    yield event("login", "cat", "2026-03-02T12:00:00", **CONTROL)
    yield event("login", "cat", "2026-03-02T13:00:00", **RED)

    yield event("search", "dan", "2026-03-03T12:00:00", search_id="s3")
    yield event("click", "dan", "2026-03-03T12:00:01", job_id="j9")


@pytest.fixture(scope="module")
def small(new_platform: Callable[..., Workbench]) -> Workbench:
    """The events, some of them again on another day, and a line that is none: built."""
    bench = new_platform()
    sent = list(events())
    bench.land("dt=2026-03-04/a.ndjson", [*sent, sent[0], "no event"])
    # Of equal lines, that of the file whose name comes first is kept.
    bench.land("05032026_again.ndjson", [sent[0]])
    bench.run()
    return bench


@pytest.fixture(scope="module")
def dbt(small: Workbench) -> Iterator[Dbt]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**small.environment, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}.items():
            patch.setenv(name, value)
        yield Dbt(small)


def test_what_was_built_passes_and_every_test_has_a_violation(dbt: Dbt) -> None:
    names = {name for names in VIOLATIONS.values() for name in names}
    outcome = dbt("test", "--select", *names)

    assert outcome.failed == frozenset()
    assert outcome.passed == names <= dbt.data_tests()


def test_hand_calculated_cases(dbt: Dbt) -> None:
    outcome = dbt("test", "--select", "test_type:unit")

    assert outcome.failed == frozenset()
    assert len(outcome.passed) >= 5


def compares_tables(name: str) -> bool:
    """Many a violation of another test is one of these, too."""
    return name.startswith("lines_") or name.endswith(("_with_silver", "_with_lines", "_with_days"))


@pytest.mark.parametrize(("table", "name", "statement"), CASES)
def test_a_violation_fails_its_test_only(
    small: Workbench, dbt: Dbt, table: str, name: str, statement: str
) -> None:
    model = table.split(".")[1]
    with small.planted(table, statement):
        outcome = dbt(
            "test",
            *("--select", model, "--exclude", "source:statistics", *dbt.unreadable_tests()),
            *("--exclude-resource-type", "unit_test"),
        )

    assert {found for found in outcome.failed if not compares_tables(found)} <= {name}
    assert name in outcome.failed


@pytest.mark.parametrize(
    ("end", "failed"),
    [("2026-03-03", set()), ("2026-03-04", {"search_quality_daily_surfaces_add_up"})],
    ids=["violation outside", "violation inside"],
)
def test_a_check_looks_at_the_window_only(small: Workbench, dbt: Dbt, end: str, failed: set[str]) -> None:
    with small.planted(
        "job_matching_gold.search_quality_daily",
        "update {t} set lists = 7 where event_date = '2026-03-03' and surface = 'search'",
    ):
        outcome = dbt(
            "build",
            *("--select", "search_quality_daily", "--resource-type", "test"),
            *("--event-time-start", "2026-03-02", "--event-time-end", end),
        )

    assert outcome.failed == failed
