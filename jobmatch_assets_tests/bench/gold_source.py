"""Gold that was never built: tables as a test writes them, in the place of a warehouse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.warehouse.port import Warehouse


class GoldSource:
    """What publication asks of a warehouse.

    Attributes:
        queries: {table: the query with its rows}.
    """

    def __init__(self, queries: Mapping[str, str]) -> None:
        self.queries = dict(queries)

    def gold_tables(self) -> list[str]:
        return sorted(self.queries)

    @contextmanager
    def batches(self, table: TableKey) -> Iterator[pa.RecordBatchReader]:
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            yield connection.execute(self.queries[table.name]).to_arrow_reader()


def gold_source(**queries: str) -> Warehouse:
    """A warehouse whose gold are these queries."""
    return cast("Warehouse", GoldSource(queries))
