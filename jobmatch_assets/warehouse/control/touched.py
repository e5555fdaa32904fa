"""Entities that wait to be built again, since a record of them is new, or gone; and their tables."""

from collections.abc import Collection, Mapping

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED, TABLES_TOUCHED
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.port import Warehouse

_MOST_REQUESTS = 1_000_000


class Touched:
    """The touched entities of a warehouse, by the requests that named them."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

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

    def are_known(self, stage: str, requests: Collection[str], tables: Collection[str]) -> bool:
        """Whether the entities are known that these requests touch, for a stage that has not seen them yet.

        A version that forgot them once they were walked may have left the rest to this one.

        Args:
            stage: The stage.
            requests: The requests.
            tables: The tables of entities by which rows of it are replaced.
        """
        by_request = self.tables(stage)
        touching = {
            (request, table)
            for request in requests
            for table in by_request.get(request, ())
            if table in tables
        }
        if not touching:
            return True
        asked = f"select distinct request_id, entity_table from {BRONZE_SCHEMA}.{ENTITIES_TOUCHED.name}"
        known = self._warehouse.query(asked, _MOST_REQUESTS)
        return touching <= {(row["request_id"], row["entity_table"]) for row in known}

    def forget(self, requests: Collection[str], tables: Collection[str]) -> None:
        """Forget the entities of some tables that these requests named: nothing more is built by them."""
        if requests and tables:
            self._warehouse.change(ENTITIES_TOUCHED, where={"request_id": requests, "entity_table": tables})

    def finish(self, stage: str, requests: Collection[str]) -> None:
        """Forget what these requests touched: the stage has built it; entities, when all stages have."""
        if not requests:
            return
        self._warehouse.change(TABLES_TOUCHED, where={"stage": stage, "request_id": requests})
        waiting = {row["request_id"] for row in self._warehouse.records(TABLES_TOUCHED)}
        if done := set(requests) - waiting:
            self._warehouse.change(ENTITIES_TOUCHED, where={"request_id": sorted(done)})
