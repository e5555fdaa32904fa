"""What was sent to BigQuery, job by job, and what the analyzer says of it."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jobmatch_assets_tests.bench.cloud import EMULATORS, PROJECT, PYTHON


@dataclass(frozen=True)
class Job:
    """A query or load job as it was sent.

    Attributes:
        sql: The statement; empty for a load job.
        parameters: {name: type} of its parameters.
        labels: Its labels.
        maximum_bytes_billed: Its limit, None where it has none.
        job_id: The name that the sender gave it.
        loads_into: The table that a load job appends to, as dataset.table.
        disposition: What a load job does with rows that are there.
    """

    sql: str
    parameters: dict[str, str]
    labels: dict[str, str]
    maximum_bytes_billed: int | None
    job_id: str | None
    loads_into: str | None
    disposition: str | None

    @property
    def is_load(self) -> bool:
        return self.loads_into is not None


def jobs(requests: Sequence[dict[str, Any]]) -> list[Job]:
    """The query and load jobs among the requests."""
    return [job for request in requests if (job := _job(request)) is not None]


class Analyzer:
    """The analyzer process of `analyzing`; tables of earlier statements are known to later ones."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def add(self, name: str, columns: dict[str, str], partition_column: str | None = None) -> None:
        """Make a table known; the name is dataset.table."""
        self._ask({"table": {"name": name, "columns": columns, "partition_column": partition_column}})

    def problems(self, sql: str, parameters: dict[str, str] | None = None) -> list[str]:
        """Why BigQuery would refuse a statement, and which tables it reads without a partition filter."""
        return self._ask({"sql": sql, "parameters": parameters or {}})

    def replay(self, requests: Sequence[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
        """Every statement that was sent, in order, with its problems."""
        for request in requests:
            if table := _created_table(request):
                self.add(*table)
            elif (job := _job(request)) and not job.is_load:
                yield job.sql, self.problems(job.sql, job.parameters)

    def _ask(self, question: dict[str, Any]) -> list[str]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: list[str] = json.loads(self._process.stdout.readline())
        return answer


@contextmanager
def analyzing() -> Iterator[Analyzer]:
    """An analyzer that knows no table, for the time of the block."""
    with subprocess.Popen(
        [PYTHON, EMULATORS / "analyze.py", "--project", PROJECT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "\n", "the analyzer did not start"
        yield Analyzer(process)
        process.stdin.close()


def _job(request: dict[str, Any]) -> Job | None:
    body = request["body"]
    if not isinstance(body, dict):
        return None
    if request["path"].endswith("/queries"):
        configuration, query = body, body
    else:
        configuration = body.get("configuration", {})
        query = configuration.get("query", {})
    load = configuration.get("load") or {}
    if not (query or load):
        return None
    billed = query.get("maximumBytesBilled")
    into = load.get("destinationTable")
    return Job(
        sql=query.get("query", ""),
        parameters={
            parameter["name"]: _spelled(parameter["parameterType"])
            for parameter in query.get("queryParameters", [])
        },
        labels=configuration.get("labels", {}),
        maximum_bytes_billed=int(billed) if billed else None,
        job_id=body.get("jobReference", {}).get("jobId"),
        loads_into=f"{into['datasetId']}.{into['tableId']}" if into else None,
        disposition=load.get("writeDisposition"),
    )


def _created_table(request: dict[str, Any]) -> tuple[str, dict[str, str], str | None] | None:
    if not request["path"].endswith("/tables"):
        return None
    body = request["body"]
    reference = body["tableReference"]
    partitioning = body.get("timePartitioning")
    return (
        f"{reference['datasetId']}.{reference['tableId']}",
        {field["name"]: field["type"] for field in body["schema"]["fields"]},
        partitioning["field"] if partitioning and body.get("requirePartitionFilter") else None,
    )


def _spelled(kind: dict[str, Any]) -> str:
    if kind["type"] == "ARRAY":
        return f"ARRAY<{_spelled(kind['arrayType'])}>"
    if kind["type"] == "STRUCT":
        fields = (f"{field['name']} {_spelled(field['type'])}" for field in kind["structTypes"])
        return f"STRUCT<{', '.join(fields)}>"
    return str(kind["type"])
