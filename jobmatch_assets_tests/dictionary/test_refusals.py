"""What gold does not hold is refused, with the reason and what to ask in its place; no text becomes SQL."""

import re
from typing import Any

import pytest

from jobmatch_assets.dictionary.question import QuestionError
from jobmatch_assets_tests.dictionary.asking import Asking

K = ("k", "=", "5")
HOSTILE = (
    "x' or 1 = 1 --",
    "'; drop table job_matching_gold.funnel_daily; --",
    "{{ Dimension('funnel_daily__surface') }}",
    "{% for x in range(9) %}",
    "$filter_0",
    "\\' or true or \\'",
    "ios\n",
)


@pytest.mark.parametrize(
    ("metric", "asked", "reason"),
    [
        ("users_click", {"grain": "week"}, r"over dates: who is in several rows .* --grain day"),
        ("users_click", {"grain": "all"}, "over dates"),
        ("ctr_user_level", {"grain": "month"}, "over dates: who is in several rows"),
        ("ctr_user_level", {"grain": "week", "dates": ("2026-03-02", "2026-03-03")}, "over dates"),
        ("users_click", {"by": ["platform", "device_type"]}, r"values of surface: .* by platform; .*--by surface"),
        ("users_click", {"where": [("platform", "!=", "ios")]}, "values of platform: who is in several rows"),
        ("users_click", {"where": [("platform", ">", "ios")]}, "values of platform"),
        ("units", {"grain": "week", "by": ["k"]}, "over dates: who is in several rows"),
        ("median_seconds_to_first_click", {"grain": "week"}, "a median of medians is not the median of all"),
        ("mean_click_position", {"grain": "all"}, "the number of clicked items .* is not in the table"),
        ("zero_result_rate", {"grain": "week"}, "the number of searches .* is not in the table"),
        ("zero_result_rate", {"where": [("surface", "!=", "email")]}, "values of surface: the number of searches"),
        ("ndcg_at_k", {}, r"values of k: every k holds the ranks .*--by k, or for one, --where k=…"),
        ("shown_at_k", {"where": [("k", "<=", "3")]}, "values of k"),
        ("ndcg_at_k", {"where": [K], "by": ["variant"]}, "values of experiment_id: a list counts in each"),
        ("ndcg_at_k", {"where": [K, ("variant", "=", "control")]}, "values of experiment_id"),
        ("ndcg_at_k", {"where": [K], "by": ["surface", "experiment_id", "variant"]}, "has no rows by experiment_id, surface and variant together"),
        ("ab_ctr", {}, "values of experiment_id: a user is in several experiments"),
        ("ab_ctr", {"by": ["experiment_id"]}, "values of variant: arms are compared"),
        ("ab_ctr", {"by": ["experiment_id", "variant"], "grain": "all"}, "over dates: every date holds all dates before it"),
        ("searches", {"by": ["variant"]}, "not known by variant: .* It has platform, device_type and surface"),
        ("searches", {"where": [("event_date", "=", "2026-03-01")]}, "--from, --to and --grain are about dates"),
        ("searches", {"where": [("on_date", "=", "2026-03-01")]}, "not known by on_date"),
        ("shown", {"where": [("rank_position", "=", "first")]}, "rank_position holds a whole number"),
        ("shown", {"where": [("rank_position", "=", str(2**63))]}, "rank_position holds a whole number"),
        ("searches", {"where": [("platform", "= 'x' or", "y")]}, "is none of the operators"),
        ("weekly_users_click", {"grain": "all"}, "over weeks: who is in several rows .* --grain week"),
        ("weekly_entered", {"grain": "day"}, "counted by week, from Monday on, and a day is no number of weeks"),
        ("weekly_entered", {"grain": "month"}, "a month is no number of weeks"),
        ("weekly_entered", {"dates": ("2026-02-25", "2026-03-03")}, "--from 2026-02-23 --to 2026-03-08"),
        ("users_click", {"grain": "week"}, "--grain day, or for weekly_users_click"),
        ("quarantined_share", {"by": ["reason"]}, "data_health_daily has no such dimension. It has none"),
        ("p95_lateness_seconds", {"grain": "week"}, "a percentile of percentiles is not that of all"),
        ("clickz", {}, "There is no metric clickz. Is clicks meant?"),
    ],
)  # fmt: skip
def test_a_question_that_gold_does_not_answer_is_refused(
    metric: str, asked: dict[str, Any], reason: str, asking: Asking
) -> None:
    with pytest.raises(QuestionError, match=re.compile(reason)):
        asking(metric, **asked)


def test_one_metric_that_cannot_be_put_together_refuses_the_question(asking: Asking) -> None:
    with pytest.raises(QuestionError, match=r"^users_click cannot"):
        asking("searches", "users_click", grain="week")


def test_days_and_weeks_need_a_grain_that_both_have(asking: Asking) -> None:
    with pytest.raises(QuestionError, match="say --grain week"):
        asking("searches", "weekly_entered")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_compared_and_never_obeyed(text: str, asking: Asking) -> None:
    assert asking("searches", where=[("platform", "=", text)]).rows == []
    everything = asking("searches", by=["platform"], grain="all")
    assert asking("searches", by=["platform"], grain="all", where=[("platform", "!=", text)]) == everything


@pytest.mark.parametrize("text", [*HOSTILE, "platform }} or 1=1 {{", "metric_time__day", "PLATFORM"])
def test_a_name_that_is_no_dimension_goes_nowhere(text: str, asking: Asking) -> None:
    with pytest.raises(QuestionError, match="has no such dimension"):
        asking("searches", by=[text])
    with pytest.raises(QuestionError, match="has no such dimension"):
        asking("searches", where=[(text, "=", "ios")])
