"""Column schemas of tables that no dbt model describes, as the Dagster UI shows them."""

from collections.abc import Iterable
from typing import Protocol

import dagster as dg


class Column(Protocol):
    """A column as the contracts have it."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def type(self) -> str:
        """Its engine-neutral type."""

    @property
    def description(self) -> str:
        """Its meaning."""

    @property
    def nullable(self) -> bool:
        """Whether it may be NULL."""


def column_schema(columns: Iterable[Column]) -> dg.TableSchema:
    """The schema for an asset's metadata."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in columns
        ]
    )
