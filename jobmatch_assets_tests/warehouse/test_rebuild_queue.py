"""Which dates a load touches: by hand, then against building everything from scratch."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.pipeline.linked_dates import linked_dates
from jobmatch_assets.pipeline.stages import STAGES
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.steps.loading import load_new_files
from jobmatch_assets.pipeline.steps.staging import queue_staged
from jobmatch_assets.warehouse.port import WarehouseError
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

YEAR = DateRange(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
STAMPED = {"experiment_id": "exp", "variant": "control"}


def event(event_id: str, time: str, name: str = "search", **fields: Any) -> str:
    return line(event_id, f"2026-{time}:00", name, **fields)


class Staged:
    """Bronze and staging alone: what arrives is loaded and staged, and the queue is looked at."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self._platform = bench.platform
        self._dbt = DbtProject(bench.settings)
        self._files = 0

    def arrive(self, day: str, *lines: str) -> None:
        self._files += 1
        self.bench.land(f"dt=2026-{day}/{self._files}.ndjson", lines)
        session = self.bench.prepared()
        load_new_files(session, EVENTS, set(YEAR.days))
        built = self._dbt.build(["stg_events", "stg_search_dates"], YEAR.days)
        assert [result.status for result in built] == ["success", "success"]
        queue_staged(session, EVENTS, YEAR.days)

    def list_dates(self, *days: str) -> list[str]:
        """Where the events of these days' lists lie."""
        with self._platform.open() as session:
            found = linked_dates(session, EVENTS, [dt.date.fromisoformat(f"2026-{day}") for day in days])
        return [f"{date:%m-%d}" for date in sorted(found)]

    def touched(
        self, day: str, *lines: str, layers: Sequence[str] = ("silver", "gold", "experiments")
    ) -> dict[str, list[str]]:
        """What is queued, by layer, because these lines arrive."""
        if self._files:
            self.bench.query("delete from job_matching_bronze.rebuild_queue")
        self.arrive(day, *lines)
        return {
            layer: [date.removeprefix("2026-") for date in self.bench.dates_waiting(layer)]
            for layer in layers
        }


@pytest.fixture
def staged(workbench: Callable[..., Workbench]) -> Staged:
    return Staged(workbench())


def test_a_line_touches_its_date_and_for_the_24_hours_the_one_before(staged: Staged) -> None:
    staged.arrive("03-10", event("a", "03-09T10:00"), event("b", "03-10T10:00"), event("c", "03-11T10:00"))
    touched = staged.touched("03-20", event("late", "03-10T12:00"))
    assert touched == {"silver": ["03-10"], "gold": ["03-09", "03-10"], "experiments": []}


def test_a_line_touches_the_experiments_that_it_is_stamped_with(staged: Staged) -> None:
    staged.arrive("03-10", event("a", "03-10T10:00", **STAMPED), event("b", "03-11T10:00", **STAMPED))
    assert staged.touched("03-10", event("c", "03-09T10:00", **STAMPED))["experiments"] == ["03-09"]
    staged.touched("03-10", event("d", "03-09T11:00", experiment_id="other", variant="x"))
    queued = staged.bench.query(
        "select experiment_id from job_matching_bronze.rebuild_queue where stage = 'experiments'"
    )
    assert queued == [("other",)]


def test_a_line_that_takes_an_event_out_of_an_experiment_touches_that(staged: Staged) -> None:
    staged.arrive("03-10", event("a", "03-10T10:00", **STAMPED))
    better = event("a", "03-12T10:00", ingested_at="2026-03-13T00:00:00Z")
    assert staged.touched("03-12", better)["experiments"] == ["03-10"]


def test_a_quarantined_line_touches_its_partition_of_silver_and_what_counts_such_lines(
    staged: Staged,
) -> None:
    staged.arrive("03-10", event("a", "03-10T10:00"))
    layers = [stage.name for stage in STAGES]
    touched = staged.touched("03-10", event("b", "03-10T10:00", "view"), "{", layers=layers)
    assert {layer: dates for layer, dates in touched.items() if dates} == {
        "silver": ["03-10"],
        "health": ["03-10"],
    }


def test_an_event_that_moves_over_midnight_touches_the_date_that_it_leaves(staged: Staged) -> None:
    staged.arrive("03-10", event("a", "03-10T23:59", **STAMPED), event("other", "03-09T10:00"))
    moved = event("a", "03-11T00:01", ingested_at="2026-03-11T01:00:00Z", **STAMPED)
    touched = staged.touched("03-11", moved)
    assert touched == {
        "silver": ["03-10", "03-11"],
        "gold": ["03-09", "03-10", "03-11"],
        "experiments": ["03-10", "03-11"],
    }


@pytest.mark.parametrize(
    ("day", "is_rival"), [("03-03", True), ("03-17", True), ("03-02", False), ("03-18", False)]
)
def test_a_line_of_the_same_event_is_touched_within_seven_days(
    staged: Staged, day: str, is_rival: bool
) -> None:
    staged.arrive("03-20", event("a", f"{day}T10:00"), event("other", "03-10T10:00"))
    assert staged.touched("03-20", event("a", "03-10T10:00"))["silver"] == sorted(
        ["03-10", *[day] * is_rival]
    )


def test_a_result_list_is_touched_however_far_away_its_parts_lie(staged: Staged) -> None:
    listed = {"search_id": "s", "job_id": "j", "rank_position": 1}
    staged.arrive("01-20", event("i", "01-20T10:00", "impression", **listed), event("other", "03-01T10:00"))
    touched = staged.touched("03-01", event("c", "03-01T10:00", "click", **listed))
    assert touched == {"silver": ["03-01"], "gold": ["01-20", "03-01"], "experiments": []}


def test_the_dates_of_lists_are_found_and_no_others(staged: Staged) -> None:
    listed = {"search_id": "s", "job_id": "j", "rank_position": 1}
    other = listed | {"search_id": "o"}
    staged.arrive(
        "03-10",
        *(event("i", "01-20T10:00", "impression", **listed), event("c", "03-10T10:00", "click", **listed)),
        *(event("oi", "02-01T10:00", "impression", **other), event("oa", "02-03T10:00", "apply", **other)),
        event("q", "02-05T10:00", "search", search_id="s"),
    )
    assert staged.list_dates("03-10") == ["01-20", "03-10"]
    assert staged.list_dates("02-02", "02-03") == ["02-01", "02-02", "02-03"]
    assert staged.list_dates("02-10") == ["02-10"]


def test_dates_of_lists_are_those_of_all_staged_lines_when_the_table_is_new(staged: Staged) -> None:
    listed = {"search_id": "s", "job_id": "j", "rank_position": 1}
    staged.arrive("01-20", event("i", "01-20T10:00", "impression", **listed))
    staged.bench.query("drop table job_matching_silver.stg_search_dates")
    with pytest.raises(WarehouseError, match="no table silver/stg_search_dates"):
        staged.list_dates("03-10")
    staged.bench.land("dt=2026-03-10/b.ndjson", [event("c", "03-10T10:00", "click", **listed)])
    staged.bench.run()
    assert staged.list_dates("03-10") == ["01-20", "03-10"]


def test_two_arrivals_that_touch_a_date_are_two_requests(staged: Staged) -> None:
    staged.arrive("03-10", event("a", "03-10T10:00"))
    staged.arrive("03-10", event("b", "03-10T11:00"))
    requests = staged.bench.query(
        "select request_id from job_matching_bronze.rebuild_queue where stage = 'silver'"
    )
    assert len(set(requests)) == 2


def random_files(rng: random.Random, files: int) -> Iterator[tuple[str, list[str]]]:
    """Files over twelve days whose events share ids, lists and users as often as can be."""
    names = ("search", "impression", "impression", "click", "apply")
    for _ in range(files):
        day = rng.randrange(12, 25)
        lines = []
        for _ in range(rng.randrange(1, 14)):
            name = rng.choice(names)
            date = rng.choice((day, day, day - 1, day + 1, rng.randrange(1, day + 1)))
            month = rng.choice(("01", *["03"] * 9))
            time = f"{month}-{date:02}T{rng.choice(('00:00', '11:59', '23:59'))}"
            fields = {"user_id": rng.choice("uvw"), "search_id": rng.choice("stxyz")}
            if name != "search":
                fields |= {"job_id": rng.choice("jk"), "rank_position": rng.randrange(1, 4)}
            if rng.random() < 0.3:
                # Few events an experiment: so it has gaps, and its first and last events come, move and go.
                fields |= {"experiment_id": rng.choice("efgh"), "variant": rng.choice(("control", "b"))}
            if rng.random() < 0.4:
                fields["ingested_at"] = f"2026-03-{rng.randrange(10, 29)}T00:00:00Z"
            lines.append(event(f"e{rng.randrange(40)}", time, name, **fields))
        yield f"dt=2026-03-{day}", [*lines, *rng.choice(([], ["{"]))]


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 5))])
def test_what_is_built_file_by_file_is_what_is_built_from_scratch(
    seed: int, workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    bench = workbench()
    for number, (folder, lines) in enumerate(random_files(random.Random(seed), files=6)):
        bench.land(f"{folder}/{number}.ndjson", lines)
        bench.run()
        step_by_step = bench.contents()
        bench.warehouse.rename(tmp_path / "kept")
        bench.run()
        assert bench.contents() == step_by_step, f"after file {number}"
        (tmp_path / "kept").replace(bench.warehouse)
