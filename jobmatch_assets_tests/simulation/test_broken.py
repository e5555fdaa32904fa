import datetime as dt
from itertools import islice

import pytest

from jobmatch_assets.simulation.broken import REASONS, broken_line, rotation
from jobmatch_assets_tests.golden import oracle


def test_every_reason_of_the_contract_is_covered():
    assert list(REASONS) == oracle.REASONS


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("reason", REASONS)
def test_a_broken_line_has_the_planted_reason(reason, turn):
    line = broken_line(reason, turn, "e-1", "2026-03-01T23:59:59.999Z", 7)
    _, found, partition = oracle.judge(line, dt.date(2026, 3, 1), dt.date(2019, 1, 1))
    assert found == reason
    assert partition == dt.date(2026, 3, 1)


def test_reasons_take_turns_and_only_the_first_round_has_an_overlong_line():
    n = len(REASONS)
    first, second = (
        [reason for reason, _ in islice(rotation(3), start, stop)] for start, stop in ((0, n), (n, 2 * n - 1))
    )
    assert sorted(first) == sorted(REASONS)
    assert first[0] == REASONS[3]
    assert sorted([*second, "line_too_long"]) == sorted(REASONS)
