"""JSON schemas that dbt validates its settings with, kept on disk.

dbt derives them from its classes in every process, which takes longer than all that they validate.
"""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jobmatch_assets.pipeline.steps.kept_under_key import KeptByName

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
        versions = " ".join(f"{name} {version(name)}" for name in _LIBRARIES)
        self._kept = KeptByName(folder / "kept_schemas.json", versions)

    def of(self, kind: type, derived: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The schema of a class.

        Args:
            kind: The class.
            derived: Derives it, where it is not kept.
        """
        found: Mapping[str, Any] = self._kept.of(f"{kind.__module__}.{kind.__qualname__}", derived)
        return found

    def keep(self) -> None:
        """Write what is new."""
        self._kept.keep()
