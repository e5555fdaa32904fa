"""Two hundred random histories, in five orders each."""

from pathlib import Path
from random import Random

import dagster as dg
import pytest

from jobmatch_assets_tests.replay.histories.landing import split
from jobmatch_assets_tests.replay.histories.pack import AnyFile, Pack, batches, pack
from jobmatch_assets_tests.replay.trials import Trial

pytestmark = pytest.mark.proof

PACKS = [range(first, first + 50) for first in range(50, 250, 50)]


def _at_once(histories: Pack, rng: Random) -> list[list[AnyFile]]:
    return [histories.files]


def _by_date(histories: Pack, rng: Random) -> list[list[AnyFile]]:
    """In the order of time, events after entities."""
    middle = sorted(file.day for file in histories.entities)[len(histories.entities) // 2]
    early = [file for file in histories.entities if file.day <= middle]
    late = [file for file in histories.entities if file.day > middle]
    return [[*early], [*late, *histories.events]]


def _events_first(histories: Pack, rng: Random) -> list[list[AnyFile]]:
    """Facts before what they are about, and entities in the reverse order of time."""
    early, late = _by_date(histories, rng)
    of_entities = [file for file in late if file not in histories.events]
    return [[*histories.events, *of_entities], early]


def _dealt(histories: Pack, rng: Random) -> list[list[AnyFile]]:
    return batches(rng, histories.files, 3)


def _in_other_files(histories: Pack, rng: Random) -> list[list[AnyFile]]:
    return batches(rng, [*split(rng, histories.entities), *histories.events], 2)


@pytest.mark.parametrize("seeds", PACKS, ids=lambda seeds: f"seeds {seeds[0]} to {seeds[-1]}")
@pytest.mark.parametrize("order", [_at_once, _by_date, _events_first, _dealt, _in_other_files])
def test_histories_end_as_their_replay(
    tmp_path: Path, instance: dg.DagsterInstance, seeds: range, order: object
) -> None:
    histories = pack(seeds)
    trial = Trial(tmp_path, instance, histories).run(*order(histories, Random(seeds[0])))  # type: ignore[operator]
    assert trial.differences() == []
    assert trial.refused == sorted(trial.silver.refused)
