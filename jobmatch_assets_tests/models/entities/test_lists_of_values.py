"""How lists and places are read, and the stand-in of a value that is not there."""

import pytest

from jobmatch_assets_tests.models.entities.readings import INVALID, STAND_IN, UNAVAILABLE, Read


@pytest.mark.parametrize(
    ("kind", "member", "expected"),
    [
        ("text", '["b"," a ","",null,"b"]', ["b", "a", "b"]),
        ("text", '"a|b||c"', ["a", "b", "c"]),
        ("text", '" a "', ["a"]),
        ("text", '"[\\"x\\", \\" y\\"]"', ["x", "y"]),
        ("text", '"[\\"x\\",]"', INVALID),
        ("text", '"[\\"x\\",\\n]"', INVALID),
        ("text", '"[NaN]"', INVALID),
        ("text", '"[x]"', INVALID),
        ("text", '["x",1.0]', INVALID),
        ("text", '[["x"]]', INVALID),
        ("text", "[]", None),
        ("text", '""', None),
        ("text", '["  "]', None),
        ("text", "5", INVALID),
        ("text", "true", INVALID),
        ("text", '{"a":"b"}', INVALID),
        ("word", '["Full-Time","odd"]', ["full_time", "other"]),
        ("word", '"full time|Full-Time"', ["full_time", "full_time"]),
        ("word", '["full_time",1]', INVALID),
        ("country", '"de|AT"', ["DE", "AT"]),
        ("country", '["de","deu"]', INVALID),
    ],
)
def test_lists(read: Read, kind: str, member: str, expected: object) -> None:
    assert read(f"list_of_{kind}", member) == expected


def place(**members: str) -> dict[str, str | None]:
    return {"country": None, "region": None, "city": None, "postal_code": None, **members}


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ('{"country": "de"}', [place(country="DE")]),
        ('[{"city":" Ulm ","postal_code":"01067","lat":1.5}]', [place(city="Ulm", postal_code="01067")]),
        ('{"postal_code":89073.0}', [place(postal_code="89073")]),
        ('{"postal_code":8.9073e4}', [place(postal_code="89073")]),
        ('"{\\"postal_code\\":8.9073e4}"', [place(postal_code="89073")]),
        ('[{"country":""},{"lat":1},null,{"region":"BW"}]', [place(region="BW")]),
        ('[{"country":null}]', None),
        ('{"country":"Germany"}', INVALID),
        ('{"city":5}', INVALID),
        ('{"postal_code":1.5}', INVALID),
        ('[{"country":"de"},"Ulm"]', INVALID),
        ('"Ulm"', INVALID),
    ],
)
def test_places(read: Read, member: str, expected: object) -> None:
    assert read("list_of_location", member) == expected


@pytest.mark.parametrize("kind", ["id", "decimal", "timestamp", "word", "list_of_text", "list_of_location"])
@pytest.mark.parametrize(
    "member", [f'"{STAND_IN}"', f'" {STAND_IN}\\n"', f'["{STAND_IN}"]', f'"[ \\"{STAND_IN}\\"]"']
)
def test_the_stand_in_of_a_value_that_is_not_there_is_no_value(read: Read, kind: str, member: str) -> None:
    assert read(kind, member) == UNAVAILABLE


def test_the_stand_in_beside_other_texts_is_a_text(read: Read) -> None:
    assert read("list_of_text", f'["{STAND_IN}","a"]') == [STAND_IN, "a"]
    assert read("text", f'"{STAND_IN}s"') == f"{STAND_IN}s"
