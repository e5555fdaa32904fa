"""Building: what pages carry of the copy, pages for each value of a column, and what is kept between builds."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jobmatch_assets.contracts.vocabulary import ALL
from jobmatch_assets.dashboards import build as building
from jobmatch_assets.dashboards.build import build_pages
from jobmatch_assets.dashboards.bundle import bundle
from jobmatch_assets.dashboards.encoding import by_column, script_json
from jobmatch_assets.dashboards.instance_files import instance_file
from jobmatch_assets.dashboards.page import Instances, Page, Table
from jobmatch_assets.dashboards.reading import columns_there, read
from jobmatch_assets.dashboards.registry import registered
from jobmatch_assets.dashboards.specifications import specifications
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.published.copy import CopyError
from jobmatch_assets.settings import locations
from jobmatch_assets_tests.bench.published import Copy


def data_of(path: Path) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="page-data">(.*?)</script>', path.read_text())
    found: dict[str, Any] = json.loads(text)
    return found


def test_json_in_a_page_ends_no_script_and_stays_what_it_was() -> None:
    value = {"a": "</script><script>alert(1)</script><!--", "b": "\u2028\u2029", "c": [None, 1.5, True]}
    text = script_json(value)
    assert not re.search("[<\u2028\u2029]", text)
    assert json.loads(text) == value


def test_rows_stand_by_column_and_null_stays_null() -> None:
    day, moment = dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    rows = [
        (day, "b", 1, 0.5, moment, None),
        (day, None, None, float("nan"), None, None),
        (None, "a", 2**60, 1.0, moment, None),
    ]
    assert by_column(["d", "t", "n", "x", "m", "z"], rows) == {
        "rows": 3,
        "columns": {
            "d": {"values": ["2026-03-01"], "codes": [0, 0, -1]},
            "t": {"values": ["a", "b"], "codes": [1, -1, 0]},
            "n": [1, None, 2**60],
            "x": [0.5, None, 1.0],
            "m": {"values": ["2026-03-01T10:00:00.000Z"], "codes": [0, -1, 0]},
            "z": [None, None, None],
        },
    }


def test_a_page_carries_the_rows_that_it_reads_and_no_others(
    copy: Copy, tmp_path: Path, dictionary: Dictionary
) -> None:
    copy.funnel(3).publication(3)
    build_pages(copy.path, tmp_path / "pages", dictionary)
    overview = data_of(tmp_path / "pages/index.html")["tables"]["funnel_daily"]
    assert overview["rows"] == 3
    assert "platform" not in overview["columns"]
    funnel = data_of(tmp_path / "pages/funnel.html")["tables"]["funnel_daily"]
    assert [(funnel["rows"],)] == copy.ask("select count(*) from funnel_daily")
    assert ALL in funnel["columns"]["platform"]["values"]


def test_without_a_dimension_totals_cannot_be_told_from_groups_so_no_row_is_shown(
    copy: Copy, tmp_path: Path, dictionary: Dictionary
) -> None:
    copy.funnel(3).publication(3).change("alter table funnel_daily drop column platform")
    build_pages(copy.path, tmp_path / "pages", dictionary)
    overview = data_of(tmp_path / "pages/index.html")["tables"]["funnel_daily"]
    assert (overview["rows"], overview["missing"]) == (0, ["platform"])


NAMES = ["<script>alert(1)</script>", "x" * 200, "(none)", "../../etc", "a b", "A B", "ä", "\u2028"]


def test_each_value_has_a_file_of_its_own_that_any_file_system_takes() -> None:
    files = [instance_file("experiment", name) for name in NAMES]
    assert len(set(files)) == len(NAMES)
    assert all(re.fullmatch(r"experiment-[a-z0-9-]{10,60}\.html", name) for name in files)
    assert files[4] == instance_file("experiment", "a b")


def test_pages_of_values_have_their_rows_and_go_with_them(
    copy: Copy, tmp_path: Path, dictionary: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(
        "experiment", "Experiment", "?", (Table("ab_metrics_daily", ("experiment_id", "units"), "event_date"),), (),
        instances=Instances("ab_metrics_daily", "experiment_id"),
    )  # fmt: skip
    monkeypatch.setattr(building, "registered", lambda: (registered()[0], page))
    # The table has no rolled-up rows: an experiment may be called as these are elsewhere.
    names = [*NAMES, ALL]
    for units, name in enumerate(names):
        copy.plant(
            "insert into ab_metrics_daily (event_date, experiment_id, units) values ('2026-03-02', ?, ?)",
            name,
            units,
        )
    folder = tmp_path / "pages"
    made = {built.name: built.files for built in build_pages(copy.path, folder, dictionary)}
    files = data_of(folder / "index.html")["files"]["experiment"]
    assert files == {name: instance_file("experiment", name) for name in names}
    assert {path.name for path in made["experiment"]} == set(files.values())
    for units, name in enumerate(names):
        data = data_of(folder / files[name])
        assert data["instance"] == {"column": "experiment_id", "value": name}
        assert data["tables"]["ab_metrics_daily"]["columns"]["units"] == [units]
    copy.plant("delete from ab_metrics_daily where experiment_id <> ?", NAMES[0])
    build_pages(copy.path, folder, dictionary)
    left = {path.name for path in folder.glob("experiment-*")}
    assert left == {instance_file("experiment", NAMES[0])}


def test_without_a_copy_nothing_is_written(tmp_path: Path, dictionary: Dictionary) -> None:
    with pytest.raises(CopyError, match="`jobmatch run` makes it"):
        build_pages(tmp_path / "none.duckdb", tmp_path / "pages", dictionary)
    assert not (tmp_path / "pages").exists()


def test_specifications_are_kept_until_the_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_assets.dashboards.kept.kept_dir", lambda: tmp_path)
    (tmp_path / "charts-of-before.json").write_text("{}")
    made = specifications(registered())
    (kept,) = tmp_path.iterdir()
    assert json.loads(kept.read_text()) == made
    kept.write_text('{"funnel": {}}')
    assert specifications(registered()) == {"funnel": {}}
    monkeypatch.setattr("jobmatch_assets.dashboards.specifications.version", lambda _: "of tomorrow")
    assert specifications(registered()) == made
    assert [path.name for path in tmp_path.iterdir()] != [kept.name]


def test_the_library_of_charts_is_made_anew_for_another_version_or_other_parts_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobmatch_assets.dashboards.kept.kept_dir", lambda: tmp_path)
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda made_of: f"made of {made_of}")
    made = [bundle()]
    monkeypatch.setattr("jobmatch_assets.dashboards.bundle._SNIPPET", "other parts")
    made.append(bundle())
    monkeypatch.setattr("jobmatch_assets.dashboards.bundle.version", lambda _: "of tomorrow")
    made.append(bundle())
    assert made[0] != made[1] == "made of other parts" == made[2]
    assert len(list(tmp_path.iterdir())) == 1


def test_where_nothing_can_be_kept_pages_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr("jobmatch_assets.dashboards.kept.kept_dir", lambda: tmp_path / "file")
    assert specifications(registered()).keys() == {page.name for page in registered()}


def test_what_is_kept_goes_with_make_clean() -> None:
    assert locations.kept_dir().parent.name == "target"


SUMS = Table(
    "spend", ("clicks", "amount"), "day", ("currency",), (("currency",),),
    without={"id": 0}, carried={"currency": ("id",)}, is_summed=True,
)  # fmt: skip
FIRST_TWO = Table("spend", ("id", "amount"), "day", where={"clicks": 1}, at_most=2, largest_first=("amount",))


def spend_of(table: Table, *changes: str) -> dict[str, Any]:
    with duckdb.connect() as connection:
        connection.execute("create schema job_matching_gold; use job_matching_gold")
        connection.execute(
            """
            create table spend as
            select unnest(['2026-03-01', '2026-03-01', '2026-03-01', '2026-03-02', '2026-03-02', '2026-03-02'])::date as day,
                   unnest([1, 2, 0, 1, 2, 3]) as id, unnest([1, 1, 9, 1, 1, 1]) as clicks,
                   unnest(['EUR', 'EUR', 'EUR', null, 'GBP', null]) as currency,
                   unnest([0.5, 0.25, 9, 2, null, 1])::decimal(9, 2) as amount
            """
        )
        for change in changes:
            connection.execute(change)
        return read(connection, table, columns_there(connection))


def test_sums_are_by_date_and_dimension_and_carry_on_what_was_last_said() -> None:
    found = spend_of(SUMS)["columns"]
    assert found["currency"] == {"values": ["EUR", "GBP"], "codes": [0, 0, 1, -1]}
    assert found["clicks"] == [2, 1, 1, 1]
    assert found["amount"] == [0.75, 2.0, None, 1.0]


def test_sums_are_not_made_without_what_tells_them_apart() -> None:
    for column in ("currency", "id"):
        found = spend_of(SUMS, f"alter table spend drop column {column}")
        assert (found["rows"], found["missing"]) == (0, [column])


def test_the_largest_rows_are_carried_and_the_others_counted() -> None:
    found = spend_of(FIRST_TWO)
    assert (found["columns"]["amount"], found["left_out"]) == ([2.0, 1.0], 3)
