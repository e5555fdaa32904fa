"""JSON schemas that dbt validates its settings with, kept on disk.

dbt derives them from its classes in every process, which takes longer than all that they validate.
"""

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jobmatch_assets.pipeline.steps.kept_under_key import keep, read_kept

_LIBRARIES = (
    *("dbt-core", "dbt-common", "dbt-adapters", "dbt-duckdb", "dbt-bigquery", "dbt-semantic-interfaces"),
    "mashumaro",
)


class KeptSchemas:
    """Schemas by the class that they are of; those of other versions of the libraries are not used.

    A file that cannot be read holds none, and one that cannot be written is left out.
    """

    def __init__(self, folder: Path) -> None:
        """Read what is kept in a folder."""
        self._file = folder / "kept_schemas.json"
        self._key = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
        kept = read_kept(self._file, self._key)
        self._kept: dict[str, Mapping[str, Any]] = kept if isinstance(kept, dict) else {}
        self._is_changed = False

    def of(self, kind: type, derived: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The schema of a class.

        Args:
            kind: The class.
            derived: Derives it, where it is not kept.
        """
        name = f"{kind.__module__}.{kind.__qualname__}"
        if name not in self._kept:
            schema = derived()
            if not _is_json(schema):
                return schema
            self._kept[name] = schema
            self._is_changed = True
        return self._kept[name]

    def keep(self) -> None:
        """Write what is new."""
        if self._is_changed:
            keep(self._file, self._key, self._kept)
            self._is_changed = False


def _is_json(schema: Mapping[str, Any]) -> bool:
    """Whether it is the same when it is read again."""
    try:
        return bool(json.loads(json.dumps(schema)) == schema)
    except (TypeError, ValueError):
        return False
