"""Rows that BigQuery gives in the types of the other engine: narrower decimals, NULL for empty lists."""

import pyarrow as pa
import pyarrow.compute as pc

_DECIMAL = pa.decimal128(18, 6)
"""What `decimal` is on DuckDB, see contracts/column.py."""


def in_common_types(rows: pa.Table) -> pa.Table:
    """The same rows with decimals of six digits after the point, and NULL in place of empty lists.

    Args:
        rows: As BigQuery gives them: a NULL that is written to a column of lists is read as an empty list.
    """
    columns = [_in_common_type(column) for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _in_common_type(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_decimal(column.type):
        return column.cast(_DECIMAL)
    if pa.types.is_list(column.type):
        is_empty = pc.equal(pc.list_value_length(column), 0)
        return pc.if_else(is_empty, pa.scalar(None, column.type), column)
    return column
