"""One JSON document a file: the elements of its array, or what stands in place of one."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import pyarrow as pa

from jobmatch_assets.landing.formats.records import RawRecord, batches_of
from jobmatch_assets.landing.layout import Source
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets.landing.root import UnreadableFileError

_BLOCK = 4 * 1024 * 1024
_MOST_HELD = 256 * 1024 * 1024
_SPACE = re.compile(r"[ \t\n\r]*")
_AFTER_VALUE = frozenset(" \t\n\r,:]}")
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^ \t\n\r"]+', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


class _Value(NamedTuple):
    """A value as it stands in the document, and as it was parsed."""

    text: str
    parsed: Any
    repeats_names: bool


def read_json(source: Source, key: str) -> Iterator[pa.RecordBatch]:
    """The records of a JSON document, one by one.

    They are the elements of a top array; the top object, where it has the table's key; the elements of its
    only array; else the top value itself.

    Args:
        source: The file, which is read twice where an object stands at its top.
        key: The column that names an entity of the table.

    Raises:
        UnreadableFileError: It is no JSON.
    """
    with source.opened() as content:
        document = _Document(source.place, content)
        if document.next() != "{":
            yield from batches_of(_elements(document))
            return
        array = _array_of(document, key)
    with source.opened() as content:
        yield from batches_of(_of_object(_Document(source.place, content), array))


def _elements(document: "_Document") -> Iterator[RawRecord]:
    if document.next() == "[":
        yield from map(_record, document.array())
    else:
        yield _record(document.value())
    document.end()


def _array_of(document: "_Document", key: str) -> int | None:
    """Which member of the top object has the records; None where it is a record itself."""
    kinds: dict[str, int | None] = {}
    for number, name in enumerate(document.members()):
        if document.next() == "[":
            kinds[name] = number
            for _ in document.array():
                pass
        else:
            kinds[name] = None
            document.value()
    document.end()
    arrays = [number for number in kinds.values() if number is not None]
    return arrays[0] if len(arrays) == 1 and key not in kinds else None


def _of_object(document: "_Document", array: int | None) -> Iterator[RawRecord]:
    if array is None:
        yield _record(document.value())
        return
    for number, _ in enumerate(document.members()):
        if number == array:
            yield from map(_record, document.array())
            return
        if document.next() != "[":
            document.value()
            continue
        for _ in document.array():
            pass


def _record(value: _Value) -> RawRecord:
    """The value without spaces, nothing escaped that need not be, numbers as they were written."""
    if value.repeats_names:
        return RawRecord(_written(json.loads(value.text, parse_float=_Number, parse_int=_Number)))
    text = value.text
    if "\\" in text:
        text = "".join(
            _string(json.loads(token)) if "\\" in token else token for token in _TOKENS.findall(text)
        )
    elif " " in text or "\n" in text or "\t" in text or "\r" in text:
        text = "".join(_TOKENS.findall(text))
    return RawRecord(text)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{_string(name)}:{_written(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, _Number):
        return str(value)
    return _string(value)


def _string(value: Any) -> str:
    """A text, true, false or null; half a surrogate pair is no UTF-8 and stays escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Document:
    """A document that is read value by value; more of it is taken when a value is not whole yet."""

    def __init__(self, place: str, content: Readable) -> None:
        self._place = place
        self._content = content
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._is_whole = False
        self._before = 0  # characters before _text
        self._repeats_names = False
        self._decoded = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constant,
        ).raw_decode

    def next(self) -> str:
        """The next character that is no space, which stays; empty at the end."""
        while True:
            self._at = _end_of(_SPACE, self._text, self._at)
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> _Value:
        """The value that comes next."""
        self.next()
        size = _BLOCK
        while True:
            self._repeats_names = False
            try:
                parsed, end = self._decoded(self._text, self._at)
            except ValueError as error:
                if self._more(size):
                    size *= 2
                    continue
                self._fail("is no JSON", error)
            except RecursionError:
                self._fail("is nested too deeply", None)
            # Of a number the rest may come: its digits, or what follows on a point that is the last so far.
            if self._text[end : end + 1] not in _AFTER_VALUE and self._more(size):
                continue
            value = _Value(self._text[self._at : end], parsed, self._repeats_names)
            self._at = end
            return value

    def array(self) -> Iterator[_Value]:
        """The elements of the array that comes next."""
        self._take("[")
        if self.next() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self.next() == "]":
                self._at += 1
                return
            self._take(",")

    def members(self) -> Iterator[str]:
        """The names of the object that comes next; the values are read in between."""
        self._take("{")
        if self.next() == "}":
            self._at += 1
            return
        while True:
            if self.next() != '"':
                self._fail("is no JSON", None)
            name = self.value().parsed
            self._take(":")
            yield name
            if self.next() == "}":
                self._at += 1
                return
            self._take(",")

    def end(self) -> None:
        """Nothing else may follow."""
        if self.next():
            self._fail("goes on after its end", None)

    def _take(self, character: str) -> None:
        if self.next() != character:
            self._fail("is no JSON", None)
        self._at += 1

    def _more(self, size: int = _BLOCK) -> bool:
        """Take more of the file in; false where there is none."""
        if self._is_whole:
            return False
        block = self._content.read(size)
        self._is_whole = not block
        try:
            text = self._decoder.decode(block, final=self._is_whole)
        except UnicodeDecodeError as error:
            self._fail("is not UTF-8", error)
        if not text:
            return not self._is_whole
        self._before += self._at
        self._text = self._text[self._at :] + text
        self._at = 0
        if len(self._text) > _MOST_HELD:
            self._fail(f"has a record of more than {_MOST_HELD // 2**20} MiB", None)
        return True

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            self._repeats_names = True
        return made

    def _fail(self, problem: str, error: Exception | None) -> NoReturn:
        at = self._before + (error.pos if isinstance(error, json.JSONDecodeError) else self._at)
        why = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else ""
        raise UnreadableFileError(
            f"{self._place} {problem}{why}, at or after character {at + 1:,}. Nothing of it was loaded. "
            "Send it again as one whole JSON document (RFC 8259), and run again."
        ) from None


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
