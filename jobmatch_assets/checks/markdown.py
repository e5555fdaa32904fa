"""Text from files in Markdown, as Dagster's UI reads descriptions of checks: shown as it is.

The UI takes GitHub's dialect, where a bare address is a link, too; only in code nothing is markup.
"""

import re

from jobmatch_assets.text import printable

_ADDRESS = r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:|xmpp:|[\w.+-]+@)[^\s`]*"
# What begins a line and makes it an item of a list, a heading or a quotation.
_BEGINNING = r"^[ \t]*(?:[-+](?=[ \t-]|$)|#{1,6}(?=[ \t]|$)|[=>]|\d+[.)](?=[ \t]|$))"
_MARKUP = rf"[\\`*\[<|~]|&(?=#?\w+;)|_(?![^\W_])|{_BEGINNING}"
# Of underscores only those that could end an emphasis: names may begin with one.
_ACTIVE = re.compile(f"(?P<address>{_ADDRESS})|(?P<markup>{_MARKUP})", re.IGNORECASE | re.MULTILINE)
_ESCAPED = re.compile(r"`([^`]*)`|\\([^A-Za-z0-9\s])")


def escaped(text: str) -> str:
    """Text, none of it markup; ordinary sentences stay as they are. `plain` takes it back."""
    return _ACTIVE.sub(_inert, printable(text, keep="\n"))


def plain(markdown: str) -> str:
    """The text that `escaped` made this of."""
    return _ESCAPED.sub(lambda found: found[1] if found[2] is None else found[2], markdown)


def code(text: str) -> str:
    """Text as code, in one line, between more backticks than it holds; also good for a cell of a table."""
    text = printable(text)
    if not text.strip():
        return text
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    # Markdown takes a blank away on either side.
    pad = " " if text[0] in " `" or text[-1] in " `" else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _inert(found: "re.Match[str]") -> str:
    if found["address"]:
        return f"`{found['address']}`"
    # Of what begins a line, only the last character makes it a list or a heading.
    return f"{found[0][:-1]}\\{found[0][-1]}"
