"""Entities that wait to be walked again, since a record of them is new, or gone."""

from collections.abc import Collection

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED
from jobmatch_assets.warehouse.port import Warehouse


class Touched:
    """The touched entities of a warehouse, by the requests that named them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def finish(self, requests: Collection[str]) -> None:
        """Forget the entities that these requests named: they have been walked."""
        if requests:
            self._warehouse.change(ENTITIES_TOUCHED, where={"request_id": requests})
