"""GoogleSQL as BigQuery speaks it: which features it has, and how it spells types."""

from functools import cache
from typing import Any

# BigQuery's own; left out is what only its relatives have, and ENFORCE_CONDITIONAL_EVALUATION, with which the analyzer
# takes no window within CASE or COALESCE. BigQuery does.
_FEATURES = [
    "ADDITIONAL_DATE_TIME_FUNCTIONS",
    "ADDITIONAL_STRING_FUNCTIONS",
    "ALLOW_CONSECUTIVE_ON",
    "ALLOW_DASHES_IN_TABLE_NAME",
    "ALLOW_REGEXP_EXTRACT_OPTIONALS",
    "ANALYTIC_FUNCTIONS",
    "BIGNUMERIC_TYPE",
    "CAST_DIFFERENT_ARRAY_TYPES",
    "CBRT_FUNCTIONS",
    "CIVIL_TIME",
    "COLLATION_SUPPORT",
    "ANNOTATION_FRAMEWORK",
    "CONCAT_MIXED_TYPES",
    "CREATE_TABLE_AS_SELECT_COLUMN_LIST",
    "CREATE_TABLE_CLUSTER_BY",
    "CREATE_TABLE_NOT_NULL",
    "CREATE_TABLE_FIELD_ANNOTATIONS",
    "CREATE_TABLE_PARTITION_BY",
    "DATE_ARITHMETICS",
    "DATE_TIME_CONSTRUCTORS",
    "DECIMAL_ALIAS",
    "DISABLE_FLOAT32",
    "DISALLOW_GROUP_BY_FLOAT",
    "DML_UPDATE_WITH_JOIN",
    "EXTENDED_DATE_TIME_SIGNATURES",
    "FORMAT_IN_CAST",
    "FOR_SYSTEM_TIME_AS_OF",
    "GEOGRAPHY",
    "GROUPING_BUILTIN",
    "GROUPING_SETS",
    "GROUP_BY_ALL",
    "GROUP_BY_ARRAY",
    "GROUP_BY_ROLLUP",
    "GROUP_BY_STRUCT",
    "HAVING_IN_AGGREGATE",
    "INTERVAL_TYPE",
    "INVERSE_TRIG_FUNCTIONS",
    "IS_DISTINCT",
    "JSON_ARRAY_FUNCTIONS",
    "JSON_CONSTRUCTOR_FUNCTIONS",
    "JSON_KEYS_FUNCTION",
    "JSON_LAX_VALUE_EXTRACTION_FUNCTIONS",
    "JSON_MUTATOR_FUNCTIONS",
    "JSON_TYPE",
    "JSON_VALUE_EXTRACTION_FUNCTIONS",
    "LIKE_ANY_SOME_ALL",
    "LIMIT_IN_AGGREGATE",
    "NAMED_ARGUMENTS",
    "FUNCTION_ARGUMENTS_WITH_DEFAULTS",
    "NULL_HANDLING_MODIFIER_IN_AGGREGATE",
    "NULL_HANDLING_MODIFIER_IN_ANALYTIC",
    "NULLS_FIRST_LAST_IN_ORDER_BY",
    "NUMERIC_TYPE",
    "OMIT_INSERT_COLUMN_LIST",
    "ORDER_BY_COLLATE",
    "ORDER_BY_IN_AGGREGATE",
    "PARAMETERIZED_TYPES",
    "PIVOT",
    "QUALIFY",
    "RANGE_TYPE",
    "ROUND_WITH_ROUNDING_MODE",
    "SAFE_FUNCTION_CALL",
    "SELECT_STAR_EXCEPT_REPLACE",
    "TABLESAMPLE",
    "TABLE_VALUED_FUNCTIONS",
    "TEMPLATE_FUNCTIONS",
    "TIME_BUCKET_FUNCTIONS",
    "UNNEST_AND_FLATTEN_ARRAYS",
    "UNPIVOT",
    "WEEK_WITH_WEEKDAY",
    "WITH_ON_SUBQUERY",
    "WITH_RECURSIVE",
]

_OF_BIGQUERY = {
    "STRING": "STRING",
    "INT64": "INT64",
    "INTEGER": "INT64",
    "BIGINT": "INT64",
    "FLOAT64": "DOUBLE",
    "FLOAT": "DOUBLE",
    "NUMERIC": "NUMERIC",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
    "BOOL": "BOOL",
    "BOOLEAN": "BOOL",
}


@cache
def language() -> Any:
    """The analyzer's options of the language."""
    import zetasql.types as z

    options = z.LanguageOptions.maximum_features()
    options.product_mode = z.ProductMode.PRODUCT_EXTERNAL
    options.enabled_language_features = [z.LanguageFeature[f"FEATURE_{name}"] for name in _FEATURES]
    return options


def type_of(text: str) -> Any:
    """The analyzer's type of a type in BigQuery's spelling."""
    from zetasql.api import TypeFactory
    from zetasql.types import TypeKind

    text = text.strip()
    if text.upper().startswith("ARRAY<"):
        return TypeFactory.create_array_type(type_of(text[6:-1]))
    if text.upper().startswith("STRUCT<"):
        fields = [part.strip().split(" ", 1) for part in text[7:-1].split(",")]
        return TypeFactory.create_struct_type([(name, type_of(kind)) for name, kind in fields])
    return TypeFactory.create_simple_type(TypeKind[f"TYPE_{_OF_BIGQUERY[text.upper()]}"])


def spelled(kind: Any) -> str:
    """A type of the analyzer in BigQuery's spelling."""
    if kind.array_type:
        return f"ARRAY<{spelled(kind.array_type.element_type)}>"
    if kind.struct_type:
        fields = (f"{field.field_name} {spelled(field.field_type)}" for field in kind.struct_type.field)
        return f"STRUCT<{', '.join(fields)}>"
    name = kind.type_kind.name.removeprefix("TYPE_")
    return "FLOAT64" if name == "DOUBLE" else name
