"""The SQL of metrics, as the GoogleSQL analyzer sees it: every metric, at every grain, in every kind of rows."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from jobmatch_assets.dates import DateRange
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.dictionary.answer import Statement, statements
from jobmatch_assets.dictionary.question import GRAINS, Condition, Grain, Question
from jobmatch_assets.dictionary.semantic_table import SemanticTable
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings
from jobmatch_assets_tests.bench.cloud import PROJECT
from jobmatch_assets_tests.bench.sent import Analyzer, analyzing

WEEK = DateRange(dt.date(2026, 3, 2), dt.date(2026, 3, 8))
DATES = {"day": WEEK, "week": WEEK, "month": DateRange(dt.date(2026, 3, 1), dt.date(2026, 3, 31))}
TYPES = {
    "bigint": "INT64",
    "string": "STRING",
    "date": "DATE",
    "float64": "FLOAT64",
    "numeric": "NUMERIC",
    "boolean": "BOOL",
    "bool": "BOOL",
    "timestamp": "TIMESTAMP",
}


@pytest.fixture(scope="module")
def manifest() -> Mapping[str, Any]:
    settings = {"JOBMATCH_TARGET": "bigquery", "JOBMATCH_BIGQUERY_PROJECT": PROJECT}
    return Platform.of(Settings.from_environment(settings)).dbt.manifest


@pytest.fixture(scope="module")
def analyzer(manifest: Mapping[str, Any]) -> Iterator[Analyzer]:
    """An analyzer that knows the tables as dbt describes them."""
    with analyzing() as found:
        for node in manifest["nodes"].values():
            if node["resource_type"] == "model" and node["name"] in SemanticTable.all_of(manifest):
                columns = {name: TYPES[column["data_type"]] for name, column in node["columns"].items()}
                config = node["config"]
                partition = (
                    config["meta"]["partition_column"] if config.get("require_partition_filter") else None
                )
                found.add(f"{node['schema']}.{node['name']}", columns, partition)
        yield found


def asked(manifest: Mapping[str, Any], grain: Grain) -> Iterator[Statement]:
    """The metrics of each table that have an answer at a grain, together, for each kind of rows of the table."""
    dictionary = Dictionary.of(manifest)
    for table in SemanticTable.all_of(manifest).values():
        names = [
            metric.name
            for metric in dictionary
            if metric.source == table.name and (grain == table.grain or table.dates in metric.combines_over)
        ]
        has_grain = grain in (table.grain, "all") or table.grain == "day"
        for rows in table.rows if names and has_grain else ():
            by = [name for name in table.dimensions if name in rows or name not in table.rolled_up]
            where = [
                Condition(name, "!=", "x" if table.dimensions[name].kind == "string" else "1") for name in by
            ]
            yield from statements(manifest, Question(names, by, grain, DATES[table.grain], where), "bigquery")


def parameters(statement: Statement) -> dict[str, str]:
    return {
        name: "INT64" if isinstance(value, int) else "STRING"
        for name, value in statement.query.parameters.items()
    }


@pytest.mark.parametrize("grain", GRAINS)
def test_every_statement_is_googlesql_and_names_the_partitions_it_reads(
    grain: Grain, manifest: Mapping[str, Any], analyzer: Analyzer
) -> None:
    found = list(asked(manifest, grain))
    assert len(found) > 10
    problems = [(found.sql, analyzer.problems(found.sql, parameters(found))) for found in found]
    assert [(sql, told) for sql, told in problems if told] == []


@pytest.mark.parametrize(
    ("of_bigquery", "planted"),
    [
        ("isoweek", "isoweeks"),
        ("TIMESTAMP_TRUNC(event_date, isoweek)", "DATE_TRUNC('week', event_date)"),
        ("AS FLOAT64", "AS DOUBLE"),
        ("@filter_0", "$filter_0"),
        ("reached_apply", "reached_applies"),
        (">= date '2026-03-02'", "is not null"),
    ],
)
def test_a_planted_word_is_found(
    of_bigquery: str, planted: str, manifest: Mapping[str, Any], analyzer: Analyzer
) -> None:
    question = Question(
        ["search_to_apply_rate", "searches"],
        ["platform"],
        "week",
        WEEK,
        [Condition("surface", "=", "search")],
    )
    (found,) = statements(manifest, question, "bigquery")
    assert analyzer.problems(found.sql, parameters(found)) == []
    changed = found.sql.replace(of_bigquery, planted).replace("<= date '2026-03-08'", "is not null")
    assert analyzer.problems(changed, parameters(found)) != []
