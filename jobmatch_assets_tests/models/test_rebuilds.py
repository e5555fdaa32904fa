"""What happens to gold when the next day arrives, and when the registry changes."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import event, stamped
from jobmatch_assets_tests.bench.tables import GOLD_TABLES, HEALTH_TABLES
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

CUMULATIVE_TABLES = ("ab_cumulative_sums", "ab_results")
WEEKLY_TABLES = ("funnel_weekly",)
DAILY_TABLES = tuple(
    table for table in GOLD_TABLES if table not in (*CUMULATIVE_TABLES, *HEALTH_TABLES, *WEEKLY_TABLES)
)


def day_of_events(day: int) -> Iterator[dict[str, Any]]:
    """A list shown just before midnight to a user of either variant, in the search of that evening."""
    for n, variant in enumerate(("blue", "control")):
        at = f"2026-03-{day:02d}T23:59:"
        fields = {**stamped(("exp", variant)), "search_id": f"s{day}{n}"}
        yield event("search", f"u{n}", f"{at}00", results_count=2, **fields)
        for rank in (1, 2):
            yield event("impression", f"u{n}", f"{at}01", job_id=f"j{rank}", rank_position=rank, **fields)


def after_midnight(day: int) -> Iterator[dict[str, Any]]:
    """The same users go on: u0 clicks and applies within 24 hours, u1 clicks 24 hours after all."""
    earlier = {**stamped(("exp", "blue")), "search_id": f"s{day - 1}0", "job_id": "j2"}
    yield event("click", "u0", f"2026-03-{day:02d}T00:00:30", **earlier)
    yield event("apply", "u0", f"2026-03-{day:02d}T00:05:00", **earlier)
    late = {**stamped(("exp", "control")), "search_id": f"s{day - 1}1", "job_id": "j1"}
    yield event("click", "u1", f"2026-03-{day:02d}T23:59:01", **late)


class TestNextDay:
    @pytest.fixture(scope="class")
    def rebuilt(
        self, new_platform: Callable[..., Workbench]
    ) -> tuple[Workbench, dict[str, Any], dict[str, Any]]:
        """Three days and later a fourth: the platform, and what there was before and after."""
        built = new_platform()
        for day in (1, 2, 3):
            built.land(f"dt=2026-03-{day:02d}/a.ndjson", day_of_events(day))
        built.run()
        before = _state(built)
        built.land("dt=2026-03-04/a.ndjson", after_midnight(4))
        built.run()
        return built, before, _state(built)

    def test_the_day_before_is_counted_again(self, rebuilt: tuple[Workbench, Any, Any]) -> None:
        built, _, _ = rebuilt
        (funnel,) = built.rows(
            "select entered, reached_impression, reached_click, reached_apply, clicks "
            "from job_matching_gold.funnel_daily where event_date = '2026-03-03' "
            "and platform = '__all__' and device_type = '__all__' and surface = '__all__'"
        )
        assert funnel == {
            "entered": 2,
            "reached_impression": 2,
            "reached_click": 1,
            "reached_apply": 1,
            "clicks": 0,
        }
        (ranking,) = built.rows(
            "select clicked_at_k, applied_at_k, mrr_at_k from job_matching_gold.ranking_metrics_daily "
            "where event_date = '2026-03-03' and surface = '__all__' and experiment_id = '__all__' and k = 5"
        )
        assert ranking == {"clicked_at_k": 1, "applied_at_k": 1, "mrr_at_k": 0.25}
        (quality,) = built.rows(
            "select unattributed_clicks from job_matching_gold.search_quality_daily "
            "where event_date = '2026-03-04' and surface = '__all__'"
        )
        assert quality["unattributed_clicks"] == 1

    def test_all_other_dates_stay_as_they_were(self, rebuilt: tuple[Workbench, Any, Any]) -> None:
        _, before, after = rebuilt
        changed = {key for key, rows in after["rows"].items() if before["rows"].get(key) != rows}
        dates = {table: {date for name, date in changed if name == table} for table in GOLD_TABLES}
        assert before["rows"].keys() <= after["rows"].keys()
        assert dates == {
            "funnel_daily": {"2026-03-03", "2026-03-04"},
            "funnel_weekly": {"2026-03-02"},
            "ranking_metrics_daily": {"2026-03-03"},
            "ranking_position_daily": {"2026-03-03"},
            "search_quality_daily": {"2026-03-03", "2026-03-04"},
            # They are about the events of their own date.
            "ab_metrics_daily": {"2026-03-04"},
            "ab_cumulative_sums": {"2026-03-04"},
            "ab_results": {"2026-03-04"},
            "data_health_daily": {"2026-03-04"},
            "quarantine_daily": set(),
        }

    def test_dagster_has_nothing_new_for_other_dates(self, rebuilt: tuple[Workbench, Any, Any]) -> None:
        _, before, after = rebuilt
        new = after["materializations"] - before["materializations"]
        dates = {table: {date for name, date in new if name == table} for table in GOLD_TABLES}
        assert dates == {
            **{table: {"2026-03-03", "2026-03-04"} for table in DAILY_TABLES},
            **{table: {"2026-03-02"} for table in WEEKLY_TABLES},
            **{table: {"2026-03-04"} for table in (*CUMULATIVE_TABLES, *HEALTH_TABLES)},
        }


def _state(built: Workbench) -> dict[str, Any]:
    """Hashes of the rows, and how often Dagster saw each table and date built."""
    materializations: Counter[tuple[str, str]] = Counter()
    for table in GOLD_TABLES:
        records = built.instance.fetch_materializations(dg.AssetKey(["gold", table]), limit=10_000).records
        materializations.update((table, str(record.partition_key)) for record in records)
    return {"rows": built.gold_by_date(), "materializations": materializations}


class TestRegistry:
    @pytest.fixture
    def landed(self, platform: Workbench) -> Workbench:
        for day in (1, 2):
            platform.land(f"dt=2026-03-{day:02d}/a.ndjson", day_of_events(day))
        return platform

    def test_a_broken_one_fails_the_run_and_the_next_run_catches_up(self, landed: Workbench) -> None:
        landed.register("exp,blue,blue=0.5;control=half")
        (problem,) = landed.try_run().problems
        assert problem == (
            f"Experiment registry {landed.registry}, line 2: experiment 'exp' has the weight 'control=half', "
            "which cannot be read as variant=number; write the weights as control=0.5;treatment=0.5."
        )
        assert landed.waiting() == [("experiments", dt.date(2026, 3, day)) for day in (1, 2)]
        daily = landed.gold_by_date(DAILY_TABLES)
        assert {table for table, _ in daily} == set(DAILY_TABLES)

        landed.register("exp,blue,blue=0.5;control=0.5")
        report = landed.run()
        assert set(report.dates) == {"experiments"}
        assert landed.waiting() == []
        assert {variant for _, variant, _ in landed.results()} == {"control"}
        assert landed.gold_by_date(DAILY_TABLES) == daily

    def test_a_changed_entry_is_taken_over_by_the_next_run(self, landed: Workbench) -> None:
        def variants() -> set[tuple[str, str]]:
            rows = landed.rows("select as_of_date, variant from job_matching_gold.ab_results")
            return {(f"{row['as_of_date']:%d}", row["variant"]) for row in rows}

        build(landed)
        assert variants() == {("01", "blue"), ("02", "blue")}
        landed.register("exp,blue,")
        before = landed.gold_by_date(GOLD_TABLES)
        report = landed.run()
        assert set(report.dates) == {"experiments"}
        assert variants() == {("01", "control"), ("02", "control")}
        assert not landed.run().dates
        others = {key: rows for key, rows in before.items() if key[0] != "ab_results"}
        assert others.items() <= landed.gold_by_date(GOLD_TABLES).items()

    def test_an_entry_that_says_the_same_or_is_of_another_experiment_changes_nothing(
        self, landed: Workbench
    ) -> None:
        build(landed)
        landed.register("exp,control,", "another,blue,blue=0.5;control=0.5")
        assert not landed.run().dates

    def test_a_part_that_is_built_alone_leaves_the_rest_to_the_next_run(self, landed: Workbench) -> None:
        build(landed)
        landed.register("exp,blue,")
        day = dt.date(2026, 3, 2)
        landed.run_selected('key:"gold/ab_results"', DateRange(day, day))
        assert landed.run().built("experiments") == [dt.date(2026, 3, 1), day]
        assert not landed.run().dates
