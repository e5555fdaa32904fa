"""Which rows come out, with which status, and what is refused as input."""

import datetime as dt
import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy

from jobmatch_assets.metrics.ab_results import compute_ab_results
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS, METRICS, SUM_COLUMNS, SUM_KEY
from jobmatch_assets.metrics.experiment_registry import Experiment
from jobmatch_assets_tests.metrics.checked import NO_REGISTRY, results, row_of, statuses, units
from jobmatch_assets_tests.metrics.sums import DAY, Stamp, sums_of_arms, sums_of_stamps


class TestRows:
    def test_columns_and_types(self) -> None:
        table = compute_ab_results(
            sums_of_arms({"control": units(100), "treatment": units(100)}), NO_REGISTRY
        )
        assert table.column_names == [column.name for column in AB_RESULTS_COLUMNS]
        assert table.schema.field("as_of_date").type == pa.date32()
        assert table.schema.field("units_control").type == pa.int64()
        assert table.schema.field("effect").type == pa.float64()

    def test_order(self) -> None:
        arms = {"b": units(3), "control": units(3), "a": units(3)}
        sums = pd.concat(
            [
                sums_of_arms(arms, experiment_id=experiment_id, as_of_date=as_of_date)
                for experiment_id in ("y", "x")
                for as_of_date in (DAY, DAY - dt.timedelta(days=1))
            ]
        )
        rows = results(sums)
        keys = [(row["as_of_date"], row["experiment_id"], row["variant"]) for row in rows]
        assert keys == sorted(keys)
        assert [row["metric"] for row in rows[:5]] == [metric.name for metric in METRICS]
        assert len(rows) == 2 * 2 * 2 * 5

    def test_a_day_without_events_has_the_results_of_the_day_before(self) -> None:
        stamps = [
            Stamp(DAY + dt.timedelta(days=day), "exp", variant, f"{variant}{unit}", event)
            for variant in ("control", "treatment")
            for unit in range(100)
            for day, event in ((0, "impression"), (unit % 2 * 2, "click"))
        ]
        first, second, third = (
            [row | {"as_of_date": DAY} for row in rows]
            for rows in np.array_split(np.array(results(sums_of_stamps(stamps))), 3)
        )
        assert first == second
        assert third != second

    def test_no_experiment(self) -> None:
        sums = pd.DataFrame(columns=[column.name for column in SUM_COLUMNS])
        assert results(sums) == []

    def test_only_the_control(self) -> None:
        assert results(sums_of_arms({"control": units(500)})) == []

    def test_ten_variants(self) -> None:
        arms = {"control": units(200)} | {f"v{n}": units(200, lift=n) for n in range(9)}
        rows = results(sums_of_arms(arms))
        assert statuses(rows) == {f"v{n}": "ok" for n in range(9)}
        assert len(rows) == 45
        effects = [row_of(rows, "clicks_per_user", f"v{n}")["effect"] for n in range(9)]
        assert all(smaller < larger for smaller, larger in pairwise(effects))
        assert {row["srm_p_value"] for row in rows} == {1.0}


class TestStatus:
    def test_control_not_seen(self) -> None:
        rows = results(sums_of_arms({"a": units(500), "b": units(900)}))
        assert statuses(rows) == {"a": "no_control", "b": "no_control"}
        for row in rows:
            assert row["units_control"] == 0
            assert row["value_control"] is None
            assert row["value_treatment"] is not None
            assert row["srm_p_value"] < 0.001

    def test_registered_control(self) -> None:
        registry = {"exp": Experiment("exp", "blue")}
        rows = results(sums_of_arms({"blue": units(100), "control": units(100)}), registry)
        assert statuses(rows) == {"control": "ok"}

    def test_control_with_no_unit_of_its_own_was_seen(self) -> None:
        arms = {"control": [], "treatment": units(8)}
        rows = results(sums_of_arms(arms))
        assert statuses(rows) == {"treatment": "insufficient"}
        assert rows[0]["value_control"] is None

    @pytest.mark.parametrize(
        ("multiple", "status"), [(0, "ok"), (10, "ok"), (11, "invalid_multiple_variants")]
    )
    def test_more_than_one_percent_in_several_variants(self, multiple: int, status: str) -> None:
        sums = sums_of_arms({"control": units(495), "treatment": units(495)}, multiple_variant_units=multiple)
        sums["experiment_units"] = 1000
        rows = results(sums)
        assert statuses(rows) == {"treatment": status}
        assert rows[0]["multiple_variant_units"] == multiple
        assert rows[0]["srm_p_value"] == 1.0

    def test_all_units_in_several_variants(self) -> None:
        rows = results(sums_of_arms({"control": [], "treatment": []}, multiple_variant_units=7))
        assert statuses(rows) == {"treatment": "invalid_multiple_variants"}
        assert rows[0]["value_treatment"] is None
        assert rows[0]["srm_p_value"] is None

    @pytest.mark.parametrize(("treated", "status"), [(600, "ok"), (620, "invalid_srm")])
    def test_sample_ratio_mismatch(self, treated: int, status: str) -> None:
        rows = results(sums_of_arms({"control": units(500), "treatment": units(treated)}))
        assert statuses(rows) == {"treatment": status}
        expected = scipy.stats.binomtest(500, 500 + treated).pvalue
        assert rows[0]["srm_p_value"] == pytest.approx(expected, rel=0.1)

    @pytest.mark.parametrize(("treated", "status"), [(99, "insufficient"), (100, "ok")])
    def test_a_hundred_units_in_both_arms(self, treated: int, status: str) -> None:
        rows = results(sums_of_arms({"control": units(120), "treatment": units(treated)}))
        assert statuses(rows) == {"treatment": status}

    def test_the_first_that_applies(self) -> None:
        split = {"control": units(20), "treatment": units(90)}
        multiple = sums_of_arms(split, multiple_variant_units=50)
        assert statuses(results(multiple)) == {"treatment": "invalid_multiple_variants"}
        assert statuses(results(sums_of_arms(split))) == {"treatment": "invalid_srm"}
        no_control = multiple[multiple["variant"] == "treatment"]
        assert statuses(results(no_control)) == {"treatment": "no_control"}

    def test_one_small_arm_leaves_the_others(self) -> None:
        registry = {"exp": Experiment("exp", weights={"control": 0.49, "big": 0.49, "small": 0.02})}
        arms = {"control": units(490), "big": units(490), "small": units(20)}
        assert statuses(results(sums_of_arms(arms), registry)) == {
            "big": "ok",
            "small": "insufficient",
        }


class TestInput:
    @pytest.fixture
    def sums(self) -> pd.DataFrame:
        return sums_of_arms({"control": units(200), "treatment": units(200, lift=1)})

    @pytest.mark.parametrize(
        ("column", "kind"),
        [("sum_cc", float), ("sum_cc", Decimal), ("sum_cc", np.int32), ("sum_cc", "Int64")],
    )
    def test_whole_numbers_of_any_type(self, sums: pd.DataFrame, column: str, kind: Any) -> None:
        other = sums.copy()
        other[column] = sums[column].map(Decimal) if kind is Decimal else sums[column].astype(kind)
        assert results(other) == results(sums)

    def test_dates_as_timestamps(self, sums: pd.DataFrame) -> None:
        other = sums.assign(as_of_date=pd.to_datetime(sums["as_of_date"]))
        assert results(other) == results(sums)

    def test_missing_columns(self, sums: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="lack the columns sum_u, sum_ic"):
            compute_ab_results(sums.drop(columns=["sum_ic", "sum_u"]), NO_REGISTRY)

    def test_one_arm_twice(self, sums: pd.DataFrame) -> None:
        with pytest.raises(ValueError, match="several rows for one as_of_date, experiment_id"):
            compute_ab_results(pd.concat([sums, sums]), NO_REGISTRY)

    def test_names_that_differ_behind_a_nul_are_two_experiments(self, sums: pd.DataFrame) -> None:
        both = pd.concat([sums, sums.assign(experiment_id=["exp\0"] * len(sums))])
        assert len(results(both)) == 2 * len(results(sums))

    @pytest.mark.parametrize("column", SUM_KEY)
    def test_a_row_of_no_arm(self, sums: pd.DataFrame, column: str) -> None:
        sums.loc[0, column] = None
        with pytest.raises(ValueError, match="rows without as_of_date or experiment_id or variant"):
            compute_ab_results(sums, NO_REGISTRY)

    @pytest.mark.parametrize("value", [None, math.nan, math.inf, pd.NA, -1, 0.5, "many"])
    def test_a_value_that_is_no_count(self, sums: pd.DataFrame, value: object) -> None:
        sums["sum_c"] = sums["sum_c"].astype(object)
        sums.loc[1, "sum_c"] = value
        with pytest.raises(ValueError, match="in sum_c, row 1; it must be a whole number"):
            compute_ab_results(sums, NO_REGISTRY)
