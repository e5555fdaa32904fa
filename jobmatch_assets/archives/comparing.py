"""Whether two streams of lines are the same, cell by cell, however they are cut into batches."""

from collections.abc import Iterator

import pyarrow as pa


def are_same(left: pa.RecordBatchReader, right: pa.RecordBatchReader) -> bool:
    """Whether both have the same columns and the same rows, in the same order; reads each once."""
    if left.schema.names != right.schema.names:
        return False
    lefts, rights = _filled(left), _filled(right)
    one, other = next(lefts, None), next(rights, None)
    while one is not None and other is not None:
        count = min(one.num_rows, other.num_rows)
        if not one.slice(0, count).equals(other.slice(0, count).cast(one.schema)):
            return False
        one = one.slice(count) if one.num_rows > count else next(lefts, None)
        other = other.slice(count) if other.num_rows > count else next(rights, None)
    return one is None and other is None


def _filled(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    return (batch for batch in reader if batch.num_rows)
