"""The file that column lineage is kept in, and which of it holds for the models as they are.

It comes with the dbt project, so that nothing is computed where the platform runs. `make lineage` writes it.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.settings.locations import shipped

Lineage = Mapping[str, Sequence[tuple[TableKey, str]]]
"""{column of a model: the columns of its parents that it is made of}."""

_log = logging.getLogger(__name__)


def record_path() -> Path:
    """Where it lies."""
    return shipped("dbt_project") / "column_lineage.json"


def read_record(path: Path) -> dict[str, Any]:
    """{model: the checksum of what was traced, and its columns with their origins, or why there are none}."""
    if not path.exists():
        return {}
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return record


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Replace the file; the same record gives the same bytes."""
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def column_lineage(manifest: Mapping[str, Any], path: Path | None = None) -> dict[str, Lineage]:
    """{model: its lineage}; one that was changed since, or never traced, is left out, and the log says so."""
    record = read_record(path or record_path())
    found: dict[str, Lineage] = {}
    unknown = []
    for unique_id, node in models(manifest):
        entry = record.get(node["name"], {})
        if entry.get("checksum") != checksum(manifest, unique_id):
            unknown.append(node["name"])
        elif "columns" in entry:
            found[node["name"]] = {
                column: [_column(origin) for origin in origins]
                for column, origins in entry["columns"].items()
            }
    if unknown:
        _log.info(
            "Column lineage is not shown of %s: their SQL, or a column, is another than when it was traced. "
            "`make lineage` traces them again.",
            ", ".join(sorted(unknown)),
        )
    return found


def _column(text: str) -> tuple[TableKey, str]:
    table, _, column = text.rpartition(".")
    return TableKey.of(table), column


def models(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All models, by dbt's name of them."""
    return ((key, node) for key, node in manifest["nodes"].items() if node["resource_type"] == "model")


def checksum(manifest: Mapping[str, Any], unique_id: str) -> str:
    """Of all that a model's lineage follows from: SQL, macros, columns, those of its parents.

    It is the same on both engines: which macros a model uses is not, so that all of the project count.
    """
    node = manifest["nodes"][unique_id]
    nodes = {**manifest["nodes"], **manifest["sources"]}
    parents = {parent: list(nodes[parent]["columns"]) for parent in node["depends_on"]["nodes"]}
    # What dbt knows no columns of, the ledger for example, is read on one engine only.
    parents = {parent: columns for parent, columns in parents.items() if columns}
    macros = {
        name: macro["macro_sql"]
        for name, macro in manifest["macros"].items()
        if macro["package_name"] == node["package_name"] and not macro["name"].startswith("test_")
    }
    told = [node["raw_code"], list(node["columns"]), parents, macros]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
