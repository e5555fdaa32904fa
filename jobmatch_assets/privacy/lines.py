"""A line, or a record, without persons that were erased: ids become pseudonyms, what they wrote is emptied.

Only pieces of the text change; the rest stays as it came, to the byte. A line that is no JSON, and has such a
person in it, is replaced as a whole by one that is rejected for the same reason.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from jobmatch_assets.contracts.entities.personal import REMOVED
from jobmatch_assets.contracts.erasure import (
    EVENT_LINES,
    KINDS_RENAMED,
    PERSON_COLUMNS,
    RECORD_LINES,
    STRUCTURE,
    PersonLines,
)
from jobmatch_assets.contracts.event_fields import DEEPEST_NESTING
from jobmatch_assets.privacy.pseudonyms import Pseudonyms, pseudonym_of
from jobmatch_assets.privacy.tokens import Decoder, Token, tokens_of

_NO_JSON = "[erased]"
_NO_OBJECT = '["[erased]"]'
_NO_TEXT = b"[erased]\xff"
_IDS = re.compile(rf'"({"|".join(PERSON_COLUMNS)})"\s*:\s*("(?:[^"\\]++|\\.)*+"|[^\s,{{}}\[\]"]++)')
_MOST_DIGITS = 40
_LARGEST_EXPONENT = 20
_LONGEST_OP = 2


@dataclass(frozen=True)
class Line:
    """A line of bronze.

    Attributes:
        text: Its raw_line.
        form: Its raw_form.
        bytes: Its line_bytes.
    """

    text: str
    form: str
    bytes: int


class Eraser:
    """Takes erased persons out of lines."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._known = pseudonyms
        self._decoded = Decoder()

    def line(self, line: Line, most_bytes: int, table: str | None = None) -> Line | None:
        """The line without them; None where none of them is in it.

        Args:
            line: The line.
            most_bytes: How long a text of its feed may be.
            table: The table of entities that it is a record of; None for an event.
        """
        if line.form != "text":
            return self._bytes(line)
        rules = EVENT_LINES if table is None else RECORD_LINES[table]
        if not self._may_hold(line.text):
            return None
        changed = self._text(line.text, rules, REMOVED)
        if changed is None:
            return None
        if len(changed.encode(errors="replace")) > most_bytes:
            changed = self._text(line.text, rules, "") or changed
        return Line(changed, line.form, len(changed.encode()))

    def _bytes(self, line: Line) -> Line | None:
        """What is not UTF-8, or only the head of what is too long; searched as UTF-8 and as UTF-16."""
        try:
            data = base64.b64decode(line.text)
        except binascii.Error:
            data = line.text.encode()
        texts = [data.decode(errors="replace"), data.replace(b"\0", b"").decode(errors="replace")]
        if not any(self._known.in_text(text) or self._names(text) for text in texts):
            return None
        kept = base64.b64encode(_NO_TEXT).decode()
        if line.text == kept:
            return None
        return Line(kept, line.form, len(_NO_TEXT) if line.form == "base64" else line.bytes)

    def _may_hold(self, text: str) -> bool:
        """Whether a closer look is needed: quick, since nearly all lines are of others."""
        return "\\u" in text or self._names(text) or self._known.in_text(text)

    def _names(self, text: str) -> bool:
        return any(self._digest(name, value) for name, value in _IDS.findall(text))

    def _digest(self, name: str, token: str) -> str | None:
        """The digest of a value of a column that names a person, if the person was erased."""
        kind, id_ = PERSON_COLUMNS[name], self._id(token)
        return self._known.of(kind, id_.strip()) if id_ else None

    def _id(self, token: str) -> str:
        """A value as an id: of numbers those that are whole, as the platform reads them."""
        if token.startswith('"'):
            return self._decoded(token)
        try:
            number = Decimal(token) if len(token) <= _MOST_DIGITS else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            return "" if token in ("null", "true", "false") else token
        if abs(number.adjusted()) > _LARGEST_EXPONENT or number != number.to_integral_value():
            return token
        return str(int(number))

    def _text(self, text: str, rules: PersonLines, removed: str) -> str | None:
        tokens = list(tokens_of(text, self._decoded))
        is_about = self._is_about(tokens, rules)
        changed = "".join(self._changed(tokens, rules, is_about, removed))
        if changed == text and not is_about:
            return None
        depth = max((token.depth + 1 for token in tokens if token.kind == "open"), default=0)
        changed = _instead_of_broken(text, depth) or changed
        return None if changed == text else changed

    def _is_about(self, tokens: list[Token], rules: PersonLines) -> bool:
        """Whether the line is about an erased person."""
        found: dict[str, list[str]] = {}
        for token in tokens:
            if token.kind in ("string", "scalar") and token.name in rules.subjects and self._id(token.text):
                found.setdefault(token.name, []).append(token.text)
        subjects = [name for name in rules.subjects if name in found]
        if not rules.any_subject:
            subjects = subjects[:1]
        return any(self._digest(name, value) for name in subjects for value in found[name])

    def _changed(
        self, tokens: list[Token], rules: PersonLines, is_about: bool, removed: str
    ) -> Iterator[str]:
        # The depths at which members are columns; and how deep the value lies that is emptied.
        levels, emptied = {1}, None
        for token in tokens:
            if emptied is not None:
                if token.kind == "close" and token.depth == emptied:
                    emptied = None
                    yield token.text
                continue
            if token.kind in ("name", "other"):
                yield self._plain(token) if token.kind == "name" else token.text
                continue
            if token.kind == "close":
                levels.discard(token.depth + 1) if token.depth else None
                yield token.text
                continue
            is_column = token.depth in levels
            if token.kind == "open":
                if token.depth and is_column and token.name in STRUCTURE:
                    if token.name in ("before", "after", "payload"):
                        levels.add(token.depth + 1)
                elif token.depth and is_about and is_column and _is_emptied(token.name, rules):
                    emptied = token.depth
                yield token.text
            elif (kind := PERSON_COLUMNS.get(token.name or "")) and (
                digest := self._digest(token.name or "", token.text)
            ):
                yield _pseudonym(token.text, digest) if kind in KINDS_RENAMED else token.text
            elif is_about and is_column and not _is_mark(token) and _is_emptied(token.name, rules):
                yield _empty(token.text, removed)
            else:
                yield self._plain(token)

    def _plain(self, token: Token) -> str:
        """A piece in which ids are replaced that can be told from other words."""
        if not token.text.startswith('"'):
            return self._known.without(token.text)
        said = self._decoded(token.text)
        changed = self._known.without(said)
        return token.text if changed == said else _quoted(changed, token.text)


def _is_emptied(name: str | None, rules: PersonLines) -> bool:
    return name is not None and (name in rules.free_text or name not in rules.columns)


def _is_mark(token: Token) -> bool:
    """Whether a member beside the columns says what kind of change a record is."""
    name = token.name or ""
    if name.startswith("__"):
        return True
    return name in STRUCTURE and (not token.text.startswith('"') or len(token.text) <= _LONGEST_OP + 2)


def _pseudonym(token: str, digest: str) -> str:
    """A value with a pseudonym in it, as a string; spaces around an id stay."""
    said = token[1:-1] if token.startswith('"') else token
    before, after = (said[: len(said) - len(said.lstrip(" "))], said[len(said.rstrip(" ")) :])
    return f'"{before}{pseudonym_of(digest)}{after if before != said else ""}"'


def _empty(token: str, removed: str) -> str:
    """A value that says nothing, of the same type, so that the line is judged as before."""
    if token.startswith('"'):
        return '""' if len(token) <= len('""') else f'"{removed}"'
    return {"true": "false", "false": "false", "null": "null"}.get(token, "0")


def _quoted(said: str, token: str) -> str:
    text = json.dumps(said, ensure_ascii=any("\ud800" <= letter <= "\udfff" for letter in said))
    return text if token.endswith('"') and len(token) > 1 else text[:-1]


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _instead_of_broken(text: str, depth: int) -> str | None:
    """What stands in the place of a text that is no JSON, too deep, or no object; None for others."""
    if depth > DEEPEST_NESTING:
        return _NO_JSON
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return _NO_JSON
    return None if isinstance(value, dict) else _NO_OBJECT
