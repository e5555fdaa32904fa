"""The file of tiers says one thing about each number."""

from itertools import pairwise

import pytest

from jobmatch_assets.contracts.tiers import TIERS, least_evidence, steps_of, words_of

COLUMNS = tuple(dict.fromkeys(tier.column for tier in TIERS))


def test_a_tier_has_one_threshold() -> None:
    assert len({(tier.column, tier.tier) for tier in TIERS}) == len(TIERS)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_number_has_one_tier(column: str) -> None:
    steps = steps_of(column)
    assert steps[0][2] is None
    assert all(lower[2] == higher[1] and lower[1] < higher[1] for higher, lower in pairwise(steps))
    assert steps[-1][1] == 0


def test_tiers_come_with_their_evidence() -> None:
    assert words_of("segment") == ("power", "heavy", "active", "regular", "light", "inactive")
    assert steps_of("tier") == (("hot", 1.5, None), ("good", 0.8, 1.5), ("weak", 0.0, 0.8))
    assert {column: least_evidence(column) for column in COLUMNS if column != "segment"} == {
        "style": 5,
        "tier": 5,
        "quality_tier": 5,
        "responsiveness": 10,
    }
