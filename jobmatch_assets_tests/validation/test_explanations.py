"""What is told of a rejected line beside its reason."""

import datetime as dt
import json
from pathlib import Path

import pytest

from jobmatch_assets.contracts.event_fields import DEEPEST_NESTING, EVENT_FIELDS
from jobmatch_assets.settings import Settings
from jobmatch_assets.validation.explanations import _depth
from jobmatch_assets.validation.judgement import Fate, judged

VALID = {
    "event_id": "e",
    "event_name": "click",
    "event_ts": "2026-03-02T10:00:00Z",
    "user_id": "u",
    "job_id": "j",
}


def fates(tmp_path: Path, *lines: bytes | str) -> list[Fate]:
    file = tmp_path / "lines.ndjson"
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))
    with judged(Settings.from_environment({}), str(file), dt.date(2026, 3, 2)) as judgement:
        return list(judgement.fates(None))


def test_the_field_of_a_wrong_type_is_named(tmp_path: Path) -> None:
    names = [field.name for field in EVENT_FIELDS]
    sent = [json.dumps(VALID | {"experiment_id": "x", "variant": "v", name: {}}) for name in names]
    found = fates(tmp_path, *sent)
    mistyped = [fate for fate in found if fate.reason == "bad_field_type"]
    assert len(mistyped) > 20
    for fate in mistyped:
        field = EVENT_FIELDS[fate.line - 1]
        assert fate.detail == f"{field.name} is {{}}, expected {field.type}"


CASES = {
    "several fields": ('"bid":"1","surface":"Web"', 'surface is "Web", expected one of'),
    "as it was sent": ('"bid":-1.50e0', "bid is -1.50e0, expected number"),
    "only what is wrong": ('"bid":1,"results_count":-1,"platform":"web"', "results_count is -1, expected"),
    "a long value": (f'"source":["{"x" * 500}"]', "x… (504 characters), expected string"),
    "an escaped key": ('"\\u0062id":[]', "bid is [], expected"),
    "a value": ('"rank_position":2.5', "rank_position is 2.5"),
    "no value": ('"event_name":"impression","search_id":"s"', "rank_position is missing"),
    "a pair": ('"variant":"v"', 'experiment_id is missing, variant is "v"'),
    "a list": ('"experiments":[{"variant":"v"}]', 'experiments is [{"variant":"v"}]'),
    "an identity": ('"user_id":null,"anonymous_id":""', 'user_id is missing, anonymous_id is ""'),
    "a comma": ('"x":[1,]', "at character"),
    "a constant": ('"x":-Infinity', "-Infinity is no JSON value"),
    "many digits": ('"x":' + "1" * 5000 + ',"y":"\x01"', "Invalid control character"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told(tmp_path: Path, case: str) -> None:
    members, expected = CASES[case]
    kept = {name: value for name, value in VALID.items() if f'"{name}":' not in members}
    (fate,) = fates(tmp_path, f"{json.dumps(kept)[:-1]},{members}}}")
    assert expected in (fate.detail or "")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"x":"caf\xe9"}', "byte 10 of the line is 0xE9"),
        (b" [1]", "it is an array"),
        (b"-1", "it is a number"),
        (b"null", "it is null"),
        (b'{"x":1}{"y":2}', "at character 8: Extra data"),
    ],
)
def test_a_line_that_is_no_event_at_all_is_described(tmp_path: Path, line: bytes, expected: str) -> None:
    assert [fate.detail for fate in fates(tmp_path, line)] == [expected]


def test_a_line_that_is_broken_and_nests_deeply_is_told_so(tmp_path: Path) -> None:
    deep = DEEPEST_NESTING + 1
    (fate,) = fates(tmp_path, '{"x":' + "[" * deep + "1,]" * deep + "}")
    assert (fate.reason, fate.detail) == ("not_json", "nested too deeply")


@pytest.mark.parametrize(
    ("text", "depth"), [("1", 0), ("{}", 1), ('[{"a":[]},[]]', 3), (r'["[[[\"[[", {}]', 2), ('["[[[', 1)]
)
def test_brackets_in_strings_do_not_count(text: str, depth: int) -> None:
    assert _depth(text) == depth
