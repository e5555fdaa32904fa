"""How a column is described, and what its type is called where."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

ColumnType = Literal[
    "string",
    "int64",
    "float64",
    "date",
    "timestamp",
    "bool",
    "decimal",
    "experiments",
    "texts",
    "locations",
]
"""`experiments` is an array of pairs (experiment_id, variant) of strings, `locations` one of places."""


class TypeNames(NamedTuple):
    """The names of one type: as DuckDB's SQL and BigQuery's have it, which are also those in dbt's files."""

    duckdb: str
    bigquery: str


TYPES: dict[ColumnType, TypeNames] = {
    "string": TypeNames("varchar", "STRING"),
    "int64": TypeNames("bigint", "INT64"),
    "float64": TypeNames("double", "FLOAT64"),
    "date": TypeNames("date", "DATE"),
    "timestamp": TypeNames("timestamptz", "TIMESTAMP"),
    "bool": TypeNames("boolean", "BOOL"),
    "experiments": TypeNames(
        "struct(experiment_id varchar, variant varchar)[]",
        "ARRAY<STRUCT<experiment_id STRING, variant STRING>>",
    ),
    "decimal": TypeNames("decimal(18, 6)", "NUMERIC"),
    "texts": TypeNames("varchar[]", "ARRAY<STRING>"),
    "locations": TypeNames(
        "struct(country varchar, region varchar, city varchar, postal_code varchar)[]",
        "ARRAY<STRUCT<country STRING, region STRING, city STRING, postal_code STRING>>",
    ),
}

# Either engine takes the other's word for these, and DuckDB has a wider decimal for sums.
_ALIASES: dict[str, ColumnType] = {
    **{"string": "string", "bigint": "int64", "boolean": "bool"},
    "decimal(29, 9)": "decimal",
}


def type_named(name: str) -> ColumnType:
    """The type that a name in dbt's files means, for whichever engine it is written.

    Raises:
        KeyError: There is no such type.
    """
    names = {spelled.lower(): type_ for type_, spellings in TYPES.items() for spelled in spellings}
    return (names | _ALIASES)[name.lower()]


@dataclass(frozen=True)
class Column:
    """A column: name, engine-neutral type, meaning, and whether it may be NULL.

    Attributes:
        is_long: Whether it holds whole documents. DuckDB keeps these with Zstandard, which is written
            faster than what it would choose.
    """

    name: str
    type: ColumnType
    description: str
    nullable: bool = False
    is_long: bool = False
