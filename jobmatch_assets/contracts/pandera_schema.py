"""A table's contract as a Pandera schema: columns, types, what may be NULL, the grain, and the rules."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from jobmatch_assets.contracts.column import Column, ColumnType
from jobmatch_assets.contracts.table_contract import Rule, TableContract

if TYPE_CHECKING:
    import ibis
    import ibis.expr.datatypes as dt
    from pandera.ibis import Check, DataFrameSchema

MOST_EXAMPLES = 10
"""Failing rows that are shown; the others are only counted."""

_DECIMAL = (18, 6)
"""Digits of a decimal, and those after the point."""

_OTHER_DECIMALS = ((29, 9), (38, 9))
"""The same of sums, and of BigQuery's."""


def schema_of(contract: TableContract, columns: Sequence[Column]) -> "DataFrameSchema":
    """The schema of a table.

    Args:
        contract: Its grain and rules.
        columns: Its columns; there may be no others.
    """
    from pandera.ibis import Column as SchemaColumn
    from pandera.ibis import DataFrameSchema

    types = _types()
    return DataFrameSchema(
        {column.name: SchemaColumn(types[column.type], nullable=column.nullable) for column in columns},
        checks=[_check(rule) for rule in contract.rules],
        # Of a column, `unique` would be ignored.
        unique=list(contract.grain),
        strict=True,
        name=f"{contract.layer}/{contract.table}",
    )


def wrong_columns(schema: "DataFrameSchema", table: "ibis.Table") -> list[str]:
    """What is wrong with the columns of a table and their types, a sentence each; reads no row."""
    import ibis
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    # The engines name the same types differently: see `_plain`.
    shape = ibis.table({name: _plain(type_) for name, type_ in table.schema().items()}, name="shape")
    unknown = [name for name, type_ in shape.schema().items() if not _is_known(type_)]
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
            schema.validate(shape.drop(*unknown), lazy=True)
    except SchemaErrors as errors:
        found = [_sentence(error) for error in errors.schema_errors]
    else:
        found = []
    return [*found, *(f"column '{name}' is a {shape.schema()[name]}" for name in unknown)]


def broken_rules(schema: "DataFrameSchema", table: "ibis.Table") -> Mapping[str, Any]:
    """{rule: whether a row breaks it}, as columns of the table; a column that must have a value is a rule."""
    from pandera.api.ibis.types import IbisData

    broken = {
        not_null(name): table[name].isnull() for name, column in schema.columns.items() if not column.nullable
    }
    for check in schema.checks:
        # Pandera would run a query per check, and fetch the result of every row where one fails.
        holds = check.get_backend(table)(check).apply(IbisData(table, None))
        broken[check.name] = ~holds.fill_null(True)
    return broken


def not_null(column: str) -> str:
    """The name of the rule that a column has a value."""
    return f"{column}_is_not_null"


def _check(rule: Rule) -> "Check":
    from pandera.ibis import Check

    return Check(
        lambda data: rule.holds(data.table),
        name=rule.name,
        error=rule.says,
        n_failure_cases=MOST_EXAMPLES,
    )


@cache
def _types() -> Mapping[ColumnType, "dt.DataType"]:
    import ibis.expr.datatypes as dt
    from pandera.dtypes import immutable
    from pandera.engines import ibis_engine

    pairs = dt.Array(dt.Struct({"experiment_id": dt.string, "variant": dt.string}))
    texts = dt.Array(dt.string)
    places = dt.Array(dt.Struct(dict.fromkeys(("country", "region", "city", "postal_code"), dt.string)))

    for nested in (pairs, texts, places):
        # Pandera knows no arrays by itself.
        named = type("Nested", (ibis_engine.DataType,), {"type": nested})
        ibis_engine.Engine.register_dtype(immutable(named), equivalents=[nested])

    return {
        "string": dt.string,
        "int64": dt.int64,
        "float64": dt.float64,
        "date": dt.date,
        "timestamp": dt.Timestamp("UTC", 6),
        "bool": dt.boolean,
        "decimal": dt.Decimal(*_DECIMAL),
        "experiments": pairs,
        "texts": texts,
        "locations": places,
    }


def _plain(type_: "dt.DataType") -> "dt.DataType":
    """The type without what only one engine says: NOT NULL, and how exact timestamps and decimals are."""
    import ibis.expr.datatypes as dt

    if isinstance(type_, dt.Timestamp) and type_.timezone == "UTC":
        return dt.Timestamp("UTC", 6 if type_.scale is None else type_.scale)
    if isinstance(type_, dt.Decimal) and (type_.precision, type_.scale) in _OTHER_DECIMALS:
        return dt.Decimal(*_DECIMAL)
    if isinstance(type_, dt.Array):
        return dt.Array(_plain(type_.value_type))
    if isinstance(type_, dt.Struct):
        return dt.Struct({name: _plain(field) for name, field in type_.fields.items()})
    return type_.copy(nullable=True)


def _is_known(type_: "dt.DataType") -> bool:
    """Whether Pandera has a name for the type; it fails on others."""
    from pandera.engines import ibis_engine

    try:
        ibis_engine.Engine.dtype(type_)
    except TypeError:
        return False
    return True


def _sentence(error: Exception) -> str:
    return str(error).splitlines()[0]
