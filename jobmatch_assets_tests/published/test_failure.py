"""The note that a publication failed: readable while one has, gone when one succeeds, and no more in it than need be."""

import datetime as dt
from pathlib import Path

import pytest

from jobmatch_assets.errors import PlatformError
from jobmatch_assets.published.failure import (
    PublicationFailure,
    failure_file,
    failure_of,
    forget_failure,
    note_failure,
)

NOW = dt.datetime(2026, 3, 7, 6, tzinfo=dt.UTC)


def test_the_note_says_when_and_why_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "not made yet" / "gold.duckdb"
    assert failure_of(path) is None
    note_failure(path, PlatformError("The disk is full."), NOW)
    assert failure_of(path) == PublicationFailure(NOW, "The disk is full.")
    later = NOW + dt.timedelta(hours=1)
    note_failure(path, PlatformError("It is still full."), later)
    assert failure_of(path) == PublicationFailure(later, "It is still full.")
    forget_failure(path)
    forget_failure(path)
    assert failure_of(path) is None
    assert list(path.parent.iterdir()) == []


def test_of_an_error_that_nobody_explains_the_note_has_the_kind_only(tmp_path: Path) -> None:
    path = tmp_path / "gold.duckdb"
    note_failure(path, ValueError("could not convert 'user-17' to a date"), NOW)
    noted = failure_of(path)
    assert noted
    assert "ValueError" in noted.message
    assert "user-17" not in failure_file(path).read_text()


def test_where_it_cannot_be_left_nothing_else_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    note_failure(tmp_path / "file" / "gold.duckdb", PlatformError("No folder."), NOW)
    assert failure_of(tmp_path / "file" / "gold.duckdb") is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"when": 1, "message": "x"}', b'{"when": "2026-03-07T06:00:00"}', b"\xff"]
)
def test_what_is_no_note_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.duckdb"
    failure_file(path).write_bytes(content)
    assert failure_of(path) is None
