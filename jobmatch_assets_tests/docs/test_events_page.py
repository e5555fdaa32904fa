"""docs/events.md against the code; `python -m jobmatch_assets_tests.docs.test_events_page` writes its tables."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from jobmatch_assets.contracts.event_fields import (
    DEEPEST_NESTING,
    EVENT_EXAMPLES,
    EVENT_FIELDS,
    LONGEST_EVENT_ID,
)
from jobmatch_assets.contracts.landed_lines import MAX_LINE_BYTES
from jobmatch_assets.contracts.quarantine import REJECTIONS
from jobmatch_assets.contracts.vocabulary import QUARANTINE_REASONS
from jobmatch_assets.event_names import EVENT_NAMES
from jobmatch_assets.settings import PROJECT_DIR, Settings
from jobmatch_assets.validation.judgement import judged

PAGE = PROJECT_DIR / "docs" / "events.md"
DAY = dt.date(2026, 3, 1)
"""The day that the examples are written for."""

UNSHOWN = {
    "line_too_long": EVENT_EXAMPLES["profile_update"][:-1] + ',"cv":"' + "x" * 2_000_000 + '"}',
    "not_utf8": EVENT_EXAMPLES["search"].replace("nurse berlin", "Köln"),
    "not_an_object": f"[{EVENT_EXAMPLES['click']}, {EVENT_EXAMPLES['click']}]",
}
"""Rejected examples that the page can only describe."""


def tables() -> dict[str, str]:
    """What stands between the marks of the page, by their names."""
    fields = ["| field | since | type | |", "|---|---|---|---|"]
    fields += [
        f"| `{field.name}` | {field.since} | {field.type} | {field.meaning} |" for field in EVENT_FIELDS
    ]
    reasons = ["| reason | when | what to do | on the example of |", "|---|---|---|---|"]
    reasons += [
        f"| `{reason}` | {it.when} | {it.fix} | {it.event}: {_code(it.rejected)} → `{it.mended}` |"
        for reason, it in REJECTIONS.items()
    ]
    examples = ["```json", *EVENT_EXAMPLES.values(), "```"]
    return {
        name: "\n".join(lines) + "\n"
        for name, lines in {"fields": fields, "examples": examples, "reasons": reasons}.items()
    }


def _code(text: str) -> str:
    return f"`{text}`" if text.startswith('"') else text


def with_tables(text: str) -> str:
    """The page with its tables between their marks."""
    for name, table in tables().items():
        mark = re.compile(rf"(<!-- {name}: .*?-->\n)(.*?)(<!-- end of {name} -->)", re.DOTALL)
        text, times = mark.subn(lambda found, table=table: f"{found[1]}{table}{found[3]}", text)
        assert times == 1
    return text


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == with_tables(text), "run: python -m jobmatch_assets_tests.docs.test_events_page"


def test_every_event_and_every_reason_is_on_the_page_in_its_order() -> None:
    assert sorted(EVENT_EXAMPLES) == sorted(EVENT_NAMES)
    assert tuple(REJECTIONS) == QUARANTINE_REASONS


def test_the_limits_of_the_text_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"**1 MiB** ({MAX_LINE_BYTES:,} bytes " in text
    assert f"**{DEEPEST_NESTING}** arrays" in text
    assert f"**{LONGEST_EVENT_ID}** characters" in " ".join(text.split())


def judge(tmp_path: Path, lines: list[bytes]) -> dict[int, str]:
    """The reasons of the rejected lines, by their place."""
    file = tmp_path / "lines.ndjson"
    file.write_bytes(b"\n".join(lines))
    with judged(Settings.from_environment({}), str(file), DAY) as judgement:
        assert judgement.lines == len(lines)
        return {fate.line - 1: fate.reason for fate in judgement.fates(None)}


def test_every_example_of_an_event_is_valid(tmp_path: Path) -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.strip().startswith("{")]
    assert len(lines) == len(EVENT_NAMES) + 1
    assert judge(tmp_path, [line.strip().encode() for line in lines]) == {}
    for name, line in EVENT_EXAMPLES.items():
        assert json.loads(line)["event_name"] == name


def needs() -> dict[str, list[str]]:
    """The page's table of what an event needs."""
    rows = re.findall(r"^\| ([a-z_, ]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        event: re.findall(r"`(\w+)`", needed)
        for events, needed in rows
        for event in events.split(", ")
        if event in EVENT_NAMES
    }


def test_an_event_needs_what_the_page_says_and_no_less(tmp_path: Path) -> None:
    assert sorted(needs()) == sorted(EVENT_NAMES)
    sent = {"job_id": "j", "search_id": "s", "rank_position": 1, "application_id": "a"}
    sent["application_status"] = "placed"
    basic = {"event_id": "e", "schema_version": 2, "event_ts": "2026-03-01T10:00:00Z", "user_id": "u"}
    complete, incomplete = [], []
    for event, needed in needs().items():
        whole = basic | {"event_name": event} | {name: sent[name] for name in needed}
        complete.append(whole)
        required = ["event_id", "event_name", "event_ts", "user_id", *needed]
        incomplete += [{name: value for name, value in whole.items() if name != left} for left in required]
    assert judge(tmp_path, [json.dumps(event).encode() for event in complete]) == {}
    assert len(judge(tmp_path, [json.dumps(event).encode() for event in incomplete])) == len(incomplete)


def test_the_examples_send_every_field() -> None:
    sent = {key for line in EVENT_EXAMPLES.values() for key in json.loads(line)}
    assert {field.name for field in EVENT_FIELDS} <= sent


def test_every_rejected_example_has_its_reason_and_every_mended_one_none(tmp_path: Path) -> None:
    rejected, mended = [], []
    for reason, it in REJECTIONS.items():
        encoding = "latin-1" if reason == "not_utf8" else "utf-8"
        line = UNSHOWN.get(reason) or _with_members(it.event, it.rejected)
        rejected.append(line.encode(encoding))
        mended.append(_with_members(it.event, it.mended).encode())
    assert judge(tmp_path, rejected) == dict(enumerate(QUARANTINE_REASONS))
    assert judge(tmp_path, mended) == {}


def _with_members(event: str, members: str) -> str:
    """The example with these members in place of its own, put together as text: some are no JSON."""
    replaced = re.findall(r'"(\w+)":', members)
    kept = {name: value for name, value in json.loads(EVENT_EXAMPLES[event]).items() if name not in replaced}
    return f"{json.dumps(kept)[:-1]}, {members}}}"


@pytest.mark.parametrize("reason", QUARANTINE_REASONS)
def test_what_is_shown_of_a_rejected_line_are_fields_of_the_contract(reason: str) -> None:
    assert {*REJECTIONS[reason].fields} <= {field.name for field in EVENT_FIELDS}


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
