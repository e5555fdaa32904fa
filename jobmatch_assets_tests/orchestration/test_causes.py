"""An error that nobody foresaw is told by its cause, and a full disk or memory with what to do."""

import errno
import sqlite3
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.pipeline.causes import cause_of, with_advice

IN_THE_WAY = "Error occurred while executing op"


def raised_from(cause: BaseException) -> BaseException:
    try:
        try:
            raise cause
        except type(cause) as error:
            raise RuntimeError(IN_THE_WAY) from error
    except RuntimeError as error:
        return error


def full(folder: Path) -> list[Exception]:
    file = f"{folder}/w.duckdb"
    return [
        OSError(errno.ENOSPC, "No space left on device", file),
        OSError(errno.EDQUOT, "Disk quota exceeded", "/somewhere/source", None, file),
        OSError(errno.EFBIG, "File too large", file),
        duckdb.IOException(f'IO Error: Could not write file "{file}": No space left on device'),
    ]


@pytest.mark.parametrize("which", range(4))
def test_a_full_disk_is_told_with_the_file_and_what_is_free(tmp_path: Path, which: int) -> None:
    message = cause_of(raised_from(full(tmp_path)[which]))
    assert IN_THE_WAY not in message
    assert f"No space seems to be left for {tmp_path}/w.duckdb (" in message
    assert f"MB free in {tmp_path})" in message
    assert "Make room" in message


def test_dagsters_storage_names_no_file_so_its_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    message = cause_of(raised_from(sqlite3.OperationalError("database or disk is full")))
    assert message.startswith("OperationalError: database or disk is full. No space seems to be left (")
    assert f"MB free in {tmp_path}, " in message
    quoted = with_advice("(sqlite3.OperationalError) disk I/O error [parameters: '/a/value']")
    assert "/a/value'" in quoted
    assert "for /a/value" not in quoted


@pytest.mark.parametrize(
    "cause", [MemoryError(), duckdb.OutOfMemoryException("failed to pin block of 32 KiB")]
)
def test_a_full_memory_is_told(cause: Exception) -> None:
    assert "build fewer dates at once" in cause_of(raised_from(cause))
    assert "raise JOBMATCH_MEMORY_LIMIT" in cause_of(raised_from(cause))


@pytest.mark.parametrize("said", ["file is not a database", "database disk image is malformed"])
def test_damaged_storage_of_dagster_is_told_with_its_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    message = cause_of(raised_from(sqlite3.DatabaseError(said)))
    assert message.startswith(f"DatabaseError: {said}. Dagster's storage ({tmp_path}) is damaged. ")
    assert "docs/runbook.md, Lost or damaged" in message


def test_anything_else_is_told_as_it_was_said_in_a_line() -> None:
    assert cause_of(raised_from(KeyError("colour"))) == "KeyError: 'colour'"
    assert cause_of(ValueError("first line\nsecond line")) == "ValueError: first line"
    assert with_advice("There is no folder /x.") == "There is no folder /x."
