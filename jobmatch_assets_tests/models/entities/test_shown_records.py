"""What quarantine shows of a record: nothing that tells of a person."""

import json
from collections.abc import Callable, Iterator

import duckdb
import pytest

from jobmatch_assets_tests.bench.macros import compiled_macros

TABLES = ("candidate", "company")

Show = Callable[..., str | None]


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    template = "\n;\n".join(
        f"select {{{{ shown_record('line', 'form', 'reason', '{table}') }}}} from given" for table in TABLES
    )
    compiled = compiled_macros(template, tmp_path_factory.mktemp("dbt")).split("\n;\n")
    sql = dict(zip(TABLES, compiled, strict=True))
    with duckdb.connect() as con:
        con.execute("create table given (line varchar, form varchar, reason varchar)")

        def shown(table: str, line: str, reason: str = "missing_key", form: str = "text") -> str | None:
            con.execute("delete from given")
            con.execute("insert into given values (?, ?, ?)", [line, form, reason])
            (found,) = con.execute(sql[table]).fetchall()
            return found[0]

        yield shown


@pytest.mark.parametrize(
    ("table", "sent", "expected"),
    [
        ("candidate", {"name": "Ada", "city": "Ulm"}, {"name": "[removed]", "city": "Ulm"}),
        ("company", {"name": "Ada", "Email": ["x", {"a": 1}]}, {"name": "Ada", "Email": "[removed]"}),
        ("company", {"a": {"gender": {"b": [1]}, "c": 2}, "d": 3}, {"a": {"gender": "[removed]", "c": 2}, "d": 3}),
        ("company", {"a": ["x", '{"phone": "y"}', "z"]}, {"a": ["x", "[removed]", "z"]}),
        ("company", {"a": '{"phone": "y"}'}, {"a": "[removed]"}),
        ("candidate", {"cv_url": "x", "after": {"healthState": "x"}}, {"cv_url": "[removed]", "after": {"healthState": "[removed]"}}),
    ],
)  # fmt: skip
def test_values_of_personal_names_are_removed(show: Show, table: str, sent: object, expected: object) -> None:
    found = show(table, json.dumps(sent))
    assert found is not None
    assert json.loads(found) == expected


def test_a_record_without_such_names_is_shown_as_it_came(show: Show) -> None:
    assert show("company", '{ "a": 1.50,  "b" : -0 }') == '{ "a": 1.50,  "b" : -0 }'


def test_numbers_beside_a_name_are_shown_as_they_were_written(show: Show) -> None:
    assert show("company", '{"a": 1.50, "age": 3, "b": 12345678901234567890}') == (
        '{"a":1.50,"age":"[removed]","b":12345678901234567890}'
    )


@pytest.mark.parametrize("reason", ["not_json", "not_an_object", "bad_csv_row"])
def test_of_a_person_what_has_no_names_is_not_shown_at_all(show: Show, reason: str) -> None:
    assert show("candidate", '["Ada"]', reason) == "[removed]"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"email": "x", ', "[removed]"),
        ("{email: x}", "[removed]"),
        ('{"\\u0065mail": "x", ', "[removed]"),
        ('["a","b"]', '["a","b"]'),
        ("{oops", "{oops"),
    ],
)
def test_of_others_what_cannot_be_read_is_not_shown_where_it_may_name_a_person(
    show: Show, line: str, expected: str
) -> None:
    assert show("company", line, "not_json") == expected


@pytest.mark.parametrize("form", ["base64", "head_base64"])
def test_what_is_no_text_is_not_shown(show: Show, form: str) -> None:
    assert show("company", "e30=", "not_utf8", form) is None
