"""How the bytes of a file become records: their raw text, and what stands in them."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from jobmatch_assets_tests.replay import sent_json
from jobmatch_assets_tests.replay.files import File
from jobmatch_assets_tests.replay.tables import TABLES

LONGEST = 4 * 1024 * 1024
_DEEPEST_XML = 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Raw:
    """A record before anything is known of it.

    Attributes:
        file: The file that it stands in.
        number: Which of the file's records it is.
        text: Its raw form, by which records are ordered.
        content: What it says, if it could be read.
        reason: Why it could not, as quarantine names it.
    """

    file: File
    number: int
    text: bytes
    content: Any = None
    reason: str | None = None


def read_records(file: File) -> list[Raw] | None:
    """The records of a file, or None where the file is refused."""
    try:
        content = gzip.decompress(file.content) if file.path.endswith(".gz") else file.content
        return list(_READERS[file.format](file, content.removeprefix(_BOM)))
    except (EOFError, OSError, ValueError, csv.Error, ElementTree.ParseError, RecursionError):
        return None


def _ndjson(file: File, content: bytes) -> Iterator[Raw]:
    lines = (line.removesuffix(b"\r") for line in content.split(b"\n"))
    for number, line in enumerate(lines, 1):
        if line.strip(b" \t\r") not in (b"", b"null"):
            yield _line(file, number, line)


def _line(file: File, number: int, line: bytes) -> Raw:
    if len(line) > LONGEST:
        return Raw(file, number, line, reason="record_too_long")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return Raw(file, number, line, reason="not_utf8")
    try:
        return Raw(file, number, line, sent_json.parsed(text))
    except (ValueError, RecursionError):
        return Raw(file, number, line, reason="not_json")


def _json(file: File, content: bytes) -> Iterator[Raw]:
    top = sent_json.parsed(content.decode())
    if isinstance(top, dict) and TABLES[file.table].key.name not in top:
        arrays = [member for member in top.values() if isinstance(member, list)]
        top = arrays[0] if len(arrays) == 1 else top
    for number, record in enumerate(top if isinstance(top, list) else [top], 1):
        yield _kept(file, number, record)


def _kept(file: File, number: int, content: Any, reason: str | None = None) -> Raw:
    text = sent_json.written(content).encode()
    return Raw(file, number, text, content, "record_too_long" if len(text) > LONGEST else reason)


def _csv(file: File, content: bytes) -> Iterator[Raw]:
    # Bytes that are not UTF-8 become lone surrogates, which no UTF-8 has.
    text = content.decode(errors="surrogateescape")
    filled = (row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row)
    header = next(filled, None)
    if header is None or len(set(header)) < len(header) or _is_broken(header):
        raise ValueError("a header with names of its own is needed")
    for number, row in enumerate(filled, 1):
        cells = [cell or None for cell in row]
        if _is_broken(row):
            yield Raw(file, number, repr(row).encode(), reason="not_utf8")
        elif len(cells) == len(header):
            yield _kept(file, number, dict(zip(header, cells, strict=True)))
        else:
            yield _kept(file, number, cells, "bad_csv_row")


def _is_broken(cells: list[str]) -> bool:
    return any("\ud800" <= mark <= "\udfff" for cell in cells for mark in cell)


def _xml(file: File, content: bytes) -> Iterator[Raw]:
    if b"<!DOCTYPE" in content:
        raise ValueError("a DOCTYPE")
    names = (file.table, "job", "posting", "item", "row")
    root = ElementTree.fromstring(content)
    if _depth(root) > _DEEPEST_XML:
        raise ValueError("nested too deeply")
    for number, element in enumerate((child for child in root if _name(child) in names), 1):
        record = _kept(file, number, _object(element))
        if record.reason is not None:
            raise ValueError("a record that is too long")
        yield record


def _depth(element: ElementTree.Element) -> int:
    return 1 + max(map(_depth, element), default=0)


def _object(element: ElementTree.Element) -> dict[str, Any]:
    found: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    lists: set[str] = set()
    for child in element:
        name = _name(child)
        _add(found, lists, name, _object(child) if len(child) else child.text or "")
        if not len(child):
            for key, text in child.attrib.items():
                _add(found, lists, f"{name}@{_local(key)}", text)
    return found


def _add(found: dict[str, Any], lists: set[str], name: str, value: Any) -> None:
    """A member, which becomes a list where it comes again."""
    if name in lists:
        found[name].append(value)
    elif name in found:
        found[name] = [found[name], value]
        lists.add(name)
    else:
        found[name] = value


def _name(element: ElementTree.Element) -> str:
    return _local(element.tag)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


_READERS = {"ndjson": _ndjson, "json": _json, "csv": _csv, "xml": _xml}
