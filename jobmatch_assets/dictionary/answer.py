"""Answers to questions, from the published copy."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from jobmatch_assets.contracts.clock import UNITS
from jobmatch_assets.dictionary.dictionary import Dictionary
from jobmatch_assets.dictionary.metricflow import MARKS, Dialect, MetricFlow
from jobmatch_assets.dictionary.query import Query, query_for
from jobmatch_assets.dictionary.question import Question, QuestionError
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.errors import PlatformError


class AnswerError(PlatformError):
    """The published copy is of another version than this one; the message says what to do."""


@dataclass(frozen=True)
class Answer:
    """Numbers.

    Attributes:
        keys: The columns that tell rows apart: the date (`day`, `week` or `month`, each by its first day), if
            there is one, and the dimensions.
        metrics: The columns of the metrics.
        rows: {column: value}, the newest date first, then in the order of the dimensions. Where a metric has
            no row that others have, it is None.
    """

    keys: list[str]
    metrics: list[str]
    rows: list[dict[str, Any]]

    @property
    def columns(self) -> list[str]:
        """All columns, in order."""
        return [*self.keys, *self.metrics]


@dataclass(frozen=True)
class Statement:
    """SQL that answers a part of a question.

    Attributes:
        query: What was asked.
        sql: Its SQL.
    """

    query: Query
    sql: str


def statements(manifest: Mapping[str, Any], question: Question, dialect: Dialect) -> list[Statement]:
    """The SQL of a question, a statement for each table that its metrics stand in.

    Args:
        manifest: As dbt writes it to manifest.json.
        question: What is asked.
        dialect: The SQL to render.

    Raises:
        QuestionError: There is no such metric, or it cannot be answered so.
    """
    queries = list(_queries(manifest, question, MARKS[dialect]))
    metricflow = MetricFlow(manifest, dialect)
    return [Statement(query, metricflow.sql(query)) for query in queries]


def answer(manifest: Mapping[str, Any], question: Question, connection: duckdb.DuckDBPyConnection) -> Answer:
    """Answer a question from the published copy.

    Args:
        manifest: As dbt writes it to manifest.json.
        question: What is asked.
        connection: The published copy, opened.

    Raises:
        QuestionError: There is no such metric, or it cannot be answered so.
        AnswerError: The copy lacks a table or a column.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    asked = statements(manifest, question, "duckdb")
    # Sums of floating point numbers depend on the order of the rows.
    connection.execute("set threads = 1")
    for statement in asked:
        for row in _run(connection, statement):
            key = tuple(row[name] for name in statement.query.by)
            found.setdefault(key, {}).update(row)
    keys = list(asked[0].query.by)
    metrics = list(dict.fromkeys(question.metrics))
    dates = len(keys) - len(dict.fromkeys(question.by))
    # NULL is a value of a dimension, too: the first one.
    ordered = sorted(found, key=lambda key: [(value is not None, value) for value in key[dates:]])
    ordered.sort(key=lambda key: key[:dates], reverse=True)
    rows = [{name: found[key].get(name) for name in [*keys, *metrics]} for key in ordered]
    return Answer(keys, metrics, rows)


def _queries(manifest: Mapping[str, Any], question: Question, mark: str) -> Iterator[Query]:
    dictionary, tables = Dictionary.of(manifest), SemanticTable.all_of(manifest)
    by_table: dict[str, list[str]] = {}
    for name in dict.fromkeys(question.metrics):
        by_table.setdefault(dictionary[name].source, []).append(name)
    grains = [unit for unit in UNITS if unit in {tables[name].grain for name in by_table}]
    if not question.grain and len(grains) > 1:
        raise QuestionError(
            f"Some of these are counted by {' and some by '.join(grains)}: say --grain {grains[-1]}."
        )
    for table, names in by_table.items():
        yield query_for(tables[table], [dictionary[name] for name in names], question, dictionary, mark)


def _run(connection: duckdb.DuckDBPyConnection, statement: Statement) -> Iterator[dict[str, Any]]:
    try:
        cursor = connection.execute(statement.sql, dict(statement.query.parameters))
        rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise AnswerError(
            "The published copy of gold (JOBMATCH_PUBLISHED_PATH) lacks what this version has: "
            f"{str(error).splitlines()[0]}. `jobmatch run` publishes it anew."
        ) from None
    names = {path: name for name, path in statement.query.by.items()}
    columns = [names.get(column[0], column[0]) for column in cursor.description or ()]
    for row in rows:
        yield {name: _plain(value) for name, value in zip(columns, row, strict=True)}


def _plain(value: Any) -> Any:
    """The first moment of a day, which MetricFlow makes of a date, as a date; a time stays one."""
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.date()
    return value
