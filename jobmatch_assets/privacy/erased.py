"""Who was erased, as the warehouse keeps it: digests, and no id."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict

from jobmatch_assets.contracts.control_tables import ERASED
from jobmatch_assets.privacy.lines import Eraser
from jobmatch_assets.privacy.pseudonyms import ErasedId, Pseudonyms, checked_key, mark_of
from jobmatch_assets.warehouse.port import Warehouse

_FIELDS = tuple(ErasedId.__dataclass_fields__)


class Erased:
    """The erased ids of a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def ids(self) -> list[ErasedId]:
        """All of them, and the mark of the key that they were erased with."""
        return [ErasedId(*(row[name] for name in _FIELDS)) for row in self._warehouse.records(ERASED)]

    def eraser(self, key: str) -> Eraser | None:
        """What takes them out of lines; None where nobody was erased.

        Raises:
            ErasureKeyError: The key is not the one that they were erased with.
        """
        ids = self.ids()
        return Eraser(Pseudonyms(checked_key(key, ids), ids)) if ids else None

    def add(self, key: str, ids: Collection[ErasedId], now: dt.datetime) -> None:
        """Keep that these are erased, beside those that are."""
        known = set(self.ids())
        new = sorted({*ids, mark_of(key)} - known)
        if new:
            self._warehouse.change(ERASED, add=[{**asdict(id_), "erased_at": now} for id_ in new])
