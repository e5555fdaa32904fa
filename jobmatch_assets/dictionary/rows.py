"""Which rows of a gold table answer a question, and which questions they cannot answer.

Rows with `__all__` stand beside those that they sum up, so each answer is taken from one kind of row: the one
that is split as the question asks, or, for what may be put together, a finer one. This is the only place that
chooses.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from jobmatch_assets.contracts.clock import first_of, last_of
from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dates import DateRange
from jobmatch_assets.dictionary.dictionary import Dictionary
from jobmatch_assets.dictionary.metric import Metric
from jobmatch_assets.dictionary.question import Condition, Question, QuestionError
from jobmatch_assets.dictionary.semantic_table import SemanticTable, plural

_ENDS = {"week": ("Monday", "Sunday"), "month": ("its first date", "its last")}
"""What people call the first and the last date of a week or a month."""


@dataclass(frozen=True)
class Rows:
    """The rows of a table that a question is answered from.

    Attributes:
        table: The table.
        split_by: The dimensions that they are split by; the others that the table rolls up read `__all__`.
        conditions: Further conditions on them.
    """

    table: SemanticTable
    split_by: frozenset[str]
    conditions: tuple[Condition, ...]


def rows_for(
    table: SemanticTable, metrics: Sequence[Metric], question: Question, dictionary: Dictionary
) -> Rows:
    """Choose the rows.

    Args:
        table: Where the metrics stand.
        metrics: Those of the question that stand there.
        question: What is asked.
        dictionary: All metrics, to name one that can be asked in place of one that cannot.

    Raises:
        QuestionError: The table has no such dimension or rows, or a metric cannot be put together as asked.
    """
    for name in (*question.by, *(condition.column for condition in question.conditions)):
        _check_dimension(table, name, metrics[0])
    # A condition for the rolled-up rows is what a question without the dimension means anyway.
    conditions = tuple(
        condition
        for condition in question.conditions
        if not (condition.column in table.rolled_up and (condition.operator, condition.text) == ("=", ALL))
    )
    asked = {*question.by, *(condition.column for condition in conditions)}
    fixed = {
        *question.by,
        *(condition.column for condition in conditions if condition.operator == "="),
    }
    _check_dates(table, metrics, question, dictionary)
    kept = frozenset(asked & table.rolled_up)
    for split_by in sorted((rows for rows in table.rows if kept <= rows), key=len):
        loose = (split_by | table.dimensions.keys() - table.rolled_up) - fixed
        if not _apart(metrics, loose):
            return Rows(table, split_by & table.rolled_up, conditions)
    raise QuestionError(_refusal(table, metrics, kept, fixed))


def _check_dimension(table: SemanticTable, name: str, metric: Metric) -> None:
    if name not in table.dimensions:
        has = f"It has {_listed(table.dimensions)}." if table.dimensions else "It has none."
        raise QuestionError(
            f"{metric.name} is not known by {name}: {table.name} has no such dimension. {has} "
            "--from, --to and --grain are about dates."
        )


def _check_dates(
    table: SemanticTable, metrics: Sequence[Metric], question: Question, dictionary: Dictionary
) -> None:
    grain, dates = question.grain or table.grain, question.dates
    if table.grain != "day":
        if grain not in (table.grain, "all"):
            first, _ = _ENDS[table.grain]
            raise QuestionError(
                f"{metrics[0].name} is counted by {table.grain}, from {first} on, and a {grain} is no number "
                f"of {table.dates}: --grain {table.grain}."
            )
        _check_whole(table, metrics[0], dates)
    if grain == table.grain or (dates and _is_one(table, dates)):
        return
    for metric in metrics:
        if table.dates not in metric.combines_over:
            why = metric.stands_alone or f"each {table.grain} has its own"
            weekly = f"weekly_{metric.name}"
            raise QuestionError(
                f"{metric.name} cannot be put together over {table.dates}: {why}. Ask with "
                f"--grain {table.grain}{f', or for {weekly}' if weekly in dictionary else ''}."
            )


def _check_whole(table: SemanticTable, metric: Metric, dates: DateRange | None) -> None:
    if not dates:
        return
    first, last = first_of(table.grain, dates.first), last_of(table.grain, dates.last)
    if (dates.first, dates.last) != (first, last):
        raise QuestionError(
            f"{metric.name} is counted by {table.grain}, from {' to '.join(_ENDS[table.grain])}: "
            f"--from {first} --to {last}."
        )


def _is_one(table: SemanticTable, dates: DateRange) -> bool:
    """Whether the dates are a single one of the table."""
    return dates.last == last_of(table.grain, dates.first)


def _apart(metrics: Sequence[Metric], loose: Collection[str]) -> list[tuple[Metric, str]]:
    """The metrics, each with a dimension, that cannot be put together over it."""
    return [
        (metric, column)
        for metric in metrics
        for column in sorted(loose)
        if plural(column) not in metric.combines_over
    ]


def _refusal(
    table: SemanticTable, metrics: Sequence[Metric], kept: frozenset[str], fixed: Collection[str]
) -> str:
    fitting = [rows for rows in table.rows if kept <= rows]
    if not fitting:
        return (
            f"{table.name} has no rows by {_listed(sorted(kept))} together, and rows that overlap cannot be "
            f"put together. It has them {_kinds(table)}."
        )
    split_by = min(fitting, key=len)
    loose = (split_by | table.dimensions.keys() - table.rolled_up) - set(fixed)
    metric, column = _apart(metrics, loose)[0]
    why = table.overlap.get(column) or metric.stands_alone or "what it counts can be in several"
    return (
        f"{metric.name} cannot be put together over the values of {column}: {why}. {table.name} has rows "
        f"{_kinds(table)}: ask with --by {column}, or for one, --where {column}=…"
    )


def _kinds(table: SemanticTable) -> str:
    """The kinds of rows that a table has, for people."""
    always = sorted(table.dimensions.keys() - table.rolled_up)
    kinds = [f"by {_listed(sorted({*rows, *always}))}" if rows or always else "in all" for rows in table.rows]
    return "; ".join(kinds)


def _listed(names: Collection[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
