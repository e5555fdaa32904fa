"""MetricFlow as a library: the SQL of a query, of DuckDB or of BigQuery. It is imported when it is asked.

It gets the semantic models from dbt's manifest, and no connection: what it renders is run by who asks.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from jobmatch_assets.dictionary.query import Query

if TYPE_CHECKING:
    from metricflow.engine.metricflow_engine import MetricFlowEngine

Dialect = Literal["duckdb", "bigquery"]

MARKS: Mapping[Dialect, str] = {"duckdb": "$", "bigquery": "@"}
"""What a parameter begins with."""

_QUOTES: Mapping[Dialect, str] = {"duckdb": '"', "bigquery": "`"}


class MetricFlow:
    """Renders queries.

    Args:
        manifest: As dbt writes it to manifest.json.
        dialect: The SQL to render. That of DuckDB reads any file with these tables, that of BigQuery the
            tables that the manifest names.
    """

    def __init__(self, manifest: Mapping[str, Any], dialect: Dialect) -> None:
        self._manifest = manifest
        self._dialect = dialect

    def sql(self, query: Query) -> str:
        """The SQL of a query; its rows come in any order."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
        from metricflow.sql.optimizer.optimization_levels import SqlOptimizationLevel

        request = MetricFlowQueryRequest.create(
            metric_names=list(query.metrics),
            group_by_names=list(query.by.values()),
            where_constraints=list(query.where),
            # One level more, and filters stand outside of common table expressions: no partition is pruned.
            sql_optimization_level=SqlOptimizationLevel.O4,
        )
        return str(self._engine.explain(request).sql_statement.without_descriptions.sql)

    @cached_property
    def _engine(self) -> "MetricFlowEngine":
        from metricflow.engine.metricflow_engine import MetricFlowEngine
        from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
        from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

        manifest = parse_manifest_from_dbt_generated_manifest(
            json.dumps(self._semantic_manifest, default=str)
        )
        return MetricFlowEngine(SemanticManifestLookup(manifest), _renderer(self._dialect))

    @property
    def _semantic_manifest(self) -> dict[str, Any]:
        """What dbt would write to semantic_manifest.json."""
        models = self._manifest["semantic_models"].values()
        spine = next(node for node in self._manifest["nodes"].values() if node.get("time_spine"))
        column = spine["time_spine"]["standard_granularity_column"]
        granularity = spine["columns"][column]["granularity"]
        return {
            "semantic_models": [
                {
                    **model,
                    "node_relation": self._relation(**model["node_relation"]),
                    "measures": [self._measure(measure, model) for measure in model["measures"]],
                }
                for model in models
            ],
            "metrics": list(self._manifest["metrics"].values()),
            "saved_queries": [],
            "project_configuration": {
                "time_spine_table_configurations": [],
                "time_spines": [
                    {
                        "node_relation": self._relation(
                            spine["alias"], spine["schema"], spine["database"], spine["relation_name"]
                        ),
                        "primary_column": {"name": column, "time_granularity": granularity},
                        "custom_granularities": [],
                    }
                ],
            },
        }

    def _measure(self, measure: Mapping[str, Any], model: Mapping[str, Any]) -> Mapping[str, Any]:
        """A measure; a column whose name is a word of SQL, which dbt quotes, is quoted here, too."""
        (table,) = model["depends_on"]["nodes"]
        column = self._manifest["nodes"][table]["columns"].get(measure["expr"])
        if column is None or not column["quote"]:
            return measure
        quote = _QUOTES[self._dialect]
        return {**measure, "expr": f"{quote}{measure['expr']}{quote}"}

    def _relation(
        self, alias: str, schema_name: str, database: str | None, relation_name: str
    ) -> dict[str, str | None]:
        if self._dialect == "duckdb":
            database, relation_name = None, f"{schema_name}.{alias}"
        return {
            "alias": alias,
            "schema_name": schema_name,
            "database": database,
            "relation_name": relation_name,
        }


def _renderer(dialect: Dialect) -> Any:
    """What MetricFlow asks of a client before it runs anything."""
    from types import SimpleNamespace

    from metricflow.protocols.sql_client import SqlEngine

    if dialect == "bigquery":
        from metricflow.sql.render.big_query import BigQuerySqlPlanRenderer

        return SimpleNamespace(
            sql_engine_type=SqlEngine.BIGQUERY, sql_plan_renderer=BigQuerySqlPlanRenderer()
        )
    from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

    return SimpleNamespace(sql_engine_type=SqlEngine.DUCKDB, sql_plan_renderer=DuckDbSqlPlanRenderer())
