"""BigQuery and Cloud Storage on the loopback interface, for tests.

Runs in an environment of its own (requirements.lock beside this file; see the Makefile), since the emulator of
BigQuery needs Python 3.13. Serves until its standard input closes. Prints one JSON line when it is ready:
the base URLs of the two.

Two things are added to the emulator. Every request is written to a log before it is served, so that tests look
at what was really sent; and answers can be spoiled on demand (POST /-/faults), as a network does.
"""

import argparse
import gzip
import json
import os
import re
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

HOST = "127.0.0.1"


@dataclass
class Fault:
    """An answer to spoil.

    Attributes:
        method: HTTP method of the request.
        path: Pattern that its path matches somewhere.
        body: Pattern that its body matches somewhere.
        status: Status of the answer given instead.
        reason: BigQuery's word for it.
        message: What the answer says.
        after: Serve the request first, so that only its answer is lost.
        times: How often.
    """

    method: str
    path: str
    body: str = ""
    status: int = 503
    reason: str = "backendError"
    message: str = "spoiled by the test"
    after: bool = False
    times: int = 1

    def meets(self, method: str, path: str, body: str) -> bool:
        return (
            self.times > 0
            and method == self.method
            and re.search(self.path, path) is not None
            and re.search(self.body, body) is not None
        )

    def answer(self) -> bytes:
        error = {"reason": self.reason, "message": self.message}
        return json.dumps(
            {"error": {"code": self.status, "message": self.message, "errors": [error]}}
        ).encode()


class Watched:
    """The emulator's ASGI application behind a log and a list of faults."""

    def __init__(self, app: Any, log: Path) -> None:
        self._app = app
        self._log = log
        self._faults: list[Fault] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raw, again = await _whole_body(receive)
        method, path = scope["method"], scope["path"]
        if path == "/-/faults":
            self._faults = [Fault(**fault) for fault in json.loads(raw)]
            await _respond(send, 200, b"{}")
            return
        packed = dict(scope["headers"]).get(b"content-encoding") == b"gzip"
        body = (gzip.decompress(raw) if packed else raw).decode("utf-8", "replace")
        self._write(method, path, parse_qs(scope["query_string"].decode()), body)
        fault = next((fault for fault in self._faults if fault.meets(method, path, body)), None)
        if fault is None:
            await self._app(scope, again, send)
            return
        fault.times -= 1
        if fault.after:
            await self._app(scope, again, _swallow)
        await _respond(send, fault.status, fault.answer())

    def _write(self, method: str, path: str, query: dict[str, list[str]], body: str) -> None:
        if method != "POST":
            return
        try:
            content = json.loads(body)
        except ValueError:
            content = None  # the bytes of an upload
        with self._log.open("a") as log:
            log.write(json.dumps({"path": path, "query": query, "body": content}) + "\n")


async def _whole_body(receive: Any) -> tuple[bytes, Any]:
    """The body, and a `receive` that gives it once more."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    left = [{"type": "http.request", "body": body}]

    async def again() -> Any:
        return left.pop() if left else await receive()

    return body, again


async def _respond(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _swallow(_message: Any) -> None:
    pass


def _report_table_of_create_as(runner: Any) -> None:
    """BigQuery names the new table as the destination of a CREATE TABLE AS; the emulator does not."""
    query = runner._query

    def reporting(job: Any, session: Any, running: Any) -> Any:
        result = query(job, session, running)
        if result.query.statementType == "CREATE_TABLE_AS_SELECT":
            job.configuration.query.destinationTable = result.query.ddlTargetTable
        return result

    runner._query = reporting


def _bill(runner: Any) -> None:
    """Every query is billed the least that BigQuery bills, and every job takes a quarter of a slot second."""
    done = runner._done
    runner.QUERY_STATISTICS["totalBytesBilled"] = str(10 * 2**20)
    runner.QUERY_STATISTICS["totalSlotMs"] = "250"

    def billing(*arguments: Any, **options: Any) -> Any:
        job = done(*arguments, **options)
        return job.replace(statistics=job.statistics.replace(totalSlotMs="250"))

    runner._done = billing


def _remove_several_paths(database: Any) -> None:
    """JSON_REMOVE takes any number of paths; the emulator's takes one."""
    overloads = []
    body = "j"
    for count in range(1, 50):
        body = f"bq.main._json_put({body}, p{count}, 'null'::JSON)"
        paths = ", ".join(f"p{number}" for number in range(1, count + 1))
        overloads.append(f"(j, {paths}) AS {body}")
    database.execute("CREATE OR REPLACE MACRO bq.main.json_remove" + ", ".join(overloads))


def _parse_strictly(database: Any) -> None:
    """PARSE_JSON refuses what is not JSON; DuckDB's parser lets trailing commas and NaN pass."""

    def is_json(text: str) -> bool:
        try:
            json.loads(text, parse_constant=_refuse)
        except ValueError:
            return False
        return True

    connection = database.connection()
    connection.create_function("is_json", is_json, ["VARCHAR"], "BOOLEAN")
    parsed = "CASE WHEN s IS NULL OR is_json(s) THEN json(s) ELSE _raise('Invalid input to PARSE_JSON') END"
    database.execute(f"CREATE OR REPLACE MACRO bq.main.parse_json(s) AS {parsed}, (s, mode) AS {parsed}")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _merge_as_a_whole(query: Any, rules: Any) -> None:
    """The emulator splits a MERGE, and stumbles over the parts: SAFE functions that it writes as SQL again,
    and scans of the target that lack the partition filter of the whole.
    """
    import sqlglot
    from local_bigquery.sql.dialect import BigQueryDialect
    from local_bigquery.sql.translate import translate
    from sqlglot import exp

    run, check = query.merge.run, rules._check
    table = "__merge_query"
    parts = threading.local()

    def checking(*arguments: Any) -> None:
        if not getattr(parts, "run", False):
            check(*arguments)

    def running(cursor: Any, tree: Any, context: Any) -> Any:
        source = tree.args["using"]
        if isinstance(source, exp.Subquery):
            create = sqlglot.parse_one(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT 1", dialect=BigQueryDialect
            )
            create.set("expression", source.this)
            cursor.execute(*translate(create, context))
            tree = tree.copy()
            tree.set("using", exp.alias_(exp.to_table(table), source.alias, table=True))
        parts.run = True
        try:
            return run(cursor, tree, context)
        finally:
            parts.run = False

    query.merge.run, rules._check = running, checking


def _serve_bigquery(folder: Path, project: str) -> str:
    import uvicorn
    from duckdb_extensions import import_extension
    from local_bigquery.app import app
    from local_bigquery.engine import database
    from local_bigquery.jobs import query, runner
    from local_bigquery.settings import settings
    from local_bigquery.sql.rules import tables

    for extension in ("ducklake", "icu", "spatial"):
        import_extension(extension)  # the emulator would download them
    settings.data_dir = folder / "bigquery"
    settings.default_project_id = project
    _report_table_of_create_as(runner)
    _bill(runner)
    _remove_several_paths(database)
    _parse_strictly(database)
    _merge_as_a_whole(query, tables)
    watched = Watched(app, folder / "requests.jsonl")
    server = uvicorn.Server(uvicorn.Config(watched, host=HOST, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    return f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}"


def _serve_storage() -> str:
    from gcp_storage_emulator.server import create_server

    server = create_server(HOST, 0, in_memory=True)
    server.start()
    return f"http://{HOST}:{server._api._httpd.server_address[1]}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True, help="where data and requests.jsonl go")
    parser.add_argument("--project", required=True)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    addresses = {
        "bigquery": _serve_bigquery(arguments.folder, arguments.project),
        "storage": _serve_storage(),
    }
    print(json.dumps(addresses), flush=True)
    sys.stdin.read()
    os._exit(0)  # the servers' threads never end


if __name__ == "__main__":
    main()
