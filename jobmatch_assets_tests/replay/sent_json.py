"""JSON with its numbers as they were written."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NoReturn

_WRITTEN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")

_DEEPEST = 512


@dataclass(frozen=True)
class Number:
    """A number, which is equal to every other of its value."""

    text: str

    @cached_property
    def value(self) -> Decimal:
        return Decimal(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    @property
    def whole(self) -> int | None:
        """Its value, if that is an integer of 64 bits."""
        if self.value.adjusted() > 20 or self.value != self.value.to_integral_value():
            return None
        return int(self.value) if -(2**63) <= self.value < 2**63 else None


def parsed(text: str) -> Any:
    """The value of a JSON text (RFC 8259).

    Raises:
        ValueError: It is none, or nests too deeply.
    """
    if _depth(text) > _DEEPEST:
        raise ValueError("nested too deeply")
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_number)


def written(value: Any) -> str:
    """The shortest text of it, with numbers as they came and nothing escaped that need not be."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(name)}:{written(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def number_in(text: str) -> Number | None:
    """The number that is written there, leading zeros or not."""
    return Number(text) if _WRITTEN_NUMBER.fullmatch(text) else None


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    return deepest


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
