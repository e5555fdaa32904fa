"""Tables of an earlier version, which lack columns or are missing, are built anew for all dates by the next run."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.pipeline import Pipeline
from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse
from jobmatch_assets_tests.bench.built_once import build
from jobmatch_assets_tests.bench.events import event, stamped
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds


def events(day: int) -> Iterator[dict[str, Any]]:
    """A list with a click, shown to a user of either variant."""
    for n, variant in enumerate(("control", "blue")):
        fields = {**stamped(("exp", variant)), "search_id": f"s{day}{n}"}
        at = f"2026-03-{day:02d}T10:00:0"
        yield event("search", f"u{n}", f"{at}0", results_count=1, **fields)
        yield event("impression", f"u{n}", f"{at}1", job_id="j", rank_position=1, **fields)
        yield event("click", f"u{n}", f"{at}2", job_id="j", **fields)


@pytest.fixture
def built(workbench: Callable[..., Workbench]) -> Workbench:
    bench = workbench()
    for day in (1, 2, 9):
        bench.land(f"dt=2026-03-{day:02d}/a.ndjson", [*events(day), "no event"])
    build(bench)
    return bench


EARLIER = {
    "a table is missing": ["drop table job_matching_gold.funnel_weekly"],
    "a daily table lacks a column": ["alter table job_matching_gold.ranking_metrics_daily drop units"],
    "a table between the layers lacks one": [
        "alter table job_matching_silver.result_list_items drop unit_id"
    ],
    "results lack one": ["alter table job_matching_gold.ab_results drop relative_ci_low"],
    "a table of lines lacks one": ["alter table job_matching_silver.events drop source"],
    "a table has one too many": ["alter table job_matching_gold.quarantine_daily add column odd bigint"],
    "several at once": [
        "drop table job_matching_gold.data_health_daily",
        "drop table job_matching_silver.earlier_copies",
        "alter table job_matching_gold.ranking_metrics_daily drop units",
        "drop table job_matching_gold.ab_results",
    ],
}


@pytest.mark.parametrize("statements", EARLIER.values(), ids=EARLIER)
def test_the_next_run_makes_it_as_if_built_from_nothing(built: Workbench, statements: list[str]) -> None:
    contents = built.contents()
    for statement in statements:
        built.query(statement)
    assert built.run().dates
    assert built.contents() == contents
    assert built.waiting() == []
    assert not built.run().dates


class Killed(BaseException):
    pass


@pytest.mark.parametrize(
    "where",
    [(DuckDBWarehouse, "drop_table"), (Pipeline, "_days_to_load"), (Pipeline, "_experiments")],
    ids=["while dropping", "before building", "before A/B results"],
)
def test_a_run_that_is_killed_is_made_good_by_the_next(
    built: Workbench, monkeypatch: pytest.MonkeyPatch, where: tuple[type, str]
) -> None:
    contents = built.contents()
    for statement in EARLIER["several at once"]:
        built.query(statement)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*where, killed)
        with pytest.raises(Killed), built.platform.open() as session:
            list(Pipeline(session).run())
    built.run()
    assert built.contents() == contents
    assert built.waiting() == []


def test_a_part_that_is_built_alone_leaves_the_rest_to_the_next_run(built: Workbench) -> None:
    contents = built.contents()
    built.query("alter table job_matching_gold.funnel_daily drop clicks")
    day = dt.date(2026, 3, 2)
    report = built.run_selected('key:"gold/funnel_daily"', DateRange(day, day))
    assert report.problems == []
    assert built.query("select distinct event_date from job_matching_gold.funnel_daily") == [(day,)]
    built.run()
    assert built.contents() == contents


def test_a_date_that_is_held_back_waits_and_the_others_are_built(workbench: Callable[..., Workbench]) -> None:
    bench = workbench(JOBMATCH_QUARANTINE_MIN_LINES="10", JOBMATCH_QUARANTINE_BLOCK_SHARE="0.2")
    bench.land("dt=2026-03-01/a.ndjson", events(1))
    bench.land("dt=2026-03-04/a.ndjson", [*events(4), *["{"] * 20])
    bench.try_run()
    contents, waiting = bench.contents(), bench.waiting()
    bench.query("drop table job_matching_gold.data_health_daily")
    bench.query("alter table job_matching_gold.funnel_daily drop clicks")
    bench.run()
    assert (bench.contents(), bench.waiting()) == (contents, waiting)
