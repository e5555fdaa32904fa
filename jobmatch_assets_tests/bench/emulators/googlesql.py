"""The GoogleSQL analyzer as BigQuery sets it: what is wrong with a statement, and what it reads unpruned.

The analyzer is the parser and type checker that BigQuery has in common with other Google products. Functions and
types that BigQuery lacks are switched off. Quotas, rights and whether partitions are really pruned it cannot say.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from language import language, spelled, type_of


@dataclass(frozen=True)
class Table:
    """A table as statements see it.

    Attributes:
        name: dataset.table.
        columns: {column: type in BigQuery's spelling}.
        partition_column: The date that readers have to filter by, or None.
    """

    name: str
    columns: Mapping[str, str]
    partition_column: str | None = None


class Analyzer:
    """Analyzes statements one after the other; tables that they create are known from then on."""

    def __init__(self, project: str) -> None:
        self._project = project
        self.tables: dict[str, Table] = {}

    def add(self, table: Table) -> None:
        """Make a table known."""
        self.tables[table.name] = table

    def problems(self, sql: str, parameters: Mapping[str, str] | None = None) -> list[str]:
        """What is wrong with a statement: that it is no GoogleSQL, or tables read without a partition filter.

        Args:
            sql: One statement.
            parameters: {name: type in BigQuery's spelling} of its parameters.
        """
        import zetasql.types as z
        from zetasql.api import Analyzer as ZetaSQL
        from zetasql.core.exceptions import ZetaSQLError

        options = z.AnalyzerOptions(
            language_options=language(),
            query_parameters=[
                z.AnalyzerOptions.QueryParameter(name=name, type=type_of(kind))
                for name, kind in (parameters or {}).items()
            ],
        )
        try:
            statement = ZetaSQL(options, self._catalog()).analyze_statement(sql)
        except ZetaSQLError as error:
            return [str(error)]
        found = [
            f"{name} is read without a filter on {self.tables[name].partition_column}"
            for name in self._unfiltered(statement)
        ]
        self._note_new_table(statement)
        return found

    def _catalog(self) -> Any:
        import zetasql.types as z

        datasets: dict[str, Any] = {}
        for table in self.tables.values():
            dataset, name = table.name.split(".")
            datasets.setdefault(dataset, z.SimpleCatalog(name=dataset)).table.append(
                z.SimpleTable(
                    name=name,
                    full_name=table.name,
                    column=[
                        z.SimpleColumn(name=column, type=type_of(kind))
                        for column, kind in table.columns.items()
                    ],
                )
            )
        project = z.SimpleCatalog(name=self._project, catalog=list(datasets.values()))
        return z.SimpleCatalog(
            name="root",
            builtin_function_options=z.ZetaSQLBuiltinFunctionOptions(language_options=language()),
            catalog=[*datasets.values(), project],
            # An alias that BigQuery has and the analyzer does not.
            named_type=[z.SimpleCatalog.NamedType(name="bigint", type=type_of("INT64"))],
        )

    def _note_new_table(self, statement: Any) -> None:
        kind = type(statement).__name__
        partition = None
        if kind == "ResolvedCreateTableAsSelectStmt":
            columns = {column.name: column.type for column in statement.column_definition_list}
            asks_for_filter = any(
                option.name == "require_partition_filter" and option.value.value.value.bool_value
                for option in statement.option_list
            )
            if asks_for_filter:
                partition = statement.partition_by_list[0].column.name
        elif kind == "ResolvedCreateViewStmt":
            columns = {output.name: output.column.type for output in statement.output_column_list}
            # Who reads all rows of a view reads all of its tables, which may ask for a filter.
            asking = set(self._partition_columns(statement.query))
            outputs = statement.output_column_list
            partition = next((found.name for found in outputs if found.column.column_id in asking), None)
        else:
            return
        name = ".".join(statement.name_path[-2:])
        self.add(Table(name, {column: spelled(kind) for column, kind in columns.items()}, partition))

    # ---- partition filters

    def _unfiltered(self, statement: Any) -> list[str]:
        kind = type(statement).__name__
        if kind in ("ResolvedDeleteStmt", "ResolvedUpdateStmt"):
            target = self._scanned_without(statement.table_scan, [statement.where_expr])
            others = (child for child in _children(statement) if child is not statement.table_scan)
            return [*target, *(name for child in others for name in self._scans(child, []))]
        if kind == "ResolvedMergeStmt":
            target = [
                name
                for clause in statement.when_clause_list
                if clause.action_type.name != "INSERT"
                for name in self._scanned_without(statement.table_scan, [clause.match_expr])
            ]
            return [*target, *self._scans(statement.from_scan, [])]
        if kind == "ResolvedInsertStmt":
            return list(self._scans(statement.query, []))
        return list(self._scans(statement, []))

    def _scans(self, node: Any, filters: list[Any]) -> Iterator[str]:
        """Partitioned tables below a node that none of the filters above them restricts."""
        kind = type(node).__name__
        if kind == "ResolvedTableScan":
            yield from self._scanned_without(node, filters)
            return
        if kind == "ResolvedFilterScan":
            yield from self._scans(node.input_scan, [*filters, node.filter_expr])
            yield from self._scans(node.filter_expr, [])
            return
        for child in _children(node):
            yield from self._scans(child, filters)

    def _partition_columns(self, node: Any) -> Iterator[int]:
        """Columns by which readers of the tables below a node have to filter."""
        if type(node).__name__ == "ResolvedTableScan":
            partition = self.tables[node.table.full_name].partition_column
            yield from (column.column_id for column in node.column_list if column.name == partition)
        for child in _children(node):
            yield from self._partition_columns(child)

    def _scanned_without(self, scan: Any, filters: list[Any]) -> list[str]:
        table = self.tables[scan.table.full_name]
        if table.partition_column is None:
            return []
        columns = [c.column_id for c in scan.column_list if c.name == table.partition_column]
        if any(_restricts(condition, column) for column in columns for condition in filters):
            return []
        return [table.name]


def _restricts(condition: Any, column: int) -> bool:
    """Whether a condition lets through only rows whose column is compared with constants."""
    if type(condition).__name__ != "ResolvedFunctionCall":
        return False
    name = condition.function.name.removeprefix("ZetaSQL:")
    arguments = condition.argument_list
    if name == "$and":
        return any(_restricts(argument, column) for argument in arguments)
    if name == "$or":
        return all(_restricts(argument, column) for argument in arguments)
    if name in (
        "$greater",
        "$greater_or_equal",
        "$less",
        "$less_or_equal",
        "$equal",
        "$between",
        "$in",
        "$in_array",
    ):
        tested, *others = arguments
        return _is_column(tested, column) and all(map(_is_constant, others))
    return bool(name == "$is_null" and _is_column(arguments[0], column))


def _is_column(node: Any, column: int) -> bool:
    return type(node).__name__ == "ResolvedColumnRef" and node.column.column_id == column


def _is_constant(node: Any) -> bool:
    kind = type(node).__name__
    if kind in ("ResolvedLiteral", "ResolvedParameter"):
        return True
    return kind == "ResolvedFunctionCall" and all(map(_is_constant, node.argument_list))


def _children(node: Any) -> Iterator[Any]:
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        for item in value if isinstance(value, list) else [value]:
            if dataclasses.is_dataclass(item) and type(item).__name__.startswith("Resolved"):
                yield item
