"""The records of a table with their columns as values: what is missing, unchanged or invalid, and what goes to properties."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets_tests.bench.macros import compiled_macros
from jobmatch_assets_tests.models.entities.readings import STAND_IN

TABLES = ("company", "candidate", "job")
COLUMNS = {table.name: table.columns for table in ENTITY_TABLES}

Values = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    is_marked = "record_format not in ('csv', 'xml') and {{ may_lose_digits('state') }}"
    template = f"{{% set is_marked %}}({is_marked}){{% endset %}}" + "\n;\n".join(
        "{% set records %}(select * exclude (state), {{ marked_record('state', is_marked) }} as state from records)"
        f"{{% endset %}}{{{{ entity_values('{table}', records) }}}}"
        for table in TABLES
    )
    sql = compiled_macros(template, tmp_path_factory.mktemp("dbt"))
    return dict(zip(TABLES, sql.split("\n;\n"), strict=True))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(
            "create table records (entity_table varchar, source varchar, _source_line bigint, record_format varchar,"
            " form varchar, source_zone varchar, state varchar)"
        )
        yield con


@pytest.fixture
def values(compiled: dict[str, str], con: duckdb.DuckDBPyConnection) -> Values:
    """Reads one record; what is NULL is left out, properties are parsed, bits are told as `unchanged`."""

    def row(
        table: str, state: object, file: str = "ndjson", form: str = "row", source: str = "product"
    ) -> Any:
        text = state if state is None or isinstance(state, str) else json.dumps(state)
        con.execute("delete from records")
        zone = "America/New_York" if source == "newyork" else "Europe/Berlin"
        record = [table, source, 3, file, form, zone, text]
        con.execute("insert into records values (?, ?, ?, ?, ?, ?, ?)", record)
        cursor = con.execute(compiled[table])
        names = [column[0] for column in cursor.description or []]
        (found,) = cursor.fetchall()
        read = {name: value for name, value in zip(names, found, strict=True) if value is not None}
        if bits := read.pop("unchanged_bits", 0):
            columns = enumerate(COLUMNS[table])
            read["unchanged"] = [column.name for place, column in columns if bits >> place & 1]
        if "properties" in read:
            read["properties"] = json.loads(read["properties"])
        kept = {
            "entity_table": table,
            "_source_line": 3,
            "source": source,
            "record_format": file,
            "form": form,
            "source_zone": zone,
        }
        assert {name: read.pop(name) for name in kept} == kept
        return read

    return row


def test_a_row_says_all_that_it_has(values: Values) -> None:
    assert values("company", {"company_id": 7, "name": "Ada & Co", "country": "de", "city": None}) == {
        **{"company_id": "7", "name": "Ada & Co", "country": "DE"}
    }


@pytest.mark.parametrize(
    ("file", "form"), [("csv", "row"), ("ndjson", "envelope"), ("xml", "flattened"), ("csv", "envelope")]
)
def test_what_a_change_or_a_csv_row_does_not_have_is_unchanged(values: Values, file: str, form: str) -> None:
    read = values("company", {"company_id": "7", "name": None, "city": "Ulm"}, file, form)
    assert "name" not in read["unchanged"]
    assert read == {
        **{"company_id": "7", "city": "Ulm"},
        "unchanged": [
            *("industry", "size_bucket", "country", "region", "customer_type", "status", "website"),
            *("created_at", "updated_at"),
        ],
    }


@pytest.mark.parametrize("file", ["ndjson", "xml"])
def test_the_stand_in_is_unchanged_in_a_row_too_and_what_is_absent_is_null(values: Values, file: str) -> None:
    assert values("company", {"company_id": "7", "name": STAND_IN, "odd": [STAND_IN]}, file) == {
        **{"company_id": "7", "unchanged": ["name"]}
    }


def test_a_delete_has_no_values(values: Values) -> None:
    assert values("company", None, form="envelope") == {}


def test_invalid_values_and_words_that_became_other_are_kept_as_sent(values: Values) -> None:
    state = {
        **{"company_id": "7", "size_bucket": "12", "country": "Germany", "customer_type": "Re-Seller"},
        **{"status": "odd", "updated_at": [1], "name": 5},
    }
    sent = {name: value for name, value in state.items() if name != "company_id"}
    assert values("company", state) == {
        **{"company_id": "7", "customer_type": "other", "properties": sent},
        "invalid_fields": ["country", "name", "size_bucket", "status", "updated_at"],
    }


def test_properties_are_what_has_no_column_and_says_something(values: Values) -> None:
    state = {
        "company_id": "7",
        "a/b~c": 1,
        'quo"ted': " ",
        "none": None,
        "empty": "",
        "list": [],
        "no": False,
    }
    assert values("company", state)["properties"] == {"a/b~c": 1, 'quo"ted': " ", "list": [], "no": False}
    assert values("company", {"company_id": "7", "blank": " \t", "b": " x "}, "xml")["properties"] == {
        "b": " x "
    }


def test_numbers_keep_their_digits_in_properties(
    values: Values, compiled: dict[str, str], con: duckdb.DuckDBPyConnection
) -> None:
    values("company", '{"company_id":7.0,"n":[1.50,12345678901234567890123,1E-7],"t":"1.50"}')
    found = con.execute(f"select company_id, properties from ({compiled['company']})").fetchall()
    assert found == [("7", '{"n":[1.50,12345678901234567890123,1E-7],"t":"1.50"}')]


def test_times_without_an_offset_are_local_times_of_their_source(values: Values) -> None:
    state = {"company_id": "7", "created_at": "2026-07-01T12:00:00"}
    assert values("company", state)["created_at"] == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert values("company", state, source="newyork")["created_at"] == dt.datetime(
        2026, 7, 1, 16, tzinfo=dt.UTC
    )


def test_personal_data_goes_to_no_property(values: Values) -> None:
    state = {
        **{
            "candidate_id": "7",
            "Name": "x",
            "e@mail": "kept",
            "contact@EMAIL": "x",
            "cv_url": "x",
            "url": "kept",
        },
        **{"healthInfo": "x", "ages": "kept", "skills": [{"age": 3, "k": "}]"}, "a"]},
        "deep": [{"list": [{"gender": {"a": ["x"]}, "b": 1}]}, '{"phone": "x"}', "email"],
        "text": '{"a": "{\\"Sex\\": \\"x\\"}"}',
        "escaped": '[{"\\u0061ge": "x"}]',
        "too_deep": "[" * 600 + '{"age": 3}' + "]" * 600,
        "harmless": '{"a": "email"}',
    }
    read = values("candidate", state)
    assert read["properties"] == {
        **{"e@mail": "kept", "url": "kept", "ages": "kept", "skills": [{"k": "}]"}, "a"]},
        **{"deep": [{"list": [{"b": 1}]}, "email"], "harmless": '{"a": "email"}'},
    }
    assert read["invalid_fields"] == ["skills"]


def test_the_name_of_a_company_is_not_personal(values: Values) -> None:
    state = {"company_id": "7", "contact": {"name": "kept", "first_name": "x"}, "logo_url": "kept"}
    assert values("company", state)["properties"] == {"contact": {"name": "kept"}, "logo_url": "kept"}


def test_a_record_of_nothing_but_personal_data_has_no_properties(values: Values) -> None:
    assert values("candidate", {"candidate_id": "7", "email": "x", "sex": "x"}) == {"candidate_id": "7"}


def test_control_characters_in_texts_do_not_touch_the_digits(values: Values) -> None:
    state = '{"job_id":7,"title":"\\u0002A\\u0003","salary_min":999999999999.123456}'
    read = values("job", state)
    assert (read["title"], str(read["salary_min"])) == ("\x02A\x03", "999999999999.123456")


def test_places_are_structs_of_all_four_members(values: Values) -> None:
    state = {"job_id": "7", "title": "A", "locations": {"country": "de", "postal_code": 89073.0, "lat": 48.4}}
    places = [{"country": "DE", "region": None, "city": None, "postal_code": "89073"}]
    assert values("job", state)["locations"] == places
