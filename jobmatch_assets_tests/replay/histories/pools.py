"""Values that random histories are made of: few of each type, so that records often say the same."""

from collections.abc import Callable
from random import Random
from typing import Any

from jobmatch_assets_tests.replay.histories.edges import EDGES, LISTS
from jobmatch_assets_tests.replay.sent_json import Number
from jobmatch_assets_tests.replay.tables import Column

PERSONAL = "zz-personal"
"""Every personal value contains it."""

PLACEHOLDERS: tuple[Any, ...] = (
    "__debezium_unavailable_value",
    " __debezium_unavailable_value\n",
    ["__debezium_unavailable_value"],
)

EXTRAS: tuple[dict[str, Any], ...] = (
    {"x_floor": "3"},
    {"x_floor": Number("3.50"), "x_tags": ["a", {"b": None}]},
    {"x_floor": None, "x_note": ""},
    {"x_note": "  "},
    {"x_note": "__debezium_unavailable_value"},
    {"X_Ä": True, "x_nested": {"deep": [Number("1e2"), False]}},
    {"email": PERSONAL, "x_floor": "4"},
    {"Gender": PERSONAL, "veteran_status": PERSONAL, "HEALTH": {"x": PERSONAL}},
    {"x_contact": {"Phone": PERSONAL, "room": "7", "more": [{"age": PERSONAL}, {"hall": "B"}]}},
    {"x_cv": '{"email": "zz-personal", "school": "x"}', "x_list": '[{"Race": "zz-personal"}]'},
    {"x_cv": '{"school": "y"}', "x_text": "{not json"},
)
"""Members that no table has as columns."""

PERSONAL_OF = {
    "candidate": ({"name": PERSONAL}, {"cv_url": PERSONAL, "x_floor": "5"}, {"Photo_URL": PERSONAL}),
    "user": ({"name": PERSONAL, "x_home_url": "https://example.com"}, {"Full_Name": PERSONAL}),
}

_GOOD: dict[str, tuple[Any, ...]] = {
    "text": ("A", "B", "b", 'x, "y"', "Größe\nXL", "<p>A & B</p>", "2"),
    "id": ("r1", "007", Number("7"), Number("7.0"), "R/1"),
    "integer_id": (Number("1"), Number("2.0"), Number("3e0")),
    "date": (
        *("2026-03-30", "2026-03-31T23:30:00-05:00", "2026-04-01T00:30:00", "2026-03-30"),
        # Days, and milliseconds, in changes alone.
        *(Number("20542"), Number("20542.9"), Number("1774828800000")),
    ),
    "decimal": (Number("10"), "10.50", Number("10.5"), Number("1.05e1"), " 12 ", Number("0"), "12.000000"),
    "int": (Number("1"), Number("2"), Number("3.0"), Number("5e0")),
    "bool": (True, False, Number("1"), Number("0")),
    "country": ("DE", "at", " Us "),
    "currency": ("EUR", "usd", " GBP"),
    "language": ("de", "EN", " fr"),
    "location": (
        {"country": "DE", "city": "Köln"},
        {"country": " de", "city": "Köln ", "floor": Number("3")},
        {"city": "Bonn", "postal_code": Number("53111")},
        {"region": "Bayern", "postal_code": "080 1"},
        {"country": None, "city": ""},
    ),
}

_ODD: dict[str, tuple[Any, ...]] = {
    "text": (Number("5"), True, ["A"], {"a": "b"}),
    "id": (True, Number("7.5"), ["r1"]),
    "integer_id": ("x", Number("1.5"), True, Number("9223372036854775808"), "12"),
    "timestamp": ("soon", "2026-13-01T00:00:00Z", "2026-03-28", True, "2026-03-29T10:00Z", Number("1e30")),
    "date": ("30.03.2026", "2026-02-30", True, "tomorrow", Number("1e40")),
    "decimal": ("1,000", "ten", Number("1e12"), Number("0.0000001"), True, "1 000", "-0.5"),
    "int": (Number("0"), Number("2.5"), "x", Number("-1"), "3"),
    "bool": ("maybe", Number("2"), "yes"),
    "enum": ("unheard of", Number("5"), True, "Other"),
    "as_is": ("1_10", Number("5")),
    "country": ("DEU", "D1", Number("5")),
    "currency": ("EURO", "€", "E"),
    "language": ("deu", "d"),
    "location": ({"country": "Germany"}, "Köln", {"city": Number("5")}, Number("1")),
}


def good(rng: Random, column: Column) -> Any:
    """A value that can be read; not of timestamps, which are the history's own."""
    if column.is_list:
        return _list(rng, column, lambda: _good(rng, column))
    return _good(rng, column)


def odd(rng: Random, column: Column) -> Any:
    """A value that cannot be read, or only just."""
    choices = (*_ODD[column.kind], *EDGES[column.kind])
    if not column.is_list or rng.random() < 0.2:
        return rng.choice(choices)
    if rng.random() < 0.3:
        return rng.choice(LISTS)
    return _list(rng, column, lambda: rng.choice([rng.choice(choices), _good(rng, column)]))


def _good(rng: Random, column: Column) -> Any:
    if column.kind not in ("enum", "as_is"):
        return rng.choice(_GOOD[column.kind])
    word = rng.choice(column.words[:3])
    if rng.random() < 0.6:
        return word
    if column.kind == "as_is":
        return f" {word}\t"
    return rng.choice([word.upper(), word.replace("_", " ").title(), word.replace("_", "-"), f" {word} "])


def _list(rng: Random, column: Column, element: Callable[[], Any]) -> Any:
    elements = [element() for _ in range(rng.randint(0, 3))]
    texts = all(isinstance(one, str) for one in elements)
    objects = [one for one in elements if isinstance(one, dict)]
    form = rng.random()
    if form < 0.2 and texts and elements:
        return rng.choice(["|", " | ", "||"]).join(elements)
    if form < 0.3 and len(objects) == 1:
        return objects[0]
    if form < 0.4:
        return [*elements, rng.choice([None, "", "  "])]
    return elements
