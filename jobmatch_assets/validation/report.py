"""What `jobmatch validate` prints: for people, or a JSON object a line for programs."""

import dataclasses
import json
from collections.abc import Iterator

from jobmatch_assets.text import printable
from jobmatch_assets.validation.judgement import Fate, Judgement
from jobmatch_assets.validation.source import STANDARD_INPUT, SourceDay, is_passed_over

MOST_SHOWN = 20
"""Rejected lines that people are shown where they do not say how many."""


def text_report(name: str, source_day: SourceDay, judgement: Judgement, most: int | None) -> Iterator[str]:
    """The lines of a report for people."""
    shown_name = "standard input" if name == STANDARD_INPUT else printable(name)
    yield f"{shown_name}, as a file of {source_day.day} ({source_day.known_from})"
    yield ""
    most = MOST_SHOWN if most is None else most
    for fate in judgement.fates(most):
        yield from _lines_of(fate)
    rejected = sum(judgement.rejected.values())
    if most and rejected > most:
        yield f"and {rejected - most:,} more; --limit shows more, --format json all of them"
    if most and rejected:
        yield ""
    yield from _summary(judgement)
    if is_passed_over(name):
        yield "A file of this name is not loaded: docs/events.md says how names must look"


def json_report(name: str, source_day: SourceDay, judgement: Judgement, most: int | None) -> Iterator[str]:
    """A JSON object for each rejected line, all of them unless limited, and one for the whole at the end."""
    for fate in judgement.fates(most):
        yield _as_json(dataclasses.asdict(fate))
    yield _as_json(
        {
            "file": name,
            "dt": str(source_day.day),
            "lines": judgement.lines,
            "valid": judgement.valid,
            "rejected": dict(judgement.rejected),
            "repeated_event_ids": judgement.repeated_ids,
            "lines_with_repeated_event_ids": judgement.repeated_lines,
        }
    )


def _lines_of(fate: Fate) -> Iterator[str]:
    detail = f": {printable(fate.detail)}" if fate.detail else ""
    yield f"line {fate.line}: {fate.reason}{detail}"
    yield f"    {fate.fix}"


def _summary(judgement: Judgement) -> Iterator[str]:
    rejected = sum(judgement.rejected.values())
    yield f"{_counted(judgement.lines, 'line')}: {judgement.valid:,} valid, {rejected:,} rejected"
    width = max(map(len, judgement.rejected), default=0)
    for reason, lines in judgement.rejected.items():
        yield f"    {reason.ljust(width)}  {lines:>11,}"
    if judgement.repeated_ids:
        ids = _counted(judgement.repeated_ids, "event_id")
        yield (
            f"{judgement.repeated_lines:,} of the valid lines share {ids}: of each event one line is kept, "
            "the others count as duplicates"
        )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _as_json(value: dict[str, object]) -> str:
    # Of the characters that JSON lets through in ASCII, DEL alone is a control character.
    return json.dumps(value).replace("\x7f", "\\u007f")
