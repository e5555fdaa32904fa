"""Drawings of parts, splits, states and effects, rendered without a browser."""

import vl_convert

from jobmatch_assets.charts.estimates import estimates
from jobmatch_assets.charts.over_time import over_time
from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.split import split
from jobmatch_assets.charts.states import states

_DAY = 86_400_000


def drawn(spec: dict, rows: list[dict], days: int = 4) -> str:
    """A specification with rows in it, as SVG."""
    given = {"first": -_DAY / 2, "last": (days - 0.5) * _DAY, "ticks": [day * _DAY for day in range(days)]}
    params = [
        {**param, "value": given.get(param["name"], param["value"])} for param in spec.get("params", ())
    ]
    filled = {**spec, "width": 400, "params": params, "datasets": {"rows": rows, "held_back": []}}
    return str(vl_convert.vegalite_to_svg(filled))


def test_parts_are_stacked_and_what_they_add_up_to_is_drawn_across() -> None:
    bar = {"start": -1000, "end": 1000, "day": "1970-01-01", "incomplete": False}
    rows = [
        {**bar, "series": "kept", "value": 7, "low": 0, "high": 7},
        {**bar, "series": "lost", "value": 3, "low": 7, "high": 10},
        {"start": -1000, "end": 1000, "day": "1970-01-01", "whole": 11},
    ]
    svg = drawn(parts("lines", ("kept", "lost"), "all lines"), rows)
    assert svg.count('aria-roledescription="bar"') == 2
    assert svg.count("all lines: 11") == 1
    assert svg.count(">kept</text>") == svg.count(">lost</text>") == 1


def test_parts_of_an_incomplete_date_are_nearly_empty() -> None:
    row = {
        "start": 0,
        "end": 1000,
        "day": "x",
        "incomplete": True,
        "series": "a",
        "value": 7,
        "low": 0,
        "high": 7,
    }
    assert 'fill-opacity="0.15"' in drawn(parts("lines", None), [row])
    assert 'fill-opacity="0.15"' not in drawn(parts("lines", None), [{**row, "incomplete": False}])


def test_states_are_told_by_signs_as_long_as_there_is_room() -> None:
    def cells(days: int) -> list[dict]:
        return [
            {
                "thing": "a table",
                "day": str(day),
                "state": "! fails",
                "sign": "!",
                "why": "a check",
                "rows": 1,
                "start": (day - 0.5) * _DAY,
                "middle": day * _DAY,
                "end": (day + 0.5) * _DAY,
            }
            for day in range(days)
        ]

    spec = states({"fine": "#cfe3d8", "! fails": "#e8897f"})
    assert drawn(spec, cells(4)).count(">!</text>") == 4
    many = drawn(spec, cells(365), 365)
    assert many.count(">!</text>") == 0
    assert many.count('fill="#e8897f"') >= 365


def test_a_split_marks_what_is_expected_where_something_is() -> None:
    rows = [
        {"arm": "control", "share": 0.5, "units": 10, "expected_share": 0.5, "expected_units": 10.0},
        {"arm": "stray", "share": None, "units": 3, "expected_share": None, "expected_units": None},
    ]
    svg = drawn(split("share of users"), rows)
    assert svg.count('aria-roledescription="bar"') == 1
    assert svg.count('aria-roledescription="tick"') == 1
    assert "stray</text>" in svg
    assert ">3</text>" in svg


def test_series_that_only_the_rows_name_have_one_legend() -> None:
    rows = [{"date": 0, "series": name, "value": 1, "incomplete": False} for name in ("z", "<b>a</b>")]
    svg = drawn(over_time("value", "", (), axis_format="~s", series=None), rows)
    assert svg.count('aria-roledescription="legend"') == 1
    assert svg.count("&lt;b&gt;a&lt;/b&gt;</text>") == 1


def test_no_difference_is_on_the_axis_of_effects() -> None:
    rows = [{"variant": "a", "value": 5.0, "low": 4.0, "high": 6.0}]
    assert ">+0</text>" in drawn(estimates("variant", "", (), axis_format="+~r", zero=True), rows)
