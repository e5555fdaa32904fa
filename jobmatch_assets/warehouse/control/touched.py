"""Entities that wait to be walked again, since a record of them is new, or gone; and their tables."""

from collections.abc import Collection, Mapping

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED, TABLES_TOUCHED
from jobmatch_assets.warehouse.port import Warehouse


class Touched:
    """The touched entities of a warehouse, by the requests that named them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def finish(self, requests: Collection[str]) -> None:
        """Forget the entities that these requests named: they have been walked."""
        if requests:
            self._warehouse.change(ENTITIES_TOUCHED, where={"request_id": requests})

    def tables(self, stage: str) -> Mapping[str, Collection[str]]:
        """{request: the tables of entities that it touches}, of those that a stage has not seen yet."""
        found: dict[str, set[str]] = {}
        for row in self._warehouse.records(TABLES_TOUCHED, stage=stage):
            found.setdefault(str(row["request_id"]), set()).add(str(row["entity_table"]))
        return found

    def add_table(self, stage: str, request: str, entity_table: str) -> None:
        """Note that a request touches a table of entities, for a stage that builds what reads it later."""
        row = {"stage": stage, "request_id": request, "entity_table": entity_table}
        self._warehouse.change(TABLES_TOUCHED, where=row, add=[row])

    def finish_tables(self, stage: str, requests: Collection[str]) -> None:
        """Forget the tables that these requests touched: what a stage makes of them is built."""
        if requests:
            self._warehouse.change(TABLES_TOUCHED, where={"stage": stage, "request_id": requests})
