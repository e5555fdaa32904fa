"""JSON text taken apart without recursion, so that whatever stands there can be changed in place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A string that is not closed reaches to the end: each character is read once, whatever the text.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}\[\],:]|[^\s"{}\[\],:]++|\s++', re.DOTALL)


@dataclass(frozen=True)
class Token:
    """A piece of a JSON text.

    Attributes:
        text: The piece.
        name: The member that it is the value of, or within the value of, in the innermost object.
        depth: How many brackets are open around it; those of an opening or closing bracket itself not.
        kind: name, string, scalar, open, close or other.
    """

    text: str
    name: str | None
    depth: int
    kind: str


def tokens_of(text: str, decoded: "Decoder") -> Iterator[Token]:
    """The pieces of a JSON text, in order; put together they are the text.

    Args:
        text: The text, which may be broken.
        decoded: Reads the name of a member.
    """
    # Of each open bracket: is it an object's, and the member whose value comes next.
    stack: list[tuple[bool, str | None]] = []
    expects_name = False
    for match in _TOKEN.finditer(text):
        piece = match[0]
        first = piece[0]
        name = stack[-1][1] if stack else None
        if first in "{[":
            yield Token(piece, name, len(stack), "open")
            stack.append((first == "{", None if first == "{" else name))
            expects_name = first == "{"
        elif first in "}]":
            if stack:
                stack.pop()
            yield Token(piece, stack[-1][1] if stack else None, len(stack), "close")
            expects_name = False
        elif first == ",":
            yield Token(piece, None, len(stack), "other")
            expects_name = bool(stack) and stack[-1][0]
        elif first == '"' and expects_name:
            stack[-1] = (True, decoded(piece))
            yield Token(piece, stack[-1][1], len(stack), "name")
            expects_name = False
        elif first == '"':
            yield Token(piece, name, len(stack), "string")
        elif first == ":" or first.isspace():
            yield Token(piece, None, len(stack), "other")
        else:
            yield Token(piece, name, len(stack), "scalar")


class Decoder:
    """Reads JSON strings, also such as are cut off."""

    def __call__(self, token: str) -> str:
        """What a string in quotes says."""
        if "\\" not in token:
            return token[1:].removesuffix('"')
        import json

        try:
            return str(json.loads(token, strict=False))
        except ValueError:
            return token[1:].removesuffix('"')
