"""Models whose SQL is known to give the columns of their contract, kept on disk beside the manifest.

dbt asks the engine for it whenever it builds a model, which plans every query twice. The answer follows from
the project and the engine alone, so that one is enough for as long as these stay the same.
"""

from collections.abc import Collection
from pathlib import Path

from jobmatch_assets.pipeline.steps.kept_under_key import keep, read_kept


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
        kept = read_kept(self._file, key)
        self._models: set[str] = set(kept) if isinstance(kept, list) else set()

    @property
    def models(self) -> list[str]:
        """Their names."""
        return sorted(self._models)

    def add(self, models: Collection[str]) -> None:
        """Keep these, too."""
        if self._models.issuperset(models):
            return
        self._models.update(models)
        keep(self._file, self._key, self.models)
