"""What happens in the copy of the project that `new_feed.py` makes: what it asks for by lines of JSON is answered so."""

import datetime as dt
import json
import os
import sys
from typing import Any

import dagster as dg
from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets.contracts.keys import CheckKey, TableKey
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.orchestration.sensors.new_files import Watcher
from jobmatch_assets.pipeline.data_checks import run_data_checks
from jobmatch_assets.pipeline.pages import LAYER as PAGES
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings


def command(_: Settings, *arguments: str) -> str:
    """What `jobmatch` prints; it must end well."""
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, (arguments, done.output)
    return done.stdout


def graph(settings: Settings) -> dict[str, Any]:
    """{asset: its partitions, what it is made of, its checks}."""
    found = build_definitions(settings).resolve_asset_graph()
    checks: dict[str, list[str]] = {}
    for check in found.asset_check_keys:
        checks.setdefault(check.asset_key.to_user_string(), []).append(check.name)
    return {
        key.to_user_string(): {
            "partitions": type(found.get(key).partitions_def).__name__,
            "parents": sorted(parent.to_user_string() for parent in found.get(key).parent_keys),
            "checks": sorted(checks.get(key.to_user_string(), [])),
        }
        for key in found.materializable_asset_keys
    }


def tick(settings: Settings) -> dict[str, Any]:
    """One tick of the sensor, and the run that it asks for: {table: partitions that were built}."""
    definitions = build_definitions(settings)
    with dg.DagsterInstance.get() as instance:
        found = Watcher(Platform.of(settings), watch_seconds=0).tick(instance, None)
        assert found.run_requests, found.skip_reason
        result = definitions.resolve_job_def(PROCESS_NEW_FILES).execute_in_process(instance=instance)
    built: dict[str, list[str]] = {}
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and event.asset_key.path[0] != PAGES:
            built.setdefault(event.asset_key.to_user_string(), []).append(str(event.partition))
    return {table: sorted(partitions) for table, partitions in built.items()}


def contract(settings: Settings) -> dict[str, Any]:
    """What the contracts of two tables find after a row of each was spoiled."""
    days = [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    keys = [CheckKey(TableKey("gold", name), "matches_contract") for name in ("notes_daily", "note_authors")]
    with Platform.of(settings).open() as session:
        outcomes = run_data_checks(session, keys, days)
    return {outcome.key.table.name: outcome.description for outcome in outcomes}


def answer() -> None:
    """Answer line by line; whatever else prints something prints it to stderr."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        for line in sys.stdin:
            what, *arguments = json.loads(line)
            found = {"command": command, "graph": graph, "tick": tick, "contract": contract}[what]
            print(json.dumps(found(Settings.from_environment(), *arguments)), file=answers, flush=True)


if __name__ == "__main__":
    answer()
