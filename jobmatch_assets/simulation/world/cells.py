"""Rows of a history as lines: of JSON, or of CSV."""

import json

from jobmatch_assets.simulation.arrays import Texts, texts
from jobmatch_assets.simulation.world.changes import History


def json_rows(history: History) -> Texts:
    """Every state as one JSON object."""
    row = texts(["{"] * len(history))
    for n, (name, column) in enumerate(history.columns.items()):
        row = row + f'{"," if n else ""}"{name}":' + column
    joined: Texts = row + "}"
    return joined


def csv_header(history: History) -> bytes:
    """The names of the columns."""
    return (",".join(history.columns) + "\r\n").encode()


def csv_rows(history: History) -> list[str]:
    """Every state as a line, without its end: lists of texts cut by `|`, other lists as JSON."""
    columns = [_cells(column) for column in history.columns.values()]
    return [",".join(row) for row in zip(*columns, strict=True)]


def _cells(column: Texts) -> list[str]:
    known: dict[str, str] = {}
    cells = []
    for value in column.tolist():
        if value not in known:
            known[value] = _quoted(_cell(value))
        cells.append(known[value])
    return cells


def _cell(value: str) -> str:
    if value == "null":
        return ""
    if value[0] not in '"[':
        return value
    read = json.loads(value)
    if isinstance(read, str):
        return read
    return value if isinstance(read[0], dict) else "|".join(read)


def _quoted(cell: str) -> str:
    if any(sign in cell for sign in ',"\r\n'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
