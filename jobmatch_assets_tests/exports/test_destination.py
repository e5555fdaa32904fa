"""A file appears whole or not at all, and takes the place of no other unless that is wanted."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.exports.errors import ExportError
from jobmatch_assets.exports.export import export, format_of
from jobmatch_assets.published.copy import CopyError
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets.warehouse.selection import Selection
from jobmatch_assets_tests.bench.rights import as_nobody, let_everyone_reach, mode
from jobmatch_assets_tests.exports.conftest import Copy

TABLE = "create table t as select 1 as n"
WANTED = Selection("t")


def test_without_a_place_it_goes_beside_the_published_copy(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    assert export(copy.settings, WANTED, "csv").path == copy.path.parent / "exports" / "t.csv"


def test_the_name_tells_dates_and_groups(golden_export: Copy) -> None:
    first, last = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    names = [
        golden_export.export("funnel_daily", "csv", **selection).path.name
        for selection in (
            {"totals_only": True},
            {},
            {"totals_only": True, "first": first, "last": first},
            {"first": first, "last": last},
        )
    ]
    assert names == [
        "funnel_daily.csv",
        "funnel_daily_all_groups.csv",
        "funnel_daily_2026-03-01.csv",
        "funnel_daily_2026-03-01_2026-03-02_all_groups.csv",
    ]


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    mine = copy.folder / "mine.csv"
    mine.write_text("mine")
    with pytest.raises(ExportError, match=r"mine\.csv is there already, and stays as it is.*--force"):
        export(copy.settings, WANTED, "csv", mine)
    assert mine.read_text() == "mine"
    export(copy.settings, WANTED, "csv", mine, force=True)
    assert mine.read_text() == "n\n1\n"
    assert list(copy.folder.iterdir()) == [mine]


def test_a_file_that_came_meanwhile_stays(
    planted: Callable[..., Copy], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = planted(TABLE)
    mine = copy.folder / "mine.csv"
    monkeypatch.setitem(
        __import__("jobmatch_assets.exports.export", fromlist=["WRITERS"]).WRITERS,
        "csv",
        lambda _copy, _chosen, path, *_: (path.write_text("theirs"), mine.write_text("mine")),
    )
    with pytest.raises(ExportError, match="is there already"):
        export(copy.settings, WANTED, "csv", mine)
    assert mine.read_text() == "mine"
    assert list(copy.folder.iterdir()) == [mine]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_is_not_finished_leaves_nothing(
    planted: Callable[..., Copy], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    copy = planted(TABLE)
    before = copy.export("t").path.read_bytes()

    def half(_copy: object, _chosen: object, path: Path, *_: object) -> None:
        path.write_text("half")
        raise error

    monkeypatch.setattr("jobmatch_assets.exports.export.WRITERS", {"csv": half})
    with pytest.raises((ExportError, KeyboardInterrupt)) as raised:
        copy.export("t")
    if isinstance(error, OSError):
        assert "No space left on device" in str(raised.value)
    assert [path.read_bytes() for path in copy.folder.iterdir()] == [before]


def test_a_link_stays_a_link(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    (copy.folder / "real.csv").write_text("before")
    (copy.folder / "link.csv").symlink_to("real.csv")
    export(copy.settings, WANTED, "csv", copy.folder / "link.csv", force=True)
    assert (copy.folder / "link.csv").is_symlink()
    assert (copy.folder / "real.csv").read_text() == "n\n1\n"


def test_tables_of_the_platform_are_never_replaced(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    copy.settings.duckdb_path.write_text("warehouse")
    (copy.folder / "link.csv").symlink_to(copy.path)
    parquet = copy.path.parent / "gold" / "t.parquet"
    parquet.parent.mkdir()
    parquet.write_text("published")
    for out in (copy.path, copy.settings.duckdb_path, copy.folder / "link.csv", parquet):
        with pytest.raises(ExportError, match="holds tables of the platform"):
            export(copy.settings, WANTED, "csv", out, force=True)
    assert copy.query("from t") == [(1,)]


def test_places_that_cannot_be_are_refused(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    with pytest.raises(ExportError, match=r"There is no folder .*nowhere for a\.csv"):
        export(copy.settings, WANTED, "csv", copy.folder / "nowhere" / "a.csv")
    with pytest.raises(ExportError, match=r"null is no file.*--out -"):
        export(copy.settings, WANTED, "csv", Path("/dev/null"), force=True)


@pytest.mark.parametrize("format_", ["csv", "parquet", "xlsx"])
def test_a_folder_that_may_not_be_written_to_is_named(
    planted: Callable[..., Copy], tmp_path: Path, format_: str
) -> None:
    copy = planted(TABLE)
    let_everyone_reach(copy.folder)
    let_everyone_reach(copy.path.parent)
    copy.path.chmod(0o444)
    before = copy.export("t", format_).path  # what Python loads late, nobody may not read
    with (
        mode(copy.folder, 0o555),
        as_nobody(),
        pytest.raises(ExportError, match=r"files/t_all_groups\.\w+ cannot be written.*Permission denied"),
    ):
        copy.export("t", format_)
    assert list(copy.folder.iterdir()) == [before]


def test_the_name_of_the_file_tells_the_format(tmp_path: Path) -> None:
    assert format_of(None, None) == "csv"
    assert format_of(None, tmp_path) == "csv"
    assert format_of(None, Path("a.XLSX")) == "xlsx"
    assert format_of(None, Path("a.txt")) == "csv"
    assert format_of("parquet", Path("a.pq")) == "parquet"
    with pytest.raises(SelectionError, match=r"a\.xlsx is called xlsx and would hold csv"):
        format_of("csv", Path("a.xlsx"))
    with pytest.raises(
        SelectionError, match=r"no format xlxs\. Is xlsx meant\? There are: csv, parquet, xlsx"
    ):
        format_of("xlxs", None)


def test_without_a_published_copy_one_is_told_how_to_make_it(planted: Callable[..., Copy]) -> None:
    copy = planted(TABLE)
    copy.path.unlink()
    with pytest.raises(CopyError, match="`jobmatch run` makes it"):
        copy.export("t")
