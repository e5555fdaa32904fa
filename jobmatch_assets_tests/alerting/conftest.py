from collections.abc import Iterator

import pytest

from jobmatch_assets_tests.bench.receivers import Receiver, receiver


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def first() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


@pytest.fixture
def second() -> Iterator[Receiver]:
    with receiver() as server:
        yield server
