"""All metrics by name, read from dbt's manifest."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobmatch_assets.dictionary.metric import Metric
from jobmatch_assets.errors import PlatformError, RequestError

FIELDS = ("unit", "formula", "null_means", "uncertainty")
"""What the meta of every metric says; of a metric that is no ratio, `additive_over`, too."""


class DictionaryError(PlatformError):
    """A metric of the dbt project lacks a part of its definition; the message says which, and where."""


class Dictionary:
    """The metrics, by the file that defines them, and in its order."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = {metric.name: metric for metric in metrics}

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Dictionary":
        """Read dbt's manifest.

        Args:
            manifest: As dbt writes it to manifest.json.

        Raises:
            DictionaryError: A metric does not say what it must.
        """
        by_file = sorted(manifest["metrics"].values(), key=lambda node: node["original_file_path"])
        nodes = {node["name"]: node for node in by_file}
        measures = {
            measure["name"]: (model["node_relation"]["alias"], measure["expr"] or measure["name"])
            for model in manifest["semantic_models"].values()
            for measure in model["measures"]
        }
        owners = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}
        return cls(_metric(node, nodes, measures, owners) for node in nodes.values())

    def __getitem__(self, name: str) -> Metric:
        """A metric.

        Raises:
            RequestError: There is none of this name.
        """
        if name not in self._metrics:
            close = difflib.get_close_matches(name, self._metrics, 1)
            meant = f" Is {close[0]} meant?" if close else ""
            raise RequestError(f"There is no metric {name}.{meant} `jobmatch metrics` lists all of them.")
        return self._metrics[name]

    def __contains__(self, name: object) -> bool:
        return name in self._metrics

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())

    def __len__(self) -> int:
        return len(self._metrics)

    def of_table(self, table: str) -> list[Metric]:
        """The metrics that a gold table has, also those that are defined on another one."""
        return [metric for metric in self if table in (metric.table, *metric.also_in)]

    def of_column(self, table: str, column: str) -> Metric | None:
        """The metric that a column of a gold table is; None of a column that is none."""
        return next((metric for metric in self.of_table(table) if metric.column == column), None)


def _metric(
    node: Mapping[str, Any],
    nodes: Mapping[str, Mapping[str, Any]],
    measures: Mapping[str, tuple[str, str]],
    owners: Mapping[str, str],
) -> Metric:
    meta, parts = node["config"]["meta"], _parts(node)
    for field in FIELDS if parts else (*FIELDS, "additive_over"):
        if field not in meta:
            raise DictionaryError(
                f"{node['original_file_path']}: the metric {node['name']} has no {field} in its meta."
            )
    if parts:
        columns = [measures[nodes[part]["type_params"]["measure"]["name"]] for part in parts]
        (table, numerator), (_, denominator) = columns
        column, additive_over = node["name"], ()
        numerators, denominators = (tuple(nodes[part]["config"]["meta"]["additive_over"]) for part in parts)
        combines_over = tuple(over for over in numerators if over in denominators)
    else:
        table, column = measures[node["type_params"]["measure"]["name"]]
        numerator = denominator = ""
        additive_over = combines_over = tuple(meta["additive_over"])
    return Metric(
        name=node["name"],
        label=node["label"],
        description=node["description"],
        unit=meta["unit"],
        formula=meta["formula"],
        numerator=numerator,
        denominator=denominator,
        table=meta.get("table", table),
        column=meta.get("column", column),
        also_in=tuple(meta.get("also_in", ())),
        additive_over=additive_over,
        combines_over=combines_over,
        null_means=meta["null_means"],
        uncertainty=meta["uncertainty"],
        owner=owners[node["config"]["group"]],
    )


def _parts(node: Mapping[str, Any]) -> list[str]:
    """The metrics that a ratio divides; none of another metric."""
    if node["type"] != "ratio":
        return []
    return [node["type_params"][part]["name"] for part in ("numerator", "denominator")]
