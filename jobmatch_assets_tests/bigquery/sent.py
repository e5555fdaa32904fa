"""What was sent to BigQuery, statement by statement, and what the analyzer says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_assets_tests.bigquery.googlesql import Analyzer, Table


@dataclass(frozen=True)
class Statement:
    """A query job as it was sent.

    Attributes:
        sql: Its text.
        parameters: {name: type} of its parameters.
        labels: Its labels.
        maximum_bytes_billed: Its limit, None where it has none.
        is_dry: Whether it was only to be checked.
    """

    sql: str
    parameters: dict[str, str]
    labels: dict[str, str]
    maximum_bytes_billed: int | None
    is_dry: bool


def statements(requests: Sequence[dict[str, Any]]) -> list[Statement]:
    """The query jobs among the requests."""
    return [statement for request in requests if (statement := _statement(request)) is not None]


def replay(requests: Sequence[dict[str, Any]], project: str) -> Iterator[tuple[str, list[str]]]:
    """Every statement with its problems; tables are known from when they were created."""
    analyzer = Analyzer(project)
    for request in requests:
        if table := _created_table(request):
            analyzer.add(table)
        elif statement := _statement(request):
            yield statement.sql, analyzer.problems(statement.sql, statement.parameters)


def _statement(request: dict[str, Any]) -> Statement | None:
    body = request["body"]
    if not isinstance(body, dict):
        return None
    if request["path"].endswith("/queries"):
        configuration, query = body, body
    else:
        configuration = body.get("configuration", {})
        query = configuration.get("query")
    if not query:
        return None
    billed = query.get("maximumBytesBilled")
    return Statement(
        sql=query["query"],
        parameters={
            parameter["name"]: _spelled(parameter["parameterType"])
            for parameter in query.get("queryParameters", [])
        },
        labels=configuration.get("labels", {}),
        maximum_bytes_billed=int(billed) if billed else None,
        is_dry=bool(configuration.get("dryRun")),
    )


def _created_table(request: dict[str, Any]) -> Table | None:
    if not request["path"].endswith("/tables"):
        return None
    body = request["body"]
    reference = body["tableReference"]
    return Table(
        f"{reference['datasetId']}.{reference['tableId']}",
        {field["name"]: field["type"] for field in body["schema"]["fields"]},
        body.get("timePartitioning", {}).get("field"),
    )


def _spelled(kind: dict[str, Any]) -> str:
    if kind["type"] == "ARRAY":
        return f"ARRAY<{_spelled(kind['arrayType'])}>"
    if kind["type"] == "STRUCT":
        fields = (f"{field['name']} {_spelled(field['type'])}" for field in kind["structTypes"])
        return f"STRUCT<{', '.join(fields)}>"
    return str(kind["type"])
