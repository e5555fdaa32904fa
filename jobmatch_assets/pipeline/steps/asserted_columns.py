"""Models whose SQL is known to give the columns of their contract, kept on disk beside the manifest.

dbt asks the engine for it whenever it builds a model, which plans every query twice. The answer follows from
the project and the engine alone, so that one is enough for as long as these stay the same.
"""

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from jobmatch_assets.whole_files import write_whole


class AssertedColumns:
    """The models that dbt has found to be as their contracts say.

    A file that cannot be read holds none, and one that cannot be written is left out: then dbt asks again.
    """

    def __init__(self, folder: Path, key: str) -> None:
        """Read what is kept.

        Args:
            folder: Where it is kept.
            key: Names everything that the columns of models follow from; under another one, none is known.
        """
        self._file = folder / "asserted_columns.json"
        self._key = key
        self._models: set[str] = set()
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._file.read_bytes())
            if kept["key"] == key:
                self._models = set(kept["models"])

    @property
    def models(self) -> list[str]:
        """Their names."""
        return sorted(self._models)

    def add(self, models: Collection[str]) -> None:
        """Keep these, too."""
        if self._models.issuperset(models):
            return
        self._models.update(models)
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps({"key": self._key, "models": self.models}).encode())
