"""The ranking page in a browser: what it draws is what SQL says of the copy."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]

_RATIO = """
    select sum({s}) / sum({n}),
        sqrt(sum(({ss} - 2 * r * {sn} + r * r * {nn}) * if({u} > 1, {u} / ({u} - 1), 1))) / sum({n}), sum({n})::bigint
    from (select *, sum({s}) over () / sum({n}) over () as r from ranking_metrics_daily where {where})
"""
_NDCG = {
    "s": "ndcg_sum",
    "n": "interacted_lists",
    "ss": "ndcg_ss",
    "sn": "ndcg_sn",
    "nn": "interacted_nn",
    "u": "interacted_units",
}


@pytest.fixture
def two_weeks(copy: Copy) -> Copy:
    return copy.ranking(14).publication(14)


def test_ndcg_is_a_ratio_of_sums_with_the_interval_of_the_delta_method(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "ranking.html", "#from=2026-03-02&to=2026-03-08&k=5") as seen:
        tile, drawn = seen.text("#tile-ndcg_at_k"), seen.rows("ndcg")
    where = (
        "surface = '__all__' and experiment_id = '__all__' and k = 5 "
        "and event_date between '2026-03-02' and '2026-03-08'"
    )
    ((ratio, error, lists),) = two_weeks.ask(_RATIO.format(**_NDCG, where=where))
    assert f"{ratio:.3f}" in tile
    assert f"{ratio - 1.959964 * error:.3f} to {ratio + 1.959964 * error:.3f}" in tile
    assert f"n = {lists:,} lists" in tile
    over_interacted = [row["value"] for row in drawn if row["series"] == "over interacted lists"]
    over_all = [(row["value"], row["n"]) for row in drawn if row["series"] == "over all lists"]
    daily = two_weeks.ask(
        f"select ndcg_at_k, ndcg_at_k_all, lists from ranking_metrics_daily where {where} order by event_date"
    )
    assert over_interacted == pytest.approx([row[0] for row in daily], rel=1e-7)
    assert [value for value, _ in over_all] == pytest.approx([row[1] for row in daily], rel=1e-7)
    assert [n for _, n in over_all] == [row[2] for row in daily]


def test_ranks_beyond_the_last_stand_apart(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "ranking.html", "#surface=email") as seen:
        drawn = seen.rows("ctr_by_rank")
    expected = two_weeks.ask(
        "select sum(clicked)::bigint, sum(shown)::bigint from ranking_position_daily where surface = 'email' "
        "group by rank_position order by rank_position"
    )
    assert [(row["hits"], row["n"]) for row in drawn] == expected
    assert [row["rank"] for row in drawn] == [*map(str, range(1, 21)), "21+"]
    assert [row["beyond"] for row in drawn] == [False] * 20 + [True]


def test_each_arm_has_its_value_over_all_dates(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "ranking.html") as seen:
        drawn = {row["arm"]: row for row in seen.rows("ndcg_by_arm")}
    assert list(drawn) == ["in no experiment", "order · control", "order · new"]
    where = "experiment_id = 'order' and variant = 'new' and k = 10"
    ((ratio, error, lists),) = two_weeks.ask(_RATIO.format(**_NDCG, where=where))
    found = drawn["order · new"]
    assert (found["value"], found["n"]) == (pytest.approx(ratio, rel=1e-7), lists)
    assert math.isclose(found["high"], ratio + 1.959964 * error, rel_tol=1e-5)


def test_arms_are_not_told_apart_by_surface(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "ranking.html", "#surface=email") as seen:
        assert seen.rows("ndcg_by_arm") == []
        assert "Choose fewer filters" in seen.text("#chart-ndcg_by_arm")


def test_without_lists_each_drawing_says_what_to_do(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(copy) / "ranking.html") as seen:
        assert "jobmatch run" in seen.text("#chart-ndcg")
        assert "jobmatch run" in seen.text("#chart-ctr_by_rank")


def test_without_a_column_what_is_made_of_it_says_so_and_the_rest_stays(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change("alter table ranking_metrics_daily drop column ndcg_ss")
    with opened(browser, built(two_weeks) / "ranking.html") as seen:
        for chart in ("ndcg", "ndcg_by_arm"):
            assert seen.rows(chart) == []
            assert "lacks ranking_metrics_daily (ndcg_ss)" in seen.text(f"#chart-{chart} .message")
        assert "lacks ranking_metrics_daily (ndcg_ss)" in seen.text("#tile-ndcg_at_k")
        assert len(seen.rows("mrr")) == 14
        assert seen.page.locator("#chart-mrr .message").is_hidden()


def test_where_a_part_of_a_drawing_cannot_be_made_it_says_so(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change(
        "alter table ranking_metrics_daily drop column lists",
        "alter table ranking_metrics_daily drop column shown_at_k",
    )
    with opened(browser, built(two_weeks) / "ranking.html") as seen:
        assert {row["series"] for row in seen.rows("ndcg")} == {"over interacted lists"}
        assert "lacks ranking_metrics_daily (lists)" in seen.text("#chart-ndcg .message")
        assert "lacks ranking_metrics_daily (shown_at_k)" in seen.text("#tile-ctr_at_k")
