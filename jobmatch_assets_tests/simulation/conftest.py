import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from jobmatch_assets.simulation import Scenario

START = dt.date(2026, 3, 1)


@pytest.fixture(scope="session")
def scenario() -> Callable[..., Scenario]:
    """A small scenario, and whatever differs from it."""

    def make(**changes: Any) -> Scenario:
        small = {"start": START, "days": 2, "users": 60, "seed": 5}
        return Scenario(**{**small, **changes})

    return make
