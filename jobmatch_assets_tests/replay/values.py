"""What was sent for a column, read as its type."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jobmatch_assets_tests.replay import sent_json, times
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import Column

PLACEHOLDER = "__debezium_unavailable_value"
BLANKS = " \t\r\n"

_TRUE, _FALSE = ("true", "t", "yes", "y"), ("false", "f", "no", "n")
_PLACE = ("country", "region", "city", "postal_code")


class InvalidError(Exception):
    """A value that cannot be read as its type."""


@dataclass(frozen=True)
class Where:
    """Where values stand.

    Attributes:
        in_cell: In a cell of CSV or an element of XML, where all is text.
        in_change: In a change, not in a row.
        zone: Time zone of texts without one.
    """

    in_cell: bool
    in_change: bool
    zone: str


@dataclass(frozen=True)
class Value:
    """A value that could be read; `is_other` where a word of no list became the word `other`."""

    value: Any
    is_other: bool = False


def is_unchanged(sent: Any) -> bool:
    """Whether this says that the value is what it was."""
    if isinstance(sent, list) and len(sent) == 1:
        return isinstance(sent[0], str) and sent[0].strip(BLANKS) == PLACEHOLDER
    if not isinstance(sent, str):
        return False
    text = sent.strip(BLANKS)
    return text == PLACEHOLDER or re.fullmatch(rf'\[\s*"\s*{PLACEHOLDER}\s*"\s*\]', text) is not None


def read(column: Column, sent: Any, where: Where) -> Value:
    """The value, with None where there is none.

    Raises:
        InvalidError: It has another type, or is not allowed.
    """
    if sent is None:
        return Value(None)
    return _list(column, sent, where) if column.is_list else _scalar(column, sent, where)


def _scalar(column: Column, sent: Any, where: Where) -> Value:
    if isinstance(sent, str):
        if where.in_cell or column.kind in _TRIMMED:
            sent = sent.strip(BLANKS)
        if sent == "":
            return Value(None)
    if column.kind == "enum":
        return _word(column, sent)
    value = _READERS[column.kind](sent, where)
    if value is None or (column.words and value not in column.words):
        raise InvalidError
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        least, most = column.least, column.most
        if (least is not None and value < least) or (most is not None and value > most):
            raise InvalidError
    return Value(value)


def _word(column: Column, sent: Any) -> Value:
    if not isinstance(sent, str):
        raise InvalidError
    word = re.sub("[ -]", "_", re.sub("[A-Z]", lambda letter: letter[0].lower(), sent))
    if word in column.words:
        return Value(word)
    if "other" not in column.words:
        raise InvalidError
    return Value("other", is_other=True)


def _text(sent: Any, where: Where) -> str | None:
    return sent if isinstance(sent, str) else None


def _number(sent: Any, where: Where) -> Number | None:
    if isinstance(sent, Number):
        return sent
    return sent_json.number_in(sent) if where.in_cell and isinstance(sent, str) else None


def _whole(sent: Any, where: Where) -> int | None:
    number = _number(sent, where)
    return None if number is None else number.whole


def _id(sent: Any, where: Where) -> str | None:
    if isinstance(sent, Number):
        return None if sent.whole is None else str(sent.whole)
    return _text(sent, where)


def _timestamp(sent: Any, where: Where) -> int | None:
    number = _number(sent, where)
    if number is not None:
        return times.moment_of_number(number)
    return times.moment(sent, where.zone) if isinstance(sent, str) else None


def _date(sent: Any, where: Where) -> Any:
    number = _number(sent, where)
    if number is not None:
        return times.date_of_number(number) if where.in_change else None
    return times.date(sent) if isinstance(sent, str) else None


def _decimal(sent: Any, where: Where) -> Decimal | None:
    number = sent_json.number_in(sent) if isinstance(sent, str) else _number(sent, where)
    if number is None or abs(number.value) >= 10**12:
        return None
    cut = number.value.quantize(Decimal("0.000001"), rounding="ROUND_DOWN")
    return cut.normalize() + 0 if cut == number.value else None


def _bool(sent: Any, where: Where) -> bool | None:
    if isinstance(sent, bool):
        return sent
    number = _number(sent, where)
    if number is not None:
        return bool(number.whole) if number.whole in (0, 1) else None
    if where.in_cell and isinstance(sent, str) and sent.lower() in _TRUE + _FALSE:
        return sent.lower() in _TRUE
    return None


def _letters(count: int, case: Callable[[str], str]) -> Callable[[Any, Where], str | None]:
    def reader(sent: Any, where: Where) -> str | None:
        if isinstance(sent, str) and re.fullmatch(f"[A-Za-z]{{{count}}}", sent):
            return case(sent)
        return None

    return reader


def _location(sent: Any, where: Where) -> tuple[str | None, ...] | None:
    if not isinstance(sent, dict):
        return None
    return tuple(_of_place(name, sent.get(name), where) for name in _PLACE)


def _of_place(name: str, sent: Any, where: Where) -> str | None:
    sent = sent.strip(BLANKS) if isinstance(sent, str) else sent
    if sent is None or sent == "":
        return None
    kind = {"country": "country", "postal_code": "id"}.get(name, "text")
    value = _READERS[kind](sent, where)
    if value is None:
        raise InvalidError
    return str(value)


_TRIMMED = ("enum", "as_is", "decimal", "country", "currency", "language")

_READERS: dict[str, Callable[[Any, Where], Any]] = {
    "text": _text,
    "as_is": _text,
    "id": _id,
    "integer_id": _whole,
    "int": _whole,
    "timestamp": _timestamp,
    "date": _date,
    "decimal": _decimal,
    "bool": _bool,
    "country": _letters(2, str.upper),
    "currency": _letters(3, str.upper),
    "language": _letters(2, str.lower),
    "location": _location,
}


def _list(column: Column, sent: Any, where: Where) -> Value:
    elements = [_scalar(column, element, where) for element in _elements(sent) if element is not None]
    filled = tuple(element.value for element in elements if element.value not in (None, _NOWHERE))
    return Value(filled or None, any(element.is_other for element in elements))


_NOWHERE = (None,) * len(_PLACE)


def _elements(sent: Any) -> Iterator[Any]:
    if isinstance(sent, str):
        text = sent.strip(BLANKS)
        if text.startswith(("[", "{")):
            try:
                sent = sent_json.parsed(text)
            except ValueError:
                raise InvalidError from None
        else:
            sent = text.split("|")
    if isinstance(sent, dict):
        sent = [sent]
    if not isinstance(sent, list):
        raise InvalidError
    for element in sent:
        yield element.strip(BLANKS) if isinstance(element, str) else element
