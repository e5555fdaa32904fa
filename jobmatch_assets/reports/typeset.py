"""A document as PDF: Typst lays it out, from a template and one JSON file with all texts and numbers."""

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jobmatch_assets.reports.drawing import FONTS, drawn
from jobmatch_assets.reports.files import ReportError
from jobmatch_assets.reports.parts import Chart, Part, Section, Tile

_TEMPLATE = Path(__file__).parent / "template" / "weekly.typ"


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes:
        title: What it is.
        dates: The dates that it is about.
        is_final: Whether its numbers can change by late data only; else each page says so.
        state: The same in a sentence.
        reasons: Why it is not final.
        notes: What else is to be known of its dates.
        tiles: The numbers that are read first.
        reading: How to read them.
        sections: What follows.
        published_at: When its data were published; the document has this date, too.
    """

    title: str
    dates: str
    is_final: bool
    state: str
    reasons: Sequence[str]
    notes: Sequence[str]
    tiles: Sequence[Tile]
    reading: str
    sections: Sequence[Section]
    published_at: dt.datetime


def typeset(document: Document) -> bytes:
    """The PDF; of the same document always the same bytes.

    Raises:
        ReportError: Typst cannot lay it out.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="jobmatch-report-") as folder:
        shutil.copy(_TEMPLATE, folder)
        texts = json.dumps(as_json(document), ensure_ascii=False, allow_nan=False)
        Path(folder, "report.json").write_text(texts, encoding="utf-8")
        try:
            return typst.compile(
                str(Path(folder, _TEMPLATE.name)),
                root=folder,
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
                # Typst refuses what lacks a tag, a title, a language or the text of an image.
                pdf_standards="ua-1",
                timestamp=int(document.published_at.timestamp()),
            )
        except typst.TypstError as error:
            raise ReportError(f"The report cannot be laid out: {error.message}") from error


def as_json(document: Document) -> dict[str, Any]:
    """What the template reads."""
    published = document.published_at.astimezone(dt.UTC)
    return {
        **asdict(document),
        "published_at": f"{published:%Y-%m-%d %H:%M} UTC",
        "sections": [
            {"title": section.title, "intro": section.intro, "parts": [_part(part) for part in section.parts]}
            for section in document.sections
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Chart):
        return {
            "kind": part.kind, "title": part.title, "note": part.note, "alt": part.alt, "half": part.half,
            "svg": drawn(part),
        }  # fmt: skip
    return asdict(part)
