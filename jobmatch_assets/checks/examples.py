"""How rows are shown to the reader of a check: a few of them, short, in Markdown or in one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobmatch_assets.checks.markdown import code, escaped
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES

_LONGEST_CELL = 200


def markdown_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as a table, at most `MOST_EXAMPLES`, long values cut."""
    if not rows:
        return ""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in names) + " |" for row in rows[:MOST_EXAMPLES]]
    return "\n".join(lines)


def one_line(row: Mapping[str, Any]) -> str:
    """A row as `name=value, …`."""
    return ", ".join(f"{name}={short(value)}" for name, value in row.items())


def short(value: object) -> str:
    """A value in one line of bounded length."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"


def _cell(value: object) -> str:
    text = short(value)
    return text if escaped(text) == text else code(text)
