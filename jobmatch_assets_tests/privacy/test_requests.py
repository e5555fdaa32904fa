"""A line that asks for an erasure names one user, or is told to be wrong without a word of what it holds."""

import pytest

from jobmatch_assets.privacy.lines import Line
from jobmatch_assets.privacy.requests import RequestLineError, user_asked_for

SECRET = "u-4711"


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ('{"user_id": "u-42"}', "u-42"),
        ('{"asked_at": "2026-03-01", "user_id": "  u-42\\t", "more": [{"user_id": "not this"}]}', "u-42"),
        ('{"user_id": 42}', "42"),
        ('{"user_id": "J\\u00f6rg"}', "Jörg"),
    ],
)
def test_a_line_names_a_user(text: str, user: str) -> None:
    assert user_asked_for(Line(text, "text", len(text))) == user


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'{{"user_id": "{SECRET}"', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        (SECRET, "is not JSON"),
        ("null", "is not an object"),
        (f'"{SECRET}"', "is not an object"),
        (f'["{SECRET}"]', "is not an object"),
        (f'{{"user": "{SECRET}"}}', "has no user_id"),
        ('{"user_id": null}', "has no user_id"),
        ('{"user_id": true}', "neither a text nor a whole number"),
        ('{"user_id": 4711.5}', "neither a text nor a whole number"),
        (f'{{"user_id": ["{SECRET}"]}}', "neither a text nor a whole number"),
        ('{"user_id": ""}', "has an empty user_id"),
        ('{"user_id": " \\n"}', "has an empty user_id"),
        (f'{{"user_id": "{SECRET}", "user_id": "u-43"}}', "has user_id more than once"),
        (f'{{"user_id": "{SECRET}\\ud800"}}', "half of a surrogate pair"),
        (f'{{"user_id": "erased-{"0a" * 16}"}}', "has the pseudonym of an erased person"),
    ],
)
def test_what_is_wrong_is_told_without_the_line(text: str, why: str) -> None:
    with pytest.raises(RequestLineError) as raised:
        user_asked_for(Line(text, "text", len(text)))
    assert why in str(raised.value)
    assert "4711" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(("form", "why"), [("base64", "is not UTF-8"), ("head_base64", "is too long")])
def test_a_line_that_bronze_could_not_keep_as_text(form: str, why: str) -> None:
    with pytest.raises(RequestLineError, match=why):
        user_asked_for(Line("eyJ1c2VyX2lkIjoi", form, 12))
