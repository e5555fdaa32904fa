"""The order in which files of entities come, their batches, and in which file a line stands, make no difference."""

from collections.abc import Callable

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.entity_arrivals import (
    Files,
    all_files,
    by_day,
    contents_after,
    in_other_files,
    in_stages,
    shuffled,
    written_by_hand,
)
from jobmatch_assets_tests.bench.golden_entities import SOURCES
from jobmatch_assets_tests.bench.workbench import Workbench

ORDERS: dict[str, Callable[[Files], list[Files]]] = {
    "upwards": lambda files: in_stages(by_day(files), 4),
    "downwards": lambda files: in_stages(by_day(files)[::-1], 4),
    "entities after events": lambda files: in_stages([of("events/", files), of("entities/", files)], 2),
    "events after entities": lambda files: in_stages([of("entities/", files), of("events/", files)], 2),
    "at random": lambda files: shuffled(files, 3, seed=2),
    "lines at random": lambda files: shuffled(in_other_files(files, seed=3), 4, seed=3),
}


def of(folder: str, files: Files) -> Files:
    return {name: content for name, content in files.items() if name.startswith(folder)}


@pytest.mark.proof
@pytest.mark.parametrize("order", ORDERS)
def test_all_files_may_come_in_any_order(
    order: str, golden_entities: Workbench, workbench: Callable[..., Workbench]
) -> None:
    bench = workbench(JOBMATCH_SOURCES=str(SOURCES))
    stages = ORDERS[order](all_files())
    assert contents_after(bench, stages) == golden_entities.contents(provenance=False)


@pytest.mark.proof
def test_days_may_come_one_by_one_backwards(
    instance: dg.DagsterInstance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The files that were written by hand."""
    files = written_by_hand(all_files())
    at_once, day_by_day = (
        Workbench(tmp_path_factory.mktemp(name), instance, JOBMATCH_SOURCES=str(SOURCES))
        for name in ("at_once", "day_by_day")
    )
    assert contents_after(day_by_day, by_day(files)[::-1]) == contents_after(at_once, [files])
