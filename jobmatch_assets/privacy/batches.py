"""Erased persons taken out of lines on their way into bronze, whole batches at a time."""

from collections.abc import Iterator

import pyarrow as pa

from jobmatch_assets.privacy.lines import Eraser, Line

_TEXT, _FORM, _LENGTH, _TABLE = "raw_line", "raw_form", "line_bytes", "entity_table"


def without_erased(batch: pa.RecordBatch, eraser: Eraser, most_bytes: int) -> pa.RecordBatch:
    """The lines of a batch without persons that were erased; the same batch where it has none of them.

    Args:
        batch: Lines with the columns of bronze.
        eraser: Knows who was erased.
        most_bytes: How long a text of the feed may be.
    """
    changes = _changes(batch, eraser, most_bytes)
    if not changes:
        return batch
    texts, lengths = batch.column(_TEXT).to_pylist(), batch.column(_LENGTH).to_pylist()
    for number, line in changes.items():
        texts[number], lengths[number] = line.text, line.bytes
    new = {_TEXT: texts, _LENGTH: lengths}
    return pa.RecordBatch.from_arrays(
        [
            pa.array(new[field.name], field.type) if field.name in new else batch.column(field.name)
            for field in batch.schema
        ],
        schema=batch.schema,
    )


def changes_of(batch: pa.RecordBatch, eraser: Eraser, most_bytes: int) -> int:
    """How many lines of a batch would change."""
    return len(_changes(batch, eraser, most_bytes))


def lines_of(batch: pa.RecordBatch) -> Iterator[Line]:
    """The lines of a batch with the columns of bronze, in their order."""
    return map(Line, *(batch.column(name).to_pylist() for name in (_TEXT, _FORM, _LENGTH)))


def _changes(batch: pa.RecordBatch, eraser: Eraser, most_bytes: int) -> dict[int, Line]:
    """{number of a line in the batch: the line without erased persons}."""
    is_of_table = _TABLE in batch.schema.names
    tables = batch.column(_TABLE).to_pylist() if is_of_table else [None] * batch.num_rows
    return {
        number: changed
        for number, (line, table) in enumerate(zip(lines_of(batch), tables, strict=True))
        if (changed := eraser.line(line, most_bytes, table)) is not None
    }
