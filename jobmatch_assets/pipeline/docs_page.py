"""dbt's documentation as one page: tables, columns, tests, SQL and the graph. It holds no row of any table.

Columns and types are those of the contracts, which dbt enforces: the page follows from the manifest alone,
the warehouse is not asked, and nothing is billed.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jobmatch_assets.contracts.column import TYPES, TypeNames
from jobmatch_assets.dashboards.registry import DOCS
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.pipeline.plan import Plan
from jobmatch_assets.pipeline.steps.dbt_runner import DbtProject
from jobmatch_assets.pipeline.table_columns import columns_of
from jobmatch_assets.whole_files import write_whole

_MANIFEST, _CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
# What a browser loads before the page's program has put a name there, or where usage is told to dbt's makers.
_NOT_LOADED = {
    'xlink:href="{{': 'ng-attr-xlink:href="{{',
    ' src="{{': ' ng-src="{{',
    "//d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js": "data:,",
    """href="${require('./assets/favicons/favicon.ico')}\"""": 'href="data:,"',
}
# What differs from one parse, or build, to the next, or tells where files lie.
_PASSING = frozenset(
    {
        *("created_at", "build_path", "root_path", "compiled", "compiled_path", "compiled_code"),
        *("extra_ctes", "extra_ctes_injected", "deferred"),
        *("generated_at", "invocation_id", "invocation_started_at", "run_started_at", "env", "user_id"),
    }
)


class DocsPageError(PlatformError):
    """The page cannot be made or written; the message says why and what to do."""


def write_docs_page(dbt: DbtProject, plan: Plan, folder: Path) -> bool:
    """Write the page where the one that is there, if any, is of another project.

    Args:
        dbt: The project.
        plan: The tables.
        folder: Where pages lie; it is made.

    Returns:
        Whether it was written.

    Raises:
        DbtError: dbt does not start.
        DocsPageError: dbt's page is not as it was, or the file cannot be written.
    """
    page = folder / DOCS
    mark = _mark(dbt)
    try:
        if _ends_with(page, mark):
            return False
        content = _content(dbt.manifest, plan) + mark
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(page, content)
    except OSError as error:
        raise DocsPageError(
            f"The page of the documentation cannot be written to {page}: {error.strerror or error}. "
            "Make room, or make the folder writable; the next run writes it."
        ) from None
    return True


def _mark(dbt: DbtProject) -> bytes:
    """The last line of a page that was made of this project."""
    return f"\n<!-- made of {dbt.key} -->\n".encode()


def _content(manifest: Mapping[str, Any], plan: Plan) -> bytes:
    """The page.

    Raises:
        OSError: dbt's own page cannot be read.
        DocsPageError: It is not as it was.
    """
    template = template_file().read_text(encoding="utf-8")
    catalog = _catalog(manifest, plan, str(manifest["metadata"]["adapter_type"]))
    return _filled(template, _lasting(manifest), catalog).encode()


def template_file() -> Path:
    """The page that dbt carries, without data: what `dbt docs generate` copies."""
    from dbt.task.docs import DOCS_INDEX_FILE_PATH

    return Path(DOCS_INDEX_FILE_PATH)


def _filled(template: str, manifest: Mapping[str, Any], catalog: Mapping[str, Any]) -> str:
    for early, later in _NOT_LOADED.items():
        template = template.replace(early, later)
    for place, data in ((_MANIFEST, manifest), (_CATALOG, catalog)):
        if template.count(place) != 1:
            raise DocsPageError(
                f"dbt's documentation page has no place for its data ({place}): this version of dbt is not "
                "the one that jobmatch was tested with. Install the versions of requirements.lock."
            )
        template = template.replace(place, json.dumps(data).replace("<", "\\u003c"))
    return template


def _catalog(manifest: Mapping[str, Any], plan: Plan, target: str) -> dict[str, Any]:
    """What dbt would have asked the warehouse for."""
    found: dict[str, dict[str, Any]] = {"nodes": {}, "sources": {}}
    spelled = TypeNames._fields.index(target)
    for table in plan.tables.values():
        kind = "sources" if table.unique_id in manifest["sources"] else "nodes"
        node = manifest[kind][table.unique_id]
        names = {"schema": node["schema"], "name": node["name"], "database": node["database"]}
        found[kind][table.unique_id] = {
            "unique_id": table.unique_id,
            "metadata": {"type": "table", "owner": None, "comment": node["description"], **names},
            "columns": {
                column.name: {
                    "name": column.name,
                    "type": TYPES[column.type][spelled],
                    "index": number,
                    "comment": column.description,
                }
                for number, column in enumerate(columns_of(table.contract, manifest), 1)
            },
            "stats": {},
        }
    return {"metadata": {}, **found, "errors": None}


def _lasting(value: Any) -> Any:
    """The manifest as JSON has it, without what passes."""
    if isinstance(value, Mapping):
        return {str(name): _lasting(held) for name, held in value.items() if name not in _PASSING}
    if isinstance(value, list | tuple):
        return [_lasting(held) for held in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _ends_with(page: Path, mark: bytes) -> bool:
    try:
        with page.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - len(mark)))
            return file.read() == mark
    except FileNotFoundError:
        return False
