"""What of a line changes where a person was erased, and that nothing else does."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobmatch_assets.contracts.erasure import EVENT_LINES, PERSON_COLUMNS, RECORD_LINES
from jobmatch_assets.privacy.lines import Eraser, Line
from jobmatch_assets.privacy.pseudonyms import (
    ErasureKeyError,
    Pseudonyms,
    checked_key,
    digest_of,
    erased_id,
    mark_of,
    pseudonym_of,
    runs_of,
)

KEY = "a key of this test alone"
MOST = 2**20
IDS = [
    ("user", "u-42"),
    ("user", "77"),
    ("device", "cookie-9"),
    ("candidate", "c_5.x1"),
    ("application", "a7"),
]
ERASER = Eraser(Pseudonyms(KEY, [mark_of(KEY), *(erased_id(KEY, kind, id_) for kind, id_ in IDS)]))


def name(id_: str) -> str:
    return pseudonym_of(digest_of(KEY, id_))


def erased(text: str, table: str | None = None, form: str = "text", most: int = MOST) -> Line | None:
    return ERASER.line(Line(text, form, len(text.encode())), most, table)


def record(sent: Mapping[str, Any], table: str | None = None) -> Any:
    changed = erased(json.dumps(sent), table)
    return changed and json.loads(changed.text)


def test_an_event_keeps_what_is_counted_and_loses_what_was_written() -> None:
    sent = {"event_id": "e", "user_id": "u-42", "search_query": "me", "results_count": 3, "rank_position": 1}
    unknown = {"mail": "a@b", "n": 5, "yes": True, "no": None, "list": ["x"], "more": {"name": "Anna"}}
    assert record(sent | unknown) == {
        **sent,
        "user_id": name("u-42"),
        "search_query": "[removed]",
        **{"mail": "[removed]", "n": 0, "yes": False, "no": None, "list": [], "more": {}},
    }


def test_the_rest_of_a_line_stays_to_the_byte() -> None:
    text = '{ "user_id" :"u-42",\t"bid":1.10e0,"job_id":"\\u00e4" }'
    changed = erased(text)
    assert changed
    assert changed.text == text.replace("u-42", name("u-42"))
    assert changed.bytes == len(changed.text.encode())


@pytest.mark.parametrize("value", ['"77"', "77", "77.0", "7.7e1", '" 77"'])
def test_an_id_is_known_in_each_spelling_that_is_read_alike(value: str) -> None:
    changed = erased(f'{{"user_id":{value},"search_query":"x"}}')
    assert changed
    assert json.loads(changed.text)["user_id"].strip() == name("77")
    assert json.loads(changed.text)["search_query"] == "[removed]"


@pytest.mark.parametrize(
    "text",
    [
        '{"user_id":"u-421","search_query":"u-4 u-420 xu-42"}',
        '{"user_id":"u-1","rank_position":77,"job_id":"77","search_query":"77"}',
        '{"user_id":"u-1","candidate_id":"u-1","application_id":"a8"}',
        '["77", 77]',
        "[" * 100_000,
        '"' + '\\"' * 100_000,
    ],
)
def test_lines_of_others_are_left(text: str) -> None:
    assert erased(text) is None


def test_in_lines_of_others_the_id_alone_is_replaced() -> None:
    sent = {
        "user_id": "u-1",
        "search_query": "ask u-42, or U-42",
        "session_id": "s:u-42:3",
        "u-42": {"n": "u-42"},
    }
    p = name("u-42")
    assert record(sent) == {
        "user_id": "u-1",
        "search_query": f"ask {p}, or U-42",
        "session_id": f"s:{p}:3",
        p: {"n": p},
    }


def test_who_is_signed_in_counts_before_the_device() -> None:
    assert record({"user_id": "u-1", "anonymous_id": "cookie-9", "search_query": "x"}) == {
        "user_id": "u-1",
        "anonymous_id": name("cookie-9"),
        "search_query": "x",
    }
    assert (
        record({"user_id": None, "anonymous_id": "cookie-9", "search_query": "x"})["search_query"]
        == "[removed]"
    )


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_change_of_a_database_loses_what_is_no_column(wrapped: bool) -> None:
    state = {"user_id": "u-42", "role": "admin", "full_name": "Anna", "address": {"street": "S"}}
    change: dict[str, Any] = {
        "op": "u",
        "before": state,
        "after": state,
        "source": {"name": "shop", "lsn": 5},
    }
    kept = {"user_id": name("u-42"), "role": "admin", "full_name": "[removed]", "address": {}}
    expected: dict[str, Any] = change | {"before": kept, "after": kept}
    if wrapped:
        change, expected = ({"schema": {"type": "struct"}, "payload": one} for one in (change, expected))
    assert record(change, "user") == expected


def test_an_application_is_known_by_its_id_and_keeps_it() -> None:
    sent = {"application_id": "a7", "status": "rejected", "rejection_reason": "Anna was late", "rating": 2}
    assert record(sent, "application") == sent | {"rejection_reason": "[removed]"}
    assert record({"timesheet_id": "t", "note": "of a7"}, "timesheet") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"user_id":"u-42","search_query":"cut o', "[erased]"),
        ('{"user_id":"u-42","bid":NaN}', "[erased]"),
        (f'{{"user_id":"u-42","deep":{"[" * 512}{"]" * 512}}}', "[erased]"),
        ("call u-42 back", "[erased]"),
        ('["u-42","Anna"]', '["[erased]"]'),
        ('"u-42"', '["[erased]"]'),
    ],
)
def test_what_is_rejected_is_replaced_by_what_is_rejected_for_the_same_reason(
    text: str, expected: str
) -> None:
    assert erased(text) == Line(expected, "text", len(expected))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_bytes_that_are_no_utf8_are_searched_too(encoding: str) -> None:
    for words, is_hers in (("ä u-42 ä", True), ("ä u-43 ä", False)):
        text = base64.b64encode(words.encode(encoding)).decode()
        changed = erased(text, form="base64")
        assert (changed is not None) == is_hers
        if changed:
            assert base64.b64decode(changed.text) == b"[erased]\xff"
            assert erased(changed.text, form="base64") is None


def test_a_line_does_not_grow_over_what_a_line_may_have() -> None:
    text = json.dumps({"user_id": "u-42", **{f"x{n}": "a" for n in range(100)}}, separators=(",", ":"))
    changed = erased(text, most=len(text) + 100)
    assert changed
    assert changed.bytes <= len(text) + 100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text() | st.sampled_from([id_ for _, id_ in IDS]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from([*PERSON_COLUMNS, "op", "after"]), inner),
    max_leaves=12,
)  # fmt: skip
records = st.dictionaries(
    st.sampled_from([*PERSON_COLUMNS, "search_query", "headline", "after", "payload", "x"]), json_values
)


@settings(max_examples=300, deadline=None)
@given(sent=records, table=st.none() | st.sampled_from(sorted(RECORD_LINES)), as_ascii=st.booleans())
def test_any_object_stays_one_with_the_same_members_and_the_second_time_nothing_is_left_to_do(
    sent: dict[str, Any], table: str | None, as_ascii: bool
) -> None:
    changed = erased(json.dumps(sent, ensure_ascii=as_ascii), table)
    if changed is None:
        return
    found = json.loads(changed.text)
    assert len(found) == len(sent)
    assert "u-42" not in [found.get("user_id"), found.get("search_query"), *found]
    assert ERASER.line(changed, MOST, table) is None


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('{}[]",:\\u42-user_id 7\n'), max_size=60))
def test_no_text_stops_the_eraser(text: str) -> None:
    changed = erased(text + '"user_id":"u-42"')
    assert changed is None or "u-42" not in changed.text


@pytest.mark.parametrize(
    ("id_", "runs"),
    [
        *(
            ("u-42", 2),
            ("u42a", 1),
            ("0b5e7f8a-1c2d-4e3f-8a9b-0c1d2e3f4a5b", 5),
            ("anna@x1.de", 3),
            ("münchen1", 1),
        ),
        *(("42", 0), ("anna", 0), ("123456", 0), ("a1", 0), ("u-42 ", 0), ('u"42', 0), ("-u42", 0)),
    ],
)
def test_which_ids_can_be_told_from_other_words(id_: str, runs: int) -> None:
    assert runs_of(id_) == runs


def test_the_key_must_be_there_and_the_one_of_before() -> None:
    assert checked_key(KEY, [mark_of(KEY)]) == KEY
    for key, known in (("", ()), ("another key of a test", [mark_of(KEY)])):
        with pytest.raises(ErasureKeyError, match="JOBMATCH_ERASURE_KEY"):
            checked_key(key, known)


def test_columns_that_are_emptied_or_lead_to_a_person_are_columns_of_their_tables() -> None:
    for lines in (EVENT_LINES, *RECORD_LINES.values()):
        assert lines.free_text <= lines.columns
        assert set(lines.subjects) <= PERSON_COLUMNS.keys() & (
            lines.columns | {"application_id", "candidate_id"}
        )
