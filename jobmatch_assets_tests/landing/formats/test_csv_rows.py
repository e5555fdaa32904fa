import base64
import csv
import io
import json
import random

import pytest

from jobmatch_assets.landing.formats import csv_rows
from jobmatch_assets.landing.root import UnreadableFileError
from jobmatch_assets_tests.bench.records import records_of, texts_of

blocks = pytest.mark.parametrize("block", [1, 2, 3, 7, 1 << 20])


@blocks
@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("id,title\n1,a\n", ['{"id":"1","title":"a"}']),
        ("id,title\r\n1,a\r\n", ['{"id":"1","title":"a"}']),
        ("\ufeffid\n1", ['{"id":"1"}']),
        ("id,title\n1,\n", ['{"id":"1","title":null}']),
        ('id,title\n"1",""\n', ['{"id":"1","title":null}']),
        ('id,title\n1,"a\nb\r\nc"\n', ['{"id":"1","title":"a\\nb\\r\\nc"}']),
        ('id,title\n1,"say ""hi"", you"\n', ['{"id":"1","title":"say \\"hi\\", you"}']),
        ("id\n\n1\n\r\n2\n", ['{"id":"1"}', '{"id":"2"}']),
        ('id\n""\n', ['{"id":null}']),
        ("id,title\n1\n1,2,3\n", ['["1"]', '["1","2","3"]']),
        ("id\n1\rx\n", ['{"id":"1\\rx"}']),
        ("id\n1\r", ['{"id":"1\\r"}']),
        ("id\n é 😀 \n", ['{"id":" é 😀 "}']),
        ('id\na"b"\n', ['{"id":"a\\"b\\""}']),
        ("id\n", []),
        ("id", []),
    ],
)
def test_rows_become_objects_of_texts(data: str, texts: list[str], block: int) -> None:
    assert texts_of("csv", data, block) == texts


def test_a_row_that_is_not_utf8_is_kept_as_bytes() -> None:
    (broken, whole) = records_of("csv", b'a,b\n1,"\xff,"\n2,\xc3\xa9\n')
    assert broken == (1, "base64", base64.b64encode(b"1,\xff,").decode())
    assert whole == (2, "text", '{"a":"2","b":"é"}')


def test_a_record_over_the_limit_is_kept_by_its_beginning() -> None:
    ((number, form, text), rest) = records_of("csv", f"a\n{'x' * (4 << 20)}\n1\n")
    assert (number, form) == (1, "head_base64")
    assert base64.b64decode(text).startswith(b'{"a":"xxx')
    assert rest == (2, "text", '{"a":"1"}')


def test_ten_thousand_columns_are_columns() -> None:
    names = ",".join(f"c{number}" for number in range(10_000))
    (text,) = texts_of("csv", f"{names}\n{names}\n")
    assert json.loads(text) == {name: name for name in names.split(",")}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "somewhere has no header."),
        (b"\r\n\n", "has no header"),
        (b"a,b,a\n", "has the column 'a' twice in its header"),
        (b"a,\xff\n", "has a header that is not UTF-8"),
        (b'a\n1\n2,"x\ny', "ends inside quotes that open in the row of line 3"),
        (b'a\n1\n"', "ends inside quotes that open in the row of line 3"),
        (b'a\n"x""', "ends inside quotes"),
    ],
)
@blocks
def test_a_file_is_refused_whole(data: bytes, problem: str, block: int) -> None:
    with pytest.raises(
        UnreadableFileError, match=r"Nothing of it was loaded\. .*, and run again\."
    ) as refused:
        records_of("csv", data, block)
    assert problem in str(refused.value)


def test_a_quote_that_never_closes_is_told_before_all_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MOST_HELD_BYTES", 1000)
    before = csv.field_size_limit(1000)
    try:
        with pytest.raises(UnreadableFileError, match="cannot be read as CSV from line 3 on"):
            records_of("csv", 'a\n1\n"' + "x\n" * 1000)
        with pytest.raises(UnreadableFileError, match="has a line of more than"):
            records_of("csv", "a\n" + "x" * 2000, block=100)
    finally:
        csv.field_size_limit(before)


def test_what_python_writes_is_read_back() -> None:
    rng = random.Random(1)
    for _ in range(200):
        cells = [
            ["".join(rng.choices('ab,"\n\r é', k=rng.randrange(5))) for _ in range(3)]
            for _ in range(rng.randrange(4))
        ]
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=rng.choice(["\n", "\r\n"]))
        writer.writerows([["x", "y", "z"], *cells])
        found = [
            list(json.loads(row).values()) for row in texts_of("csv", text.getvalue(), rng.randrange(1, 9))
        ]
        assert found == [[cell or None for cell in row] for row in cells]
