"""The MCP server of docs/use-the-data.md, installed by uv in an environment of its own: `make test-mcp`."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.contracts.schemas import GOLD_SCHEMA
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.docs.published_folder import published_folder
from jobmatch_assets_tests.docs.test_use_the_data import server

pytestmark = pytest.mark.mcp


class Client:
    """Speaks JSON-RPC, a line a message, with a process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._number = 0

    def tell(self, method: str, **message: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", "method": method, **message}) + "\n")
        self._process.stdin.flush()

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self.tell(method, id=self._number, params=parameters)
        assert self._process.stdout
        for line in self._process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self._number:
                return dict(answer["result"])
        raise AssertionError(f"no answer to {method}")

    def query(self, sql: str) -> tuple[bool, str]:
        """Whether it failed, and what the server says."""
        answer = self.ask("tools/call", name="execute_query", arguments={"sql": sql})
        return bool(answer.get("isError")), answer["content"][0]["text"]


@pytest.fixture(scope="module")
def client(golden: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = published_folder(golden.settings.published_path, tmp_path_factory.mktemp("mcp"))
    command, arguments = server()
    assert command == "uvx"
    arguments[arguments.index("--db-path") + 1] = str(folder / "data" / "gold.duckdb")
    with subprocess.Popen(
        [Path(sys.executable).with_name(command), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        made = Client(process)
        made.ask(
            "initialize",
            protocolVersion="2025-03-26",
            capabilities={},
            clientInfo={"name": "test", "version": "0"},
        )
        made.tell("notifications/initialized")
        yield made
        assert process.stdin
        process.stdin.close()


def test_it_answers_from_gold(client: Client, golden: Workbench) -> None:
    failed, said = client.query(f"select count(*) as n from {GOLD_SCHEMA}.funnel_daily")
    ((count,),) = golden.query(f"select count(*) from {GOLD_SCHEMA}.funnel_daily")
    assert not failed
    assert json.loads(said)["rows"] == [[count]]


def test_it_gives_as_many_rows_as_the_page_says(client: Client) -> None:
    _, said = client.query("select * from range(1000)")
    assert len(json.loads(said)["rows"]) == 200


def test_it_stops_what_takes_too_long(client: Client) -> None:
    failed, said = client.query("select count(*) from range(100000000000), range(1000)")
    assert failed
    assert "timed out after 10 seconds" in said


@pytest.mark.parametrize(
    "sql",
    [
        f"delete from {GOLD_SCHEMA}.funnel_daily",
        "from read_csv('{folder}/secret.csv')",
        "copy (select 1) to '{folder}/written.csv'",
        "attach '{folder}/other.duckdb'",
        "set enable_external_access = true",
    ],
)
def test_it_changes_nothing_and_reaches_nothing_else(client: Client, tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("secret")
    failed, said = client.query(sql.replace("{folder}", str(tmp_path)))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
    assert failed
    assert any(
        word in said for word in ("read-only", "disabled by configuration", "Cannot enable external access")
    )
