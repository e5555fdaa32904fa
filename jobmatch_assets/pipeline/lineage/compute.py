"""Tracing the models that have changed, each in a process that is ended where it takes too long."""

import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobmatch_assets.contracts.column import TYPES
from jobmatch_assets.contracts.registry import is_table, table_named
from jobmatch_assets.pipeline.lineage import trace as program
from jobmatch_assets.pipeline.lineage.record import checksum, models, read_record, record_path, write_record
from jobmatch_assets.pipeline.lineage.trace import Question
from jobmatch_assets.pipeline.plan import table_of
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.settings import SETTINGS, Settings

SECONDS_A_MODEL = 60
"""How long a model may take; the longest takes three."""

_DIALECT = "duckdb"
_log = logging.getLogger(__name__)


def renew_record(path: Path | None = None, seconds: float = SECONDS_A_MODEL) -> list[str]:
    """Trace the models that are not in the file as they are, and write it.

    It is their SQL for DuckDB: that of BigQuery is made from the same columns.

    Returns:
        The models that were traced.

    Raises:
        DbtError: dbt cannot compile the project.
    """
    path = path or record_path()
    with tempfile.TemporaryDirectory() as folder:
        project = DbtProject(
            Settings.from_environment(
                {
                    SETTINGS["target"].variable: _DIALECT,
                    SETTINGS["duckdb_path"].variable: f"{folder}/lineage.duckdb",
                }
            )
        )
        manifest, before = project.manifest, read_record(path)
        sums = {node["name"]: checksum(manifest, unique_id) for unique_id, node in models(manifest)}
        changed = [name for name in sums if before.get(name, {}).get("checksum") != sums[name]]
        compiled = project.compile_all(changed) if changed else {}
    found = {node["name"]: node for _, node in models(manifest)}
    record = {name: before[name] for name in sums if name not in changed}
    for name in changed:
        record[name] = {"checksum": sums[name], **_traced(manifest, found[name], compiled[name], seconds)}
    write_record(path, record)
    return changed


def _traced(manifest: Mapping[str, Any], node: Mapping[str, Any], sql: str, seconds: float) -> dict[str, Any]:
    """The origins of a model's columns, or why there are none."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    parents = {nodes[parent]["relation_name"]: nodes[parent] for parent in node["depends_on"]["nodes"]}
    schema = {name: _types(manifest, parent) for name, parent in parents.items()}
    question = Question(sql, _DIALECT, {name: types for name, types in schema.items() if types})
    try:
        told = subprocess.run(  # noqa: S603
            [sys.executable, "-m", program.__name__],
            input=question.as_json(), capture_output=True, text=True, timeout=seconds, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        problem = f"sqlglot takes longer than {seconds:g} s"
    except subprocess.CalledProcessError as error:
        problem = (error.stderr.strip().splitlines() or [f"sqlglot ended with {error.returncode}"])[-1]
    else:
        origins = json.loads(told.stdout)
        return {
            "columns": {
                column: sorted(f"{table_of(parents[table])}.{origin}" for table, origin in found)
                for column, found in origins.items()
                if column in node["columns"]
            }
        }
    _log.warning(
        "The columns of %s cannot be traced, and its lineage is not shown: %s", node["name"], problem
    )
    return {"problem": problem}


def _types(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, str]:
    """{column of a table: its type}; nothing of what has no contract."""
    if not is_table(node["name"]):
        return {}
    return {
        column.name: getattr(TYPES[column.type], _DIALECT)
        for column in columns_of(table_named(node["name"]), manifest)
    }
