"""Questions to a published copy, and answers as they can be compared with rows of gold."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.dictionary.answer import Answer, answer
from jobmatch_assets.dictionary.question import Condition, Grain, Question
from jobmatch_assets.published.copy import opened

Manifest = Mapping[str, Any]
Cells = dict[tuple[Any, ...], Any]


@dataclass(frozen=True)
class Asking:
    """Somebody who asks.

    Attributes:
        manifest: dbt's.
        published: The copy.
    """

    manifest: Manifest
    published: Path

    def __call__(
        self,
        *metrics: str,
        by: Sequence[str] = (),
        grain: Grain | None = None,
        dates: tuple[str, str] | None = None,
        where: Sequence[tuple[str, str, str]] = (),
    ) -> Answer:
        conditions = [Condition(*condition) for condition in where]
        span = DateRange(*(dt.date.fromisoformat(date) for date in dates)) if dates else None
        with opened(self.published) as connection:
            return answer(self.manifest, Question(metrics, by, grain, span, conditions), connection)


def cells(answered: Answer, metric: str) -> Cells:
    """{(date, dimensions): value} of a metric."""
    return {tuple(row[name] for name in answered.keys): row[metric] for row in answered.rows}


def cells_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Cells:
    """{all columns but the last: the last} of a query."""
    rows = connection.execute(sql).fetchall()
    return {row[:-1]: row[-1] for row in rows}


def assert_equal(found: Cells, expected: Cells) -> None:
    """Keys, counts and NULL must be equal, doubles as far as the order of a sum goes."""
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value), key
