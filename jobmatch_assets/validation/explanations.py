"""What in a rejected line is wrong, as far as it can be told; valid lines are not looked at so closely.

No rule of the contract is written here. Which fields have a value of a wrong type is found by sending each of
them through staging in a line that is otherwise valid.
"""

import base64
import datetime as dt
import json
import re
from collections.abc import Sequence

from jobmatch_assets.contracts.event_fields import DEEPEST_NESTING, EVENT_FIELDS
from jobmatch_assets.contracts.quarantine import REJECTIONS
from jobmatch_assets.warehouse.duckdb.scratch import RejectedLine, ScratchDuckDB

_LONGEST_VALUE = 80
_MOST_REMEMBERED = 100_000
_TYPES = {field.name: field.type for field in EVENT_FIELDS}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?')
_SPACE = re.compile(r"[ \t\r\n]*")
_KINDS = {"[": "an array", '"': "a string", "t": "true", "f": "false", "n": "null"}
_COMPANIONS = {"experiment_id": '"variant":"x"', "variant": '"experiment_id":"x"'}


class _ConstantError(Exception):
    """NaN or Infinity, which Python's parser would accept."""


def _refuse_constant(name: str) -> None:
    raise _ConstantError(name)


# Digits stay text: their number is not asked for, and Python refuses to convert very many.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant)


class Explanations:
    """Explains rejected lines of one day's file."""

    def __init__(self, scratch: ScratchDuckDB, day: dt.date) -> None:
        self._scratch = scratch
        self._day = day
        self._wrong: dict[tuple[str, str], bool] = {}

    def of(self, lines: Sequence[RejectedLine]) -> list[str | None]:
        """What is wrong with each line, None where the reason says it all."""
        members = [_members(line) if line.raw_form == "text" else {} for line in lines]
        self._probe([each for line, each in zip(lines, members, strict=True) if _is_mistyped(line)])
        return [self._of(line, each) for line, each in zip(lines, members, strict=True)]

    def _of(self, line: RejectedLine, members: dict[str, str]) -> str | None:
        if line.reason == "not_utf8":
            return _why_not_utf8(base64.b64decode(line.raw_line))
        if line.reason == "not_json":
            return _why_not_json(line.raw_line)
        if line.reason == "not_an_object":
            return f"it is {_KINDS.get(line.raw_line.strip()[:1], 'a number')}"
        if _is_mistyped(line):
            wrong = [name for name in _TYPES if self._wrong.get((name, members.get(name, "")))]
            return "; ".join(f"{_shown(name, members)}, expected {_TYPES[name]}" for name in wrong) or None
        # The list is another way to send the pair of fields: not a fault where it was not chosen.
        fields = [name for name in REJECTIONS[line.reason].fields if name != "experiments" or name in members]
        return ", ".join(_shown(name, members) for name in fields) or None

    def _probe(self, lines: Sequence[dict[str, str]]) -> None:
        """Find out which fields are wrong by themselves; what was asked before is remembered."""
        if len(self._wrong) > _MOST_REMEMBERED:
            self._wrong.clear()
        asked = {(name, value) for members in lines for name, value in members.items() if name in _TYPES}
        new = sorted(asked - self._wrong.keys())
        if new:
            reasons = self._scratch.reasons_of([self._line_with(*member) for member in new])
            for member, reason in zip(new, reasons, strict=True):
                self._wrong[member] = reason == "bad_field_type"

    def _line_with(self, name: str, value: str) -> str:
        """A valid line, but for the value of this field."""
        members = {
            "event_id": '"x"',
            "event_name": '"login"',
            "event_ts": f'"{self._day}T00:00:00Z"',
            "user_id": '"x"',
        } | {name: value}
        written = [f'"{key}":{text}' for key, text in members.items()]
        return "{" + ",".join([*written, *filter(None, [_COMPANIONS.get(name)])]) + "}"


def _is_mistyped(line: RejectedLine) -> bool:
    return line.reason == "bad_field_type"


def _shown(name: str, members: dict[str, str]) -> str:
    """`name is value`, cut where it is long."""
    value = members.get(name, "null")
    if value == "null":
        return f"{name} is missing"
    if len(value) > _LONGEST_VALUE:
        value = f"{value[:_LONGEST_VALUE]}… ({len(value):,} characters)"
    return f"{name} is {value}"


def _members(line: RejectedLine) -> dict[str, str]:
    """The members of a line that is an object, each as the JSON text that was sent."""
    text = line.raw_line
    members: dict[str, str] = {}
    try:
        at = _after_space(text, _after_space(text, 0) + 1)
        while text[at] != "}":
            key, at = _DECODER.raw_decode(text, at)
            start = _after_space(text, _after_space(text, at) + 1)
            _, at = _DECODER.raw_decode(text, start)
            members[str(key)] = text[start:at]
            at = _after_space(text, at)
            at = _after_space(text, at + 1) if text[at] == "," else at
    except (ValueError, IndexError, _ConstantError, RecursionError):
        return members  # not_json, which is explained in its own way
    return members


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _why_not_utf8(data: bytes) -> str | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1:,} of the line is 0x{data[error.start]:02X}"
    return None


def _why_not_json(text: str) -> str | None:
    if _depth(text) > DEEPEST_NESTING:
        return "nested too deeply"
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
    except _ConstantError as error:
        return f"{error} is no JSON value"
    except json.JSONDecodeError as error:
        return f"at character {error.pos + 1:,}: {error.msg}"
    return None


def _depth(text: str) -> int:
    """How many brackets are open at once, outside of strings."""
    deepest = depth = 0
    for character in re.sub(r"[^][{}]+", "", _STRING.sub("", text)):
        depth += 1 if character in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
