"""Rows, columns and dates are chosen as `jobmatch show` chooses them, and what cannot be is said."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from jobmatch_assets.cli.main import main
from jobmatch_assets.exports.selected import selected
from jobmatch_assets.published.copy import opened
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets.warehouse.selection import Filter, Selection
from jobmatch_assets_tests.bench.command import environment_of
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.exports.conftest import Copy
from jobmatch_assets_tests.exports.reading import csv_texts


@pytest.mark.parametrize(
    "options",
    [
        ("funnel_daily",),
        ("funnel_daily", "--all-groups"),
        ("funnel_daily", "--where", "platform=web"),
        ("ranking_metrics_daily", "--where", "experiment_id!=__all__", "--columns", "k,event_date,lists"),
        ("ab_results", "--where", "effect is not null", "--where", "value_control<0.5"),
    ],
)
def test_rows_are_those_of_show_in_the_same_order(
    golden: Workbench, tmp_path: Path, options: tuple[str, ...]
) -> None:
    environment = environment_of(golden, tmp_path / "home")
    dates = ("--from", "2026-01-01", "--to", "2026-12-31")
    shown = CliRunner().invoke(
        main, ["show", *options, *dates, "--limit", "100000", "--format", "json"], env=environment
    )
    exported = CliRunner().invoke(main, ["export", *options, *dates, "--out", "-"], env=environment)
    assert shown.exit_code == exported.exit_code == 0, exported.output
    path = tmp_path / "rows.csv"
    path.write_bytes(exported.stdout_bytes)
    head, *rows = csv_texts(path)
    expected = json.loads(shown.stdout)
    assert head == [*expected[0]]
    assert rows == [[_text(value) for value in row.values()] for row in expected]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-04", "2026-03-08"])
def test_a_day_of_a_week_exports_the_week(golden_export: Copy, day: str) -> None:
    date = dt.date.fromisoformat(day)
    exported = golden_export.export("funnel_weekly", first=date, last=date)
    ((rows,),) = golden_export.query("select count(*) from funnel_weekly where week_start = '2026-03-02'")
    assert exported.rows == rows > 1


def test_without_dates_all_are_exported(golden_export: Copy) -> None:
    ((rows,),) = golden_export.query("select count(*) from funnel_daily")
    assert golden_export.export("funnel_daily").rows == rows
    first, last = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
    ((rows,),) = golden_export.query(
        f"select count(*) from funnel_daily where event_date between '{first}' and '{last}'"
    )
    assert golden_export.export("funnel_daily", first=first, last=last).rows == rows > 0


def test_a_table_without_dates_is_exported_whole(planted: Callable[..., Copy]) -> None:
    copy = planted("create table odd as select 'a' as name, date '2026-03-01' as day")
    assert copy.export("odd").rows == 1
    with pytest.raises(SelectionError, match=r'odd has no partition by date.*--where "day>=YYYY-MM-DD"'):
        copy.export("odd", first=dt.date(2026, 3, 1))
    assert copy.export("odd", filters=(Filter.of("day>=2026-03-02"),)).rows == 0


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (
            {"table": "funel_daily"},
            r"no table funel_daily\. Is funnel_daily meant\? It has: ab_cumulative_sums, ",
        ),
        ({"table": "events"}, "It is one of silver: `jobmatch show events --format csv` prints"),
        ({"table": 'funnel_daily" where 1=1 --'}, "no table funnel_daily"),
        ({"columns": ("click",)}, r"no column click\. Is clicks meant\?"),
        ({"columns": ('clicks"; drop table x',)}, "no column clicks"),
        ({"filters": (Filter("platfrom", "=", "web"),)}, "no column platfrom. Is platform meant"),
        ({"filters": (Filter("clicks", ">", "many"),)}, "clicks holds a whole number"),
    ],
)
def test_what_cannot_be_is_said(golden_export: Copy, selection: dict[str, Any], message: str) -> None:
    with pytest.raises(SelectionError, match=message):
        golden_export.export(**{"table": "funnel_daily", **selection})
    assert list(golden_export.folder.glob("*.csv")) == []


def test_values_are_bound(golden_export: Copy) -> None:
    hostile = (Filter("platform", "=", "web' or '1'='1"),)
    assert golden_export.export("funnel_daily", filters=hostile).rows == 0


def test_it_is_the_same_on_the_other_engine(golden_export: Copy, tmp_path: Path) -> None:
    here = golden_export.export("ab_results").path.read_bytes()
    settings = Settings.from_environment(
        {
            "JOBMATCH_TARGET": "bigquery",
            "JOBMATCH_BIGQUERY_PROJECT": "nobody-is-asked",
            "JOBMATCH_PUBLISHED_PATH": str(golden_export.path),
        }
    )
    assert Copy(settings, tmp_path).export("ab_results").path.read_bytes() == here


def test_a_copy_without_tables_says_so(planted: Callable[..., Copy]) -> None:
    with pytest.raises(SelectionError, match="holds no tables yet"):
        planted().export("funnel_daily")


def test_names_of_tables_and_columns_may_be_odd(planted: Callable[..., Copy]) -> None:
    copy = planted('create table "a ""b" as select 1 as "c ""d", 2 as "select"')
    assert csv_texts(copy.export('a "b', totals_only=True).path) == [['c "d', "select"], ["1", "2"]]


def test_rates_are_known_by_their_names(golden_export: Copy) -> None:
    with opened(golden_export.path) as connection:
        columns = [
            column
            for table in ("funnel_daily", "ranking_metrics_daily", "search_quality_daily")
            for column in selected(connection, Selection(table)).columns
        ]
    rates = {column.name for column in columns if column.is_rate}
    assert {"click_to_apply_rate", "ctr_at_k", "ctr_user_level", "abandonment_rate"} <= rates
    assert not {"mrr_at_k", "ndcg_at_k", "mean_click_position", "searches"} & rates
