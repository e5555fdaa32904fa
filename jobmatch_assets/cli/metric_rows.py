"""Metrics and their numbers for people and for programs: what `jobmatch metrics` prints."""

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import click

from jobmatch_assets.cli.rows_export import as_csv, as_json
from jobmatch_assets.cli.rows_table import print_rows
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.dictionary import Dictionary, Metric
from jobmatch_assets.dictionary.answer import Answer, Statement, answer, statements
from jobmatch_assets.dictionary.metricflow import MARKS, Dialect
from jobmatch_assets.dictionary.question import Question
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.published.copy import opened
from jobmatch_assets.text import printable

_LISTED = ("name", "unit", "formula")


def print_definitions(
    platform: Platform, names: Sequence[str], explain: bool, format_: str, out: Terminal
) -> None:
    """Print what metrics mean; of all, the most important.

    Raises:
        QuestionError: There is no such metric.
    """
    dictionary = Dictionary.of(platform.dbt.manifest)
    wanted = [dictionary[name] for name in names] or list(dictionary)
    if format_ != "table":
        columns = [field.name for field in dataclasses.fields(Metric)]
        _write(columns, [dataclasses.asdict(metric) for metric in wanted], format_)
    elif explain:
        for metric in wanted:
            _explain(metric, out)
    else:
        for table, found in groupby(wanted, lambda metric: metric.table):
            print_rows(
                table, _LISTED, [dataclasses.asdict(metric) for metric in found], out, wrapped=_LISTED[-1]
            )
        out.say("jobmatch metrics NAME prints the numbers of one, --explain all of what it means.")


def print_answer(platform: Platform, question: Question, format_: str, out: Terminal) -> None:
    """Print the numbers that answer a question.

    Raises:
        QuestionError: It cannot be answered so.
        CopyError: There is no published copy, or it cannot be read.
        AnswerError: It is of another version.
    """
    manifest = platform.dbt.manifest
    with opened(platform.settings.published_path) as connection:
        found = answer(manifest, question, connection)
    if format_ != "table":
        _write(found.columns, found.rows, format_)
        return
    count = len(found.rows)
    title = f"{', '.join(dict.fromkeys(question.metrics))}: {count:,} row{'' if count == 1 else 's'}"
    notes: list[str] = []
    if not found.rows:
        out.say(f"{title}.")
    else:
        dated = found.columns[0] if found.columns[0] in ("day", "week", "month") else None
        notes = print_rows(title, found.columns, found.rows, out, date_column=dated)
    for note in [*notes, *_notes(Dictionary.of(manifest), question, found)]:
        out.say(note)


def print_sql(platform: Platform, question: Question) -> None:
    """Print the SQL that answers a question: of DuckDB for the published copy, of BigQuery for the datasets.

    Raises:
        QuestionError: It cannot be answered so.
    """
    dialect: Dialect = "bigquery" if platform.settings.target == "bigquery" else "duckdb"
    if dialect == "bigquery":
        # Tables there are not read without dates.
        question = replace(question, dates=question.dates or platform.partitions)
    found = statements(platform.dbt.manifest, question, dialect)
    click.echo("\n\n".join(_with_values(statement, MARKS[dialect]) for statement in found))


def _with_values(statement: Statement, mark: str) -> str:
    values = [
        f"-- {mark}{name} = {printable(str(value))}\n" for name, value in statement.query.parameters.items()
    ]
    return f"{''.join(values)}{statement.sql};"


def _write(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], format_: str) -> None:
    text = (as_csv if format_ == "csv" else as_json)(columns, rows)
    if sys.stdout.isatty():
        text = printable(text, keep="\r\n")
    click.echo(text.encode(), nl=False)


def _notes(dictionary: Dictionary, question: Question, found: Answer) -> list[str]:
    """What the numbers are, and why some are missing."""
    notes = []
    for name in dict.fromkeys(question.metrics):
        metric = dictionary[name]
        missing = any(row[name] is None for row in found.rows)
        notes.append(
            f"{name} ({metric.unit}): {metric.formula}.{f' -: {metric.null_means}.' if missing else ''}"
        )
    return notes


def _explain(metric: Metric, out: Terminal) -> None:
    out.print(metric.name, style="bold")
    for name, value in dataclasses.asdict(metric).items():
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        if name != "name" and text:
            out.print(f"  {name}: {text}", soft_wrap=not out.is_terminal)
