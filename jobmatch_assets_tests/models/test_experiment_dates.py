"""Which dates A/B results have, whatever the order in which an experiment's events come, move and go."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import event, stamped
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds


def on(
    day: int | str, user: str, variant: str | None = None, name: str = "exp", **fields: Any
) -> dict[str, Any]:
    """A click of a user, on a day of March 2026 or another date."""
    date = day if isinstance(day, str) else f"2026-03-{day:02d}"
    stamps = stamped((name, variant)) if variant else {}
    return event("click", user, f"{date}T10:00:00", job_id="j", **stamps, **fields)


def pair(day: int | str, name: str = "exp") -> list[dict[str, Any]]:
    """Both variants on a day."""
    return [on(day, f"{name}-{day}-{variant}", variant, name) for variant in ("control", "blue")]


class Arrivals:
    """Files that come one by one, a run after each."""

    def __init__(self, built: Workbench) -> None:
        self.built = built
        self._files = 0

    def come(self, day: int, *events: dict[str, Any]) -> list[str]:
        """One file; returns the dates of A/B results that were built."""
        self._files += 1
        self.built.land(f"dt=2026-03-{day:02d}/{self._files}.ndjson", events)
        return [f"{date}".removeprefix("2026-03-") for date in self.built.run().built("experiments")]

    def begin(self, day: int, *events: dict[str, Any]) -> None:
        """The first file, in a test of which another form begins alike."""
        self.built.land(f"dt=2026-03-{day:02d}/0.ndjson", events)
        build(self.built)

    def dates(self, name: str = "exp") -> tuple[list[str], list[str]]:
        """The dates that an experiment has in its two tables."""
        return tuple(  # type: ignore[return-value]
            [
                str(row["as_of_date"]).removeprefix("2026-03-")
                for row in self.built.rows(
                    f"select distinct as_of_date from job_matching_gold.{table} "
                    "where experiment_id = ? order by all",
                    name,
                )
            ]
            for table in ("ab_cumulative_sums", "ab_results")
        )


@pytest.fixture
def arrivals(platform: Workbench) -> Arrivals:
    return Arrivals(platform)


def as_from_scratch(arrivals: Arrivals) -> bool:
    """Whether a warehouse that is built at once has the same rows; leaves that one behind."""
    built = arrivals.built
    assert built.waiting() == []
    step_by_step = built.gold_by_date()
    built.warehouse.unlink()
    build(built)
    return built.gold_by_date() == step_by_step


def test_the_dates_between_two_events_have_rows_though_others_came_daily(arrivals: Arrivals) -> None:
    built = [arrivals.come(day, on(day, "u"), *(pair(day) if day in (1, 5) else [])) for day in range(1, 6)]
    assert built == [["01"], [], [], [], ["02", "03", "04", "05"]]
    assert arrivals.dates() == (["01", "02", "03", "04", "05"],) * 2
    assert as_from_scratch(arrivals)


def test_an_earlier_event_brings_the_dates_up_to_the_first_one(arrivals: Arrivals) -> None:
    arrivals.come(6, *pair(6), on(3, "u"))
    assert arrivals.come(6, on(2, "late", "blue")) == ["02", "03", "04", "05", "06"]
    assert arrivals.dates() == (["02", "03", "04", "05", "06"],) * 2
    assert as_from_scratch(arrivals)


@pytest.mark.parametrize(
    ("new_day", "left"), [(3, ["01", "02", "03"]), (8, ["01", "02", "03", "04", "05", "06", "07", "08"])]
)
def test_a_last_event_that_moves_takes_the_end_with_it(
    new_day: int, left: Sequence[str], arrivals: Arrivals
) -> None:
    last = on(6, "u", "blue")
    arrivals.begin(6, *pair(1), last)
    assert arrivals.dates() == (["01", "02", "03", "04", "05", "06"],) * 2
    moved = {**on(new_day, "u", "blue"), "event_id": last["event_id"], "ingested_at": "2026-03-20T00:00:00Z"}
    arrivals.come(8, moved)
    assert arrivals.dates() == (left,) * 2
    assert as_from_scratch(arrivals)


@pytest.mark.parametrize("day", [1, 6])
def test_an_event_at_an_end_that_loses_its_experiment_takes_rows_with_it(
    day: int, arrivals: Arrivals
) -> None:
    gone = on(day, "u", "blue")
    arrivals.come(6, *pair(3), gone)
    without = {**on(day, "u"), "event_id": gone["event_id"], "ingested_at": "2026-03-20T00:00:00Z"}
    arrivals.come(6, without)
    assert arrivals.dates() == (["03"],) * 2
    assert as_from_scratch(arrivals)


def test_an_experiment_without_an_event_left_has_no_row_left(arrivals: Arrivals) -> None:
    gone = on(3, "u", "blue")
    arrivals.come(6, gone, *pair(2, "stays"))
    without = {**on(4, "u"), "event_id": gone["event_id"], "ingested_at": "2026-03-20T00:00:00Z"}
    assert arrivals.come(6, without) == ["03"]
    assert arrivals.dates() == ([], [])
    assert arrivals.dates("stays") == (["02"],) * 2
    assert not arrivals.built.run().dates
    assert as_from_scratch(arrivals)


def test_an_old_event_without_an_experiment_builds_no_date(arrivals: Arrivals) -> None:
    arrivals.come(6, *pair(2), *pair(6))
    assert arrivals.come(6, on("2019-02-01", "u")) == []
    assert arrivals.come(6, on(4, "u")) == []
    assert as_from_scratch(arrivals)


def test_an_old_event_of_an_experiment_builds_the_dates_of_that_one(arrivals: Arrivals) -> None:
    arrivals.come(6, *pair(2), *pair(6))
    built = arrivals.come(6, *pair("2019-02-01", "then"), *pair("2019-02-03", "then"))
    assert built == ["2019-02-01", "2019-02-02", "2019-02-03"]
    assert arrivals.dates("then") == (built,) * 2
    assert as_from_scratch(arrivals)


def test_tables_are_there_where_no_event_has_an_experiment(arrivals: Arrivals) -> None:
    assert arrivals.come(6, on(5, "u")) == []
    assert arrivals.dates() == ([], [])
    assert arrivals.built.waiting() == []


def test_a_forced_range_is_built_where_it_has_lines_or_rows_and_no_further(arrivals: Arrivals) -> None:
    arrivals.come(6, *pair(2), *pair(4), on(6, "u"), on("2019-01-01", "u"))
    before = arrivals.built.gold_by_date()
    report = arrivals.built.run(DateRange(dt.date(2019, 1, 1), dt.date(2026, 3, 31)))
    assert len(report.built("silver")) == len(report.built("gold")) == 4
    assert [date.day for date in report.built("experiments")] == [2, 3, 4]
    assert arrivals.built.gold_by_date() == before


def test_a_forced_date_with_rows_and_no_line_loses_them(arrivals: Arrivals) -> None:
    arrivals.come(6, *pair(2), on(5, "u"))
    before = arrivals.built.gold_by_date()
    for table, column in (
        ("silver.events", "event_date"),
        ("silver.ab_units_daily", "event_date"),
        ("gold.ab_metrics_daily", "event_date"),
        ("gold.ab_cumulative_sums", "as_of_date"),
        ("gold.ab_results", "as_of_date"),
    ):
        arrivals.built.query(
            f"insert into job_matching_{table} select * replace (date '2026-03-04' as {column}) "
            f"from job_matching_{table} where {column} = '2026-03-02'"
        )
    assert arrivals.built.gold_by_date() != before
    arrivals.built.run(DateRange(dt.date(2026, 3, 3), dt.date(2026, 3, 9)))
    assert arrivals.built.gold_by_date() == before


@pytest.mark.parametrize("stopped_after", ["the daily tables", "ab_cumulative_sums", "ab_results"])
def test_what_a_run_that_was_stopped_left_undone_is_done_by_the_next(
    stopped_after: str, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals.begin(6, *pair(1), *pair(9, "other"))
    arrivals.built.land("dt=2026-03-05/late.ndjson", pair(5))
    stopped_at = {
        "the daily tables": "jobmatch_assets.pipeline.steps.compare_variants.plan_experiments",
        "ab_cumulative_sums": "jobmatch_assets.metrics.ab_results.compute_ab_results",
        "ab_results": "jobmatch_assets.pipeline.experiment_plan.ExperimentPlan.finish",
    }
    monkeypatch.setattr(stopped_at[stopped_after], _stopped)
    assert not arrivals.built.try_run().succeeded
    monkeypatch.undo()
    arrivals.built.run()
    assert arrivals.dates() == (["01", "02", "03", "04", "05"],) * 2
    assert as_from_scratch(arrivals)


def _stopped(*_: object, **__: object) -> None:
    raise RuntimeError("stopped")


def test_gaps_that_an_earlier_version_left_are_filled(arrivals: Arrivals) -> None:
    built = arrivals.built
    arrivals.come(6, *pair(1), *pair(5), *pair(3, "whole"))
    expected = built.gold_by_date()
    for table in ("ab_cumulative_sums", "ab_results"):
        built.query(f"delete from job_matching_gold.{table} where as_of_date in ('2026-03-02', '2026-03-04')")
    built.query("drop table job_matching_bronze.experiments_compared")
    built.query("alter table job_matching_bronze.rebuild_queue drop column experiment_id")
    assert {date.day for date in built.run().built("experiments")} == {2, 3, 4, 5}
    assert built.gold_by_date() == expected
    assert not built.run().dates
