"""Differences between the rows that must be there and those that are, for people."""

import re
from collections.abc import Iterator
from typing import Any

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.gold import Rows

_SEED = re.compile(r"\bh(\d+)\b|\bh(\d+)-")

_SHOWN = 20


def differences(table: str, expected: Rows, found: Rows) -> list[str]:
    """One line for each row or cell that differs, with the seed of its history."""
    lines = list(_lines(table, expected, found))
    hidden = len(lines) - _SHOWN
    return [*lines[:_SHOWN], f"{table}: {hidden} more"] if hidden > 0 else lines


def seed_in(text: str) -> str:
    """The seed of the history that a source, an id or a path belongs to."""
    name = _SEED.search(text)
    if name:
        return name[1] or name[2]
    number = re.search(r"\b(\d{3,})\b", text)
    return str(int(number[1]) // 100 - 1) if number else "unknown"


def _lines(table: str, expected: Rows, found: Rows) -> Iterator[str]:
    for key in sorted(expected.keys() | found.keys(), key=repr):
        of = f"{table}[{', '.join(map(str, key))}]"
        if key not in found:
            yield _line(key, expected[key], f"{of} is missing: {_row(expected[key])}")
        elif key not in expected:
            yield _line(key, found[key], f"{of} should not be there: {_row(found[key])}")
        else:
            for column, value in expected[key].items():
                if column not in found[key] or not _equal(found[key][column], value):
                    got = _shown(column, found[key].get(column, "no such column"))
                    yield _line(key, found[key], f"{of}.{column} is {got}, expected {_shown(column, value)}")


def _line(key: tuple[Any, ...], row: dict[str, Any], text: str) -> str:
    return f"seed {seed_in(f'{key} {row}')}: {text}"


def _equal(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _row(row: dict[str, Any]) -> str:
    return ", ".join(
        f"{column} {_shown(column, value)}" for column, value in row.items() if value is not None
    )


def _shown(column: str, value: Any) -> str:
    is_time = column.endswith("_at") or column in ("valid_from", "valid_to")
    return times.written(value) if is_time and isinstance(value, int) else repr(value)
