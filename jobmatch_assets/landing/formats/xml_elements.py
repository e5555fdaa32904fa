"""XML, read as a stream: the children of the root that are named as records."""

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import pyarrow as pa

from jobmatch_assets.contracts.entities.quarantine import MAX_RECORD_BYTES
from jobmatch_assets.landing.formats.records import MOST_HELD_BYTES, RawRecord, batches_of, compact
from jobmatch_assets.landing.layout import Source
from jobmatch_assets.landing.readable import Readable
from jobmatch_assets.landing.root import UnreadableFileError

RECORD_NAMES = frozenset({"job", "posting", "item", "row"})
"""Names of records, besides that of the table."""

MOST_DEPTH = 20
"""How many elements may stand within each other."""

_BLOCK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_WITHOUT_DOCTYPE = "Send it without a DOCTYPE; entities of it are never read"


class _RefusedError(Exception):
    """The file is refused: (what is wrong, what to do)."""


def read_xml(source: Source, table: str) -> Iterator[pa.RecordBatch]:
    """The records of an XML file as JSON objects, all values of them texts.

    Children become members (with children of their own: objects), repeated ones lists, attributes `@name`, of
    an element that is a member `member@name`. Namespaces are left out.

    Args:
        source: The file.
        table: The name of the table, which its records may have.

    Raises:
        UnreadableFileError: It is not well-formed, has a DOCTYPE, is too deep, or a record is too long.
    """
    with source.opened() as content:
        yield from batches_of(_records(source.place, content, RECORD_NAMES | {table}))


def _records(place: str, content: Readable, names: frozenset[str]) -> Iterator[RawRecord]:
    reader = _Reader(names)
    try:
        block = content.read(_BLOCK)
        while len(block) < len(_BOM) and (more := content.read(_BLOCK)):
            block += more
        reader.feed(block.removeprefix(_BOM))
        while block := content.read(_BLOCK):
            reader.feed(block)
            while reader.records:
                yield reader.records.popleft()
        reader.close()
        while reader.records:
            yield reader.records.popleft()
    except _RefusedError as refused:
        problem, remedy = refused.args
        raise UnreadableFileError(
            f"{place}, line {reader.line:,}, {problem}. Nothing of it was loaded. {remedy}, and run again."
        ) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFileError(
            f"{place}, line {reader.line:,}, is not well-formed XML ({error}). Nothing of it was loaded. "
            "Send it again, whole and well-formed, and run again."
        ) from None


class _Element:
    """An element of a record."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: list[tuple[str, str]]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[_Element] = []
        self.text: list[str] = []

    def members(self) -> dict[str, Any]:
        """What the element is as a JSON object."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for name, value in self.attributes:
            found[f"@{name}"].append(value)
        for child in self.children:
            if child.children:
                found[child.name].append(child.members())
                continue
            found[child.name].append("".join(child.text))
            for name, value in child.attributes:
                found[f"{child.name}@{name}"].append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


class _Reader:
    """Takes bytes, gives records; holds no more than the record at hand."""

    def __init__(self, names: frozenset[str]) -> None:
        self.records: deque[RawRecord] = deque()
        self._names = names
        self._depth = 0
        self._stack: list[_Element] = []
        self._held = self._fed = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    @property
    def line(self) -> int:
        """The line at hand."""
        return int(self._parser.CurrentLineNumber)

    def feed(self, block: bytes) -> None:
        self._parser.Parse(block, False)
        self._fed += len(block)
        if self._fed - self._parser.CurrentByteIndex > MOST_HELD_BYTES:
            raise self._too_long()

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == MOST_DEPTH:
            raise _RefusedError(f"is deeper than {MOST_DEPTH} elements", "Send it flatter")
        self._depth += 1
        if self._stack:
            self._hold(name, attributes)
            self._stack.append(_Element(_local(name), _named(attributes)))
        elif self._depth == 2 and _local(name) in self._names:
            self._held = 0
            self._hold(name, attributes)
            self._stack.append(_Element(_local(name), _named(attributes)))
            self._parser.CharacterDataHandler = self._characters

    def _end(self, name: str) -> None:  # noqa: ARG002
        self._depth -= 1
        if not self._stack:
            return
        element = self._stack.pop()
        if self._stack:
            self._stack[-1].children.append(element)
            return
        self._parser.CharacterDataHandler = None
        text = compact(element.members())
        if len(text) > MAX_RECORD_BYTES or len(text.encode()) > MAX_RECORD_BYTES:
            raise self._too_long()
        self.records.append(RawRecord(text))

    def _characters(self, text: str) -> None:
        self._held += len(text)
        if self._held > MOST_HELD_BYTES:
            raise self._too_long()
        self._stack[-1].text.append(text)

    def _hold(self, name: str, attributes: dict[str, str]) -> None:
        self._held += len(name) + sum(map(len, attributes)) + sum(map(len, attributes.values()))
        if self._held > MOST_HELD_BYTES:
            raise self._too_long()

    @staticmethod
    def _doctype(*_: object) -> None:
        raise _RefusedError("has a DOCTYPE", _WITHOUT_DOCTYPE)

    @staticmethod
    def _too_long() -> _RefusedError:
        return _RefusedError(
            f"has a record of more than {MAX_RECORD_BYTES // 2**20} MiB",
            "Send the record shorter; documents and pictures do not belong into it",
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _named(attributes: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (_local(name), value)
        for name, value in attributes.items()
        if name != "xmlns" and not name.startswith("xmlns:")
    ]
