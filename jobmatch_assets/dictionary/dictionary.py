"""All metrics by name, read from dbt's manifest."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jobmatch_assets.dictionary.metric import Metric
from jobmatch_assets.dictionary.question import QuestionError
from jobmatch_assets.errors import PlatformError


class DictionaryError(PlatformError):
    """A metric of the dbt project lacks a part of its definition; the message says which, and where."""


class Dictionary:
    """The metrics, by the file that defines them, in the order of the columns of its table."""

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
        reader = _Reader(manifest)
        return cls(reader.metric(node) for node in sorted(manifest["metrics"].values(), key=reader.place))

    def __getitem__(self, name: str) -> Metric:
        """A metric.

        Raises:
            QuestionError: There is none of this name.
        """
        if name not in self._metrics:
            close = difflib.get_close_matches(name, self._metrics, 1)
            meant = f" Is {close[0]} meant?" if close else ""
            raise QuestionError(f"There is no metric {name}.{meant} `jobmatch metrics` lists all of them.")
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


class _Reader:
    """Reads metrics of a manifest."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._nodes = {node["name"]: node for node in manifest["metrics"].values()}
        self._tables = {
            node["name"]: list(node["columns"])
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
        }
        self._columns = {
            measure["name"]: (model["node_relation"]["alias"], measure["expr"] or measure["name"])
            for model in manifest["semantic_models"].values()
            for measure in model["measures"]
        }
        self._owners = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}

    def place(self, node: Mapping[str, Any]) -> tuple[str, int, str]:
        """Where a metric stands among all."""
        source, column = self._source(self._nodes[(*_parts(node), node["name"])[0]])
        column = node["config"]["meta"].get("column", node["name"] if _parts(node) else column)
        columns = self._tables[source]
        place = columns.index(column) if column in columns else len(columns)
        return str(node["original_file_path"]), place, str(node["name"])

    def metric(self, node: Mapping[str, Any]) -> Metric:
        meta = node["config"]["meta"]
        parts = [self._nodes[name] for name in _parts(node)] or [node]
        sources = [self._source(part) for part in parts]
        source, column = sources[0] if len(parts) == 1 else (sources[0][0], node["name"])
        over = [tuple(_said(part, "additive_over")) for part in parts]
        combines_over = tuple(found for found in over[0] if all(found in others for others in over))
        return Metric(
            name=node["name"],
            label=node["label"],
            description=node["description"],
            unit=_said(node, "unit"),
            formula=_said(node, "formula"),
            numerator=sources[0][1] if len(parts) > 1 else "",
            denominator=sources[1][1] if len(parts) > 1 else "",
            table=meta.get("table", source),
            column=meta.get("column", column),
            source=source,
            also_in=tuple(meta.get("also_in", ())),
            additive_over=over[0] if len(parts) == 1 else (),
            combines_over=combines_over,
            stands_alone="" if combines_over else _said(parts[0], "stands_alone"),
            null_means=_said(node, "null_means"),
            uncertainty=_said(node, "uncertainty"),
            owner=self._owners[node["config"]["group"]],
        )

    def _source(self, node: Mapping[str, Any]) -> tuple[str, str]:
        """The table and the column that a metric sums up."""
        return self._columns[node["type_params"]["measure"]["name"]]


def _said(node: Mapping[str, Any], field: str) -> Any:
    meta = node["config"]["meta"]
    if field not in meta:
        raise DictionaryError(
            f"{node['original_file_path']}: the metric {node['name']} has no {field} in its meta."
        )
    return meta[field]


def _parts(node: Mapping[str, Any]) -> list[str]:
    """The metrics that a ratio divides; none of another metric."""
    if node["type"] != "ratio":
        return []
    return [node["type_params"][part]["name"] for part in ("numerator", "denominator")]
