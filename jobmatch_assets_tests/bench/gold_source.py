"""Gold that was never built: tables as a test writes them, in the place of a warehouse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import cast

import duckdb

from jobmatch_assets.warehouse.duckdb.gaps import leave_gaps
from jobmatch_assets.warehouse.port import ReadableGold, Warehouse


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
    def readable_gold(self) -> Iterator[ReadableGold]:
        with duckdb.connect() as connection:
            # As where the machine has another zone.
            connection.execute("set global timezone = 'America/New_York'; set timezone = 'UTC'")
            leave_gaps(connection)
            yield ReadableGold(connection, lambda _, table: nullcontext(f"({self.queries[table]})"))


def gold_source(**queries: str) -> Warehouse:
    """A warehouse whose gold are these queries."""
    return cast("Warehouse", GoldSource(queries))
