"""A gold table as questions see it: its date, its dimensions, and which rows it holds of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobmatch_assets.contracts.clock import Unit

Kind = Literal["string", "integer"]

_KINDS: Mapping[str, Kind] = {"string": "string", "bigint": "integer"}
_DATE = "on_date"


@dataclass(frozen=True)
class Dimension:
    """A column that numbers can be split by.

    Attributes:
        column: Its name in the table.
        path: Its name in MetricFlow.
        kind: What it holds.
    """

    column: str
    path: str
    kind: Kind


@dataclass(frozen=True)
class SemanticTable:
    """A semantic model of dbt.

    Attributes:
        name: The gold table.
        grain: What a row's date stands for: a day, a week by its Monday, or a month by its first.
        date_path: The name of the date in MetricFlow, as a column that is compared as it stands.
        dimensions: {column: dimension}.
        rows: The sets of dimensions by which it has rows; in them, one of another set reads `__all__`.
        overlap: {column: why its rows cannot be put together}.
    """

    name: str
    grain: Unit
    date_path: str
    dimensions: Mapping[str, Dimension]
    rows: tuple[frozenset[str], ...]
    overlap: Mapping[str, str]

    @property
    def rolled_up(self) -> frozenset[str]:
        """The dimensions that read `__all__` in some rows."""
        return frozenset[str]().union(*self.rows) - frozenset(self.dimensions).intersection(*self.rows)

    @property
    def dates(self) -> str:
        """What its dates are called where metrics say what they can be put together over."""
        return f"{self.grain}s".replace("day", "date")

    @classmethod
    def all_of(cls, manifest: Mapping[str, Any]) -> "dict[str, SemanticTable]":
        """{table: what questions see of it} for each semantic model of dbt's manifest."""
        models = {node["unique_id"]: node for node in manifest["nodes"].values()}
        found = [_table(node, models) for node in manifest["semantic_models"].values()]
        return {table.name: table for table in found}


def plural(dimension: str) -> str:
    """A dimension as `additive_over` spells it."""
    return f"{dimension.removesuffix('y')}ies" if dimension.endswith("y") else f"{dimension}s"


def _table(node: Mapping[str, Any], models: Mapping[str, Mapping[str, Any]]) -> SemanticTable:
    (model,) = (models[parent] for parent in node["depends_on"]["nodes"])
    meta = node["config"]["meta"]
    (time,) = (dimension for dimension in node["dimensions"] if dimension["type"] == "time")
    dimensions = {}
    for dimension in node["dimensions"]:
        column = dimension["expr"] or dimension["name"]
        if dimension["type"] == "categorical" and dimension["name"] != _DATE:
            kind = _KINDS[model["columns"][column]["data_type"]]
            dimensions[column] = Dimension(column, f"{node['primary_entity']}__{dimension['name']}", kind)
    return SemanticTable(
        name=node["node_relation"]["alias"],
        grain=time["type_params"]["time_granularity"],
        date_path=f"{node['primary_entity']}__{_DATE}",
        dimensions=dimensions,
        rows=tuple(frozenset(columns) for columns in meta["rows"]),
        overlap=meta.get("overlap", {}),
    )
