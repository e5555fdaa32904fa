"""The overview in a browser: its numbers against SQL on the copy, what is said of experiments and checks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]

_RESULT = (
    "insert into ab_results (as_of_date, experiment_id, variant, metric, status, units_control, units_treatment, "
    "multiple_variant_units, value_control, value_treatment, effect, relative_effect, seq_ci_low, seq_ci_high) values "
)


def test_the_week_is_compared_with_the_week_before(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(28).publication(28)
    with opened(browser, built(copy) / "index.html") as seen:
        state = seen.js("jobmatch.page.state")
        tile = seen.text("#tile-searches")
        rate = seen.js("jobmatch.tiles.rate(jobmatch.page, jobmatch.page.registered.tiles[0].options)")
    # The last seven days that are complete: all but the last two.
    assert (state["from"], state["to"]) == ("2026-03-21", "2026-03-27")
    weeks = copy.ask(
        """
        select event_date >= '2026-03-21', sum(searches), sum(reached_apply), sum(entered) from funnel_daily
        where event_date between '2026-03-14' and '2026-03-27'
          and platform = '__all__' and device_type = '__all__' and surface = '__all__'
        group by all order by 1
        """
    )
    (_, searches_before, hits_before, n_before), (_, searches, hits, n) = weeks
    assert f"{int(searches):,}" in tile
    assert "against 14–20 Mar 2026" in tile
    assert f"{abs(100 * (searches / searches_before - 1)):.1f} %".replace("-", "−") in tile
    assert (rate["value"], rate["n"]) == (hits / n, n)
    assert rate["change"]["value"] == pytest.approx(hits / n - hits_before / n_before)
    assert rate["change"]["low"] < rate["change"]["value"] < rate["change"]["high"]


def test_ratios_by_unit_are_put_together_over_days(copy: Copy, built: Build, browser: Browser) -> None:
    copy.funnel(28).publication(28).change(
        """
        insert into ranking_metrics_daily by name
        select date '2026-03-02' + d::int as event_date, '__all__' as surface, '__all__' as experiment_id,
               '__all__' as variant, k, 40 + d as lists, 20 + d as interacted_lists, 30 as units, 70 + d as lists_nn,
               10 + k as success_lists, 20 as success_ss, 25 as success_sn, 15 as interacted_units,
               40 as interacted_nn, 9.5 + d / 100 as ndcg_sum, 8.25 as ndcg_ss, 12.5 as ndcg_sn
        from range(28) days(d), (values (1), (10)) cutoffs(k)
        """
    )
    with opened(browser, built(copy) / "index.html") as seen:
        tile = seen.text("#tile-ndcg_at_k")
    ((ratio, lists, half),) = copy.ask(
        """
        with days as (
            select *, sum(ndcg_sum) over () / sum(interacted_lists) over () as r from ranking_metrics_daily
            where k = 10 and event_date between '2026-03-21' and '2026-03-27'
        )
        select any_value(r), sum(interacted_lists), 1.959964 * sqrt(
            sum((ndcg_ss - 2 * r * ndcg_sn + r * r * interacted_nn) * interacted_units / (interacted_units - 1))
        ) / sum(interacted_lists) from days
        """
    )
    assert f"{ratio:.3f}" in tile
    assert f"{ratio - half:.3f} to {ratio + half:.3f}" in tile
    assert f"n = {int(lists):,} lists" in tile


def test_running_experiments_have_their_words_and_no_winner_where_the_gate_is_shut(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7).change(
        _RESULT
        + """
        ('2026-03-08', 'ranker', 'b', 'ctr', 'ok', 500, 510, 0, 0.1, 0.2, 0.1, 1.0, 0.05, 0.15),
        ('2026-03-08', 'ranker', 'b', 'apply_user_rate', 'ok', 500, 510, 0, 0.1, 0.1, 0.0, 0.0, -0.05, 0.05),
        ('2026-03-07', 'ranker', 'b', 'ctr', 'ok', 500, 510, 0, 0.1, 0.2, -0.1, 1.0, -0.15, -0.05),
        ('2026-03-08', '<i>srm</i>', 'b', 'ctr', 'invalid_srm', 500, 900, 0, 0.1, 0.2, null, null, null, null),
        ('2026-03-04', 'ended', 'b', 'ctr', 'ok', 500, 510, 0, 0.1, 0.2, 0.1, 1.0, 0.05, 0.15)
        """
    )
    with opened(browser, built(copy) / "index.html") as seen:
        rows = [row.split("\t") for row in seen.page.locator("#chart-experiments tbody tr").all_inner_texts()]
    said = {row[0]: row[3] for row in rows}
    assert said == {
        "ranker": "up: CTR; no difference found: Share of users who apply",
        "<i>srm</i>": "held back because the units per variant do not fit the registered shares (invalid_srm)",
    }


def test_an_experiment_without_a_page_has_no_link_whatever_it_is_called(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7).change(
        _RESULT
        + "('2026-03-08', 'constructor', 'b', 'ctr', 'ok', 500, 510, 0, 0.1, 0.2, 0.1, 1.0, 0.05, 0.15)"
    )
    with opened(browser, built(copy) / "index.html") as seen:
        assert "constructor" in seen.text("#chart-experiments tbody")
        assert seen.page.locator("#chart-experiments tbody a").count() == 0


def test_experiments_of_an_earlier_copy_are_no_empty_words(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.funnel(7).publication(7).change(
        _RESULT + "('2026-03-08', 'ranker', 'b', 'ctr', 'ok', 500, 510, 0, 0.1, 0.2, 0.1, 1.0, 0.05, 0.15)",
        "alter table ab_results drop column seq_ci_low",
    )
    with opened(browser, built(copy) / "index.html") as seen:
        assert "lacks ab_results (seq_ci_low)" in seen.text("#chart-experiments .message")
        assert seen.rows("experiments") == []
