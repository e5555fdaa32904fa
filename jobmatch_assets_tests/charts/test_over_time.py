import altair as alt
import pytest
import vl_convert

from jobmatch_assets.charts.estimates import estimates
from jobmatch_assets.charts.over_time import HELD_BACK, ROWS, over_time
from jobmatch_assets.charts.parts import parts
from jobmatch_assets.charts.ranks import by_rank
from jobmatch_assets.charts.split import split
from jobmatch_assets.charts.states import states
from jobmatch_assets.charts.steps import steps

_DAY = 86_400_000


def with_rows(spec: dict, rows: list[dict], held_back: list[dict] = []) -> dict:  # noqa: B006
    """A specification with data in it and the axis that a page would give it."""
    last = max((row["date"] for row in rows), default=0)
    given = {"first": -_DAY / 2, "last": last + _DAY / 2, "ticks": [row["date"] for row in rows]}
    return {
        **spec,
        "width": 400,
        "datasets": {ROWS: rows, HELD_BACK: held_back},
        "params": [{**param, "value": given.get(param["name"], param["value"])} for param in spec["params"]],
    }


SPECS = {
    "lines": over_time("value", "share", (("day", "from", ""), ("n", "of n", ",")), axis_format=".0%"),
    "bands": over_time("value", "", (), axis_format=".0%", low="low", high="high", series=("a", "b")),
    "steps": steps(),
    "ranks": by_rank("share clicked", "shown"),
    "found lines": over_time("value", "", (), axis_format="+~r", series=None, zero_line=True),
    "effects": estimates("variant", "", (), axis_format="+~r", zero=True, label_width=80, ticks=3),
    "split": split("share of users"),
    "parts": parts("lines", ("kept", "lost"), "all lines"),
    "found parts": parts("lines", None),
    "states": states({"fine": "#cfe3d8", "! fails": "#e8897f"}),
    "estimates": estimates("arm", "NDCG", (("arm", "arm", ""), ("value", "value", ".3f")), axis_format="~g"),
}


@pytest.mark.parametrize("name", SPECS)
def test_specifications_are_vega_lite_of_this_version(name: str) -> None:
    spec = SPECS[name]
    alt.Chart.from_dict(spec, validate=True)
    assert spec["$schema"] == alt.SCHEMA_URL
    assert spec["width"] == "container"


def test_series_are_named_in_a_legend() -> None:
    rows = [
        {"date": place * _DAY, "day": str(place), "series": name, "value": 0.5, "low": 0.4, "high": 0.6}
        for place in range(3)
        for name in "ab"
    ]
    assert "role-legend" in vl_convert.vegalite_to_svg(with_rows(SPECS["bands"], rows))
    assert "role-legend" not in vl_convert.vegalite_to_svg(with_rows(SPECS["lines"], rows))


def test_dates_that_are_not_complete_are_hollow_and_held_back_dates_are_named() -> None:
    rows = [
        {"date": place * _DAY, "day": str(place), "value": 0.2, "n": 5, "incomplete": place == 1}
        for place in range(2)
    ]
    drawn = with_rows(SPECS["lines"], rows, [{"start": 0, "end": _DAY, "label": "held back"}])
    svg = vl_convert.vegalite_to_svg(drawn)
    assert svg.count('fill="#ffffff"') == 1
    assert ">held back</text>" in svg
    assert svg.count("of n: 5") == 2


def test_a_date_without_a_value_is_a_gap() -> None:
    rows = [
        {"date": place * _DAY, "value": value, "incomplete": False}
        for place, value in enumerate((0.1, None, 0.3, 0.2))
    ]
    svg = vl_convert.vegalite_to_svg(with_rows(SPECS["lines"], rows))
    (path,) = [part for part in svg.split("<path") if 'stroke-width="1.75"' in part]
    assert path.count("M") == 2
    assert svg.count('aria-roledescription="point"') == 3


@pytest.mark.parametrize(
    ("top", "said", "not_said"), [(2_500, ["500", "1k", "2.5k"], "0.5k"), (0.8, ["0.8"], "800m")]
)
def test_each_number_of_an_axis_has_its_own_prefix(top: float, said: list[str], not_said: str) -> None:
    spec = over_time("value", "count", (), axis_format="~s")
    rows = [{"date": day * _DAY, "value": value} for day, value in enumerate((0, top))]
    drawn = vl_convert.vegalite_to_svg(with_rows(spec, rows))
    for text in said:
        assert f">{text}</text>" in drawn
    assert not_said not in drawn
