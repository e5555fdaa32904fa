import base64
import json
import random
from typing import Any

import pytest

from jobmatch_assets.landing.formats import json_document
from jobmatch_assets.landing.root import UnreadableFileError
from jobmatch_assets_tests.bench.records import records_of, texts_of

blocks = pytest.mark.parametrize("block", [1, 2, 5, 1 << 20])


@blocks
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("[]", []),
        (' [ {"a": 1} , 2,"x" , null, [ 3 ] ] ', ['{"a":1}', "2", '"x"', "null", "[3]"]),
        ('{"job_id": 7, "tags": [1, 2]}', ['{"job_id":7,"tags":[1,2]}']),
        ('{"n": 3, "jobs": [{"a":1},{"a":2}], "next": null}', ['{"a":1}', '{"a":2}']),
        ('{"jobs": []}', []),
        ('{"a": [1], "b": [2]}', ['{"a":[1],"b":[2]}']),
        ('{"a": {"b": [1]}}', ['{"a":{"b":[1]}}']),
        ('{"a": [1], "a": 2}', ['{"a":2}']),
        ("{}", ["{}"]),
        ("12", ["12"]),
        ('\ufeff"x"', ['"x"']),
        ("[1.50, 1E5, -0, 12345678901234567890123]", ["1.50", "1E5", "-0", "12345678901234567890123"]),
        (
            r'["\u00e9\/\n\u0007", "\ud83d\ude00", "\ud800", " a  b "]',
            ['"é/\\n\\u0007"', '"😀"', '"\\ud800"', '" a  b "'],
        ),
        ('[{"a": 1.0, "b": "\\u00e9", "a": 2.50}]', ['{"a":2.50,"b":"é"}']),
        ('[{"b": {"x": true, "x": [false, null, "y"]}}]', ['{"b":{"x":[false,null,"y"]}}']),
    ],
)
def test_records_are_the_elements_of_the_array_that_there_is(data: str, texts: list[str], block: int) -> None:
    assert texts_of("json", data, block) == texts


def test_a_record_over_the_limit_is_kept_by_its_beginning() -> None:
    ((_, form, text), rest) = records_of("json", f'["{"x" * (4 << 20)}", 1]', block=1 << 20)
    assert form == "head_base64"
    assert base64.b64decode(text).startswith(b'"xxx')
    assert rest == (2, "text", "1")


@blocks
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"[1",
        b"[1,]",
        b"[1,,2]",
        b'{"a":1',
        b'{"a":1,}',
        b'{"a" 1}',
        b"{1:2}",
        b"[NaN]",
        b"[1] 2",
        b'{"a":[1]} x',
        b"[01]",
        b"['a']",
        b'["\t"]',
        b"tru",
        b"[\xff]",
        b'["\xe2\x82',
    ],
)
def test_what_is_no_json_is_refused_whole(data: bytes, block: int) -> None:
    with pytest.raises(UnreadableFileError, match=r"somewhere .*Nothing of it was loaded\. Send it again"):
        records_of("json", data, block)


def test_a_document_that_is_too_deep_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="nested too deeply"):
        records_of("json", "[" * 100_000)


def test_a_record_that_does_not_end_is_told_before_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "_MOST_HELD", 1000)
    with pytest.raises(UnreadableFileError, match="has a record of more than"):
        records_of("json", '["' + "x" * 5000, block=100)


def test_random_documents_are_read_as_python_reads_them() -> None:
    rng = random.Random(2)

    def value(depth: int) -> Any:
        kind = rng.randrange(6 if depth else 4)
        if kind == 0:
            return rng.choice([0, -1, 2.5, 10**30, True, None])
        if kind < 4:
            return "".join(rng.choices('a"\\ \n{[é😀', k=rng.randrange(6)))
        if kind == 4:
            return [value(depth - 1) for _ in range(rng.randrange(4))]
        return {f"k{n}": value(depth - 1) for n in range(rng.randrange(4))}

    for _ in range(200):
        elements = [value(3) for _ in range(rng.randrange(5))]
        document = json.dumps(elements, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2]))
        expected = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in elements]
        assert texts_of("json", document, rng.randrange(1, 50)) == expected
