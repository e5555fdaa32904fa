"""A question to one table, as MetricFlow takes it: names, filters, and the values of their parameters.

A filter is a template, so no text that somebody typed stands in one: it is bound to a parameter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dictionary.dictionary import Dictionary
from jobmatch_assets.dictionary.metric import Metric
from jobmatch_assets.dictionary.question import Condition, Question, QuestionError
from jobmatch_assets.dictionary.rows import Rows, rows_for
from jobmatch_assets.dictionary.semantic_table import Dimension, SemanticTable

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "is null", "is not null")


@dataclass(frozen=True)
class Query:
    """A question to one table.

    Attributes:
        metrics: Names of metrics.
        by: {column of the answer: what MetricFlow calls it}; a date is called as the grain.
        where: Filters that all hold; a parameter is written as `{mark}name`.
        parameters: {name: value}.
    """

    metrics: Sequence[str]
    by: Mapping[str, str]
    where: Sequence[str]
    parameters: Mapping[str, Any]


def query_for(
    table: SemanticTable, metrics: Sequence[Metric], question: Question, dictionary: Dictionary, mark: str
) -> Query:
    """Put a question to a table.

    Args:
        table: Where the metrics stand.
        metrics: Those of the question that stand there.
        question: What is asked.
        dictionary: All metrics.
        mark: What a parameter begins with.

    Raises:
        QuestionError: It cannot be answered; the message says why, and what can.
    """
    rows = rows_for(table, metrics, question, dictionary)
    where, parameters = _filters(rows, mark)
    if question.dates:
        date = _column(table.date_path)
        where += [f"{date} >= date '{question.dates.first}'", f"{date} <= date '{question.dates.last}'"]
    grain = question.grain or table.grain
    by: dict[str, str] = {} if grain == "all" else {grain: f"metric_time__{grain}"}
    by |= {name: table.dimensions[name].path for name in question.by}
    return Query([metric.name for metric in metrics], by, where, parameters)


def _filters(rows: Rows, mark: str) -> tuple[list[str], dict[str, Any]]:
    dimensions = rows.table.dimensions
    where = [
        f"{_column(dimensions[name].path)} {'<>' if name in rows.split_by else '='} '{ALL}'"
        for name in sorted(rows.table.rolled_up)
    ]
    parameters: dict[str, Any] = {}
    for number, condition in enumerate(rows.conditions):
        dimension = dimensions[condition.column]
        column = _column(dimension.path)
        if condition.operator not in OPERATORS:
            raise QuestionError(f"{condition.operator} is none of the operators {', '.join(OPERATORS)}.")
        if condition.operator.endswith("null"):
            where.append(f"{column} {condition.operator}")
            continue
        name = f"filter_{number}"
        where.append(f"{column} {condition.operator} {mark}{name}")
        parameters[name] = _value(condition, dimension)
    return where, parameters


def _column(path: str) -> str:
    return f"{{{{ Dimension('{path}') }}}}"


def _value(condition: Condition, dimension: Dimension) -> str | int:
    if dimension.kind == "string":
        return condition.text
    try:
        number = int(condition.text)
    except ValueError:
        number = 2**63
    if not -(2**63) <= number < 2**63:
        raise QuestionError(
            f"--where {condition.column}{condition.operator}{condition.text}: {condition.column} holds a "
            "whole number."
        )
    return number
