"""Values, standard errors and p-values where data is thin, extreme or missing."""

import math

import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatch_assets.metrics.experiment_registry import Experiment
from jobmatch_assets_tests.metrics.checked import results, row_of, statuses, units
from jobmatch_assets_tests.metrics.sums import Totals, sums_of_arms


class TestSampleRatio:
    def p_value(self, arms: dict[str, int], weights: dict[str, float]) -> float | None:
        sums = sums_of_arms({variant: units(count) for variant, count in arms.items()})
        rows = results(sums, {"exp": Experiment("exp", weights=weights)})
        (p_value,) = {row["srm_p_value"] for row in rows}
        return p_value

    def test_registered_weights(self) -> None:
        weights = {"control": 0.5, "a": 0.3, "b": 0.2}
        expected = scipy.stats.chisquare([480, 330, 190], [500, 300, 200]).pvalue
        actual = self.p_value({"control": 480, "b": 190, "a": 330}, weights)
        assert actual == pytest.approx(expected, rel=1e-12)

    def test_a_registered_variant_never_seen_was_expected(self) -> None:
        weights = {"control": 0.4, "treatment": 0.4, "lost": 0.2}
        assert self.p_value({"control": 200, "treatment": 200}, weights) < 1e-20

    def test_a_registered_variant_never_seen_and_not_yet_expected(self) -> None:
        weights = {"control": 0.49, "treatment": 0.49, "rare": 0.02}
        assert self.p_value({"control": 100, "treatment": 100}, weights) is None

    @pytest.mark.parametrize(
        "weights",
        [{"control": 0.5, "other": 0.5}, {"control": 0.5, "other": 0.5, "treatment": 0.0}],
    )
    def test_a_seen_variant_of_no_weight_does_not_switch_the_test_off(
        self, weights: dict[str, float]
    ) -> None:
        without = self.p_value({"control": 200, "other": 260}, weights)
        assert without == pytest.approx(scipy.stats.chisquare([200, 260]).pvalue, rel=1e-12)
        assert self.p_value({"control": 200, "other": 260, "treatment": 1}, weights) == without
        assert self.p_value({"control": 200, "treatment": 200}, weights) < 1e-20

    def test_one_variant_with_a_weight(self) -> None:
        assert self.p_value({"control": 200, "treatment": 200}, {"control": 1.0, "treatment": 0.0}) is None

    def test_a_seen_variant_that_has_only_units_in_several_variants(self) -> None:
        assert self.p_value({"control": 200, "treatment": 200, "mixed": 0}, {}) < 1e-20

    def test_five_units_expected(self) -> None:
        assert self.p_value({"control": 4, "treatment": 5}, {}) is None
        assert self.p_value({"control": 3, "treatment": 7}, {}) == pytest.approx(0.2059, abs=1e-4)

    def test_one_variant(self) -> None:
        assert self.p_value({"treatment": 500}, {}) is None


class TestNumbers:
    def test_one_unit(self) -> None:
        rows = results(sums_of_arms({"control": units(1), "treatment": [(2, 1, 0)]}))
        assert statuses(rows) == {"treatment": "insufficient"}
        assert row_of(rows, "ctr")["value_treatment"] == 0.5

    def test_no_clicks_at_all(self) -> None:
        arm = [(n, 0, 0) for n in range(100)]
        rows = results(sums_of_arms({"control": arm, "treatment": arm}))
        ctr = row_of(rows, "ctr")
        assert (ctr["value_control"], ctr["effect"], ctr["std_error"]) == (0, 0, 0)
        assert ctr["relative_effect"] is None
        assert ctr["p_value"] is None
        apply_per_click = row_of(rows, "apply_per_click")
        assert apply_per_click["status"] == "ok"
        assert apply_per_click["value_control"] is None
        assert apply_per_click["effect"] is None
        assert apply_per_click["std_error"] is None

    def test_clicks_in_one_arm_only(self) -> None:
        silent = [(5, 0, 0)] * 100
        rows = results(sums_of_arms({"control": silent, "treatment": units(100)}))
        apply_per_click = row_of(rows, "apply_per_click")
        assert apply_per_click["value_treatment"] is not None
        assert apply_per_click["effect"] is None
        clicks = row_of(rows, "clicks_per_user")
        assert clicks["relative_effect"] is None
        assert 0 < clicks["p_value"] < 0.05

    def test_no_impressions_but_clicks(self) -> None:
        arm = [(0, n % 4, n % 2) for n in range(100)]
        rows = results(sums_of_arms({"control": arm, "treatment": arm}))
        assert row_of(rows, "ctr")["value_treatment"] is None
        assert row_of(rows, "apply_per_click")["p_value"] == 1

    def test_a_constant_ratio_has_no_standard_error(self) -> None:
        # Units differ in impressions and clicks, but the click rate of each is a third; no float
        # is a third, so that only exact sums see the variance of 0.
        third = [(3 * n, n, 0) for n in range(1, 201)]
        fifth = [(5 * n, n, 0) for n in range(1, 201)]
        ctr = row_of(results(sums_of_arms({"control": third, "treatment": fifth})), "ctr")
        assert ctr["effect"] == pytest.approx(-2 / 15)
        assert ctr["std_error"] == 0
        assert ctr["p_value"] is None

    def test_variance_in_one_arm_only(self) -> None:
        rows = results(sums_of_arms({"control": [(5, 1, 0)] * 100, "treatment": units(100)}))
        clicks = row_of(rows, "clicks_per_user")
        welch = scipy.stats.ttest_1samp([c for _, c, _ in units(100)], 1)
        assert clicks["p_value"] == pytest.approx(welch.pvalue, rel=1e-9)

    def test_an_effect_beyond_doubt(self) -> None:
        one = [(100, 100 + n % 2, 0) for n in range(5000)]
        rows = results(sums_of_arms({"control": units(5000), "treatment": one}))
        assert row_of(rows, "clicks_per_user")["p_value"] == 0
        assert row_of(rows, "clicks_per_user")["adjusted_p_value"] == 0

    def test_billions_of_clicks(self) -> None:
        # The sum of squares is close to 2^63, and the variance is what is left of it in the last
        # three of its nineteen digits.
        def arm(more: int) -> list[Totals]:
            return [(300_000_000, 270_000_000 + more + n % 2, n % 2) for n in range(100)]

        sums = sums_of_arms({"control": arm(0), "treatment": arm(1)})
        assert 7e18 < sums["sum_cc"].max() < 2**63
        clicks = row_of(results(sums), "clicks_per_user")
        assert clicks["effect"] == pytest.approx(1, abs=1e-6)
        assert clicks["std_error"] == pytest.approx(math.sqrt(2 * 25 / 99 / 100), rel=1e-9)

    def test_sums_beyond_64_bits(self) -> None:
        arm = [(10**12, 10**11 + n % 2, 0) for n in range(100)]
        clicks = row_of(results(sums_of_arms({"control": arm, "treatment": arm})), "clicks_per_user")
        assert clicks["std_error"] == pytest.approx(math.sqrt(2 * 25 / 99 / 100), rel=1e-9)

    def test_adjustment_counts_only_the_metrics_that_have_a_p_value(self) -> None:
        control = [(10, n % 3, 0) for n in range(300)]
        treatment = [(10 + n % 2, n % 3 + (n % 10 == 0), 0) for n in range(300)]
        rows = results(sums_of_arms({"control": control, "treatment": treatment}))
        tested = [row for row in rows if row["p_value"] is not None]
        assert [row["metric"] for row in tested] == ["ctr", "clicks_per_user"]
        low, high = sorted(tested, key=lambda row: row["p_value"])
        assert low["adjusted_p_value"] == min(2 * low["p_value"], high["p_value"])
        assert high["adjusted_p_value"] == high["p_value"]

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_whatever_the_units(self, data: st.DataObject) -> None:
        counts = st.integers(0, 3) | st.integers(0, 2**40)
        kinds = data.draw(
            st.dictionaries(
                st.sampled_from(["control", "a", "b"]),
                st.lists(st.tuples(counts, counts, counts), max_size=3),
                min_size=1,
            )
        )
        copies = data.draw(st.integers(1, 150))
        weights = data.draw(st.sampled_from([{}, {"control": 1.0}, {"control": 0.5, "a": 0.5}]))
        sums = sums_of_arms(
            {variant: arm * copies for variant, arm in kinds.items()},
            multiple_variant_units=data.draw(st.integers(0, 4)),
        )
        results(sums, {"exp": Experiment("exp", weights=weights)})
