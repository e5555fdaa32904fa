"""`jobmatch metrics`: the dictionary and its numbers, for people and for programs."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets_tests.bench.cloud import PROJECT
from jobmatch_assets_tests.bench.command import environment_of
from jobmatch_assets_tests.bench.workbench import Workbench


@pytest.fixture
def metrics(
    golden: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    def invoke(*arguments: str, width: int = 120, **changes: str) -> Result:
        terminal = Terminal()
        terminal.width = width
        monkeypatch.setattr("jobmatch_assets.cli.verbs.metrics.out", terminal)
        environment = environment_of(golden, tmp_path / "home", **changes)
        return CliRunner().invoke(main, ["metrics", *arguments], env=environment)

    return invoke


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_names_every_metric_with_its_unit_and_formula(
    metrics: Callable[..., Result], golden: Workbench
) -> None:
    dictionary = Dictionary.of(golden.platform.dbt.manifest)
    for width in (80, 120):
        text = good(metrics(width=width))
        assert max(map(len, [line for line in text.splitlines() if line[:1] in "┃│"])) <= width
        assert [metric.name for metric in dictionary if f"│ {metric.name} " not in text] == []
    assert "clicked items / shown items, at rank <= k" in text
    listed = json.loads(good(metrics("--format", "json")))
    assert {entry["name"] for entry in listed} == {metric.name for metric in dictionary}


def test_a_metric_is_explained_whole(metrics: Callable[..., Result]) -> None:
    text = good(metrics("ctr_at_k", "--explain"))
    for line in (
        "unit: share",
        "numerator: clicked_at_k",
        "denominator: shown_at_k",
        "combines_over: dates, surfaces",
        "null_means: Nothing was shown at these ranks",
        "owner: Product analytics",
    ):
        assert f"  {line}\n" in text


def test_numbers_are_exact_for_programs_and_explained_for_people(
    metrics: Callable[..., Result], golden: Workbench
) -> None:
    asked = ("search_to_apply_rate", "searches", "--grain", "week")
    rows = list(csv.DictReader(io.StringIO(good(metrics(*asked, "--format", "csv")))))
    expected = golden.query(
        "select date_trunc('week', event_date)::date::varchar, sum(reached_apply) / nullif(sum(entered), 0), "
        "sum(searches) from job_matching_gold.funnel_daily where platform = '__all__' "
        "and device_type = '__all__' and surface = '__all__' group by 1 order by 1 desc"
    )
    assert [tuple(row.values()) for row in rows] == [
        (week, "" if rate is None else repr(rate), str(count)) for week, rate, count in expected
    ]
    assert json.loads(good(metrics(*asked, "--format", "json")))[0]["week"] == expected[0][0]
    text = good(metrics(*asked))
    assert "search_to_apply_rate (share): cohort that applies / cohort. -: Nobody entered." in text


def test_filters_and_dates_are_those_of_show(metrics: Callable[..., Result], golden: Workbench) -> None:
    found = json.loads(
        good(
            metrics(
                "clicked_at_k", "--by", "surface", "--where", "k=5", "--where", "surface!=email",
                "--from", "2026-03-01", "--to", "2026-03-02", "--format", "json",
            )
        )
    )  # fmt: skip
    expected = golden.query(
        "select event_date::varchar, surface, clicked_at_k from job_matching_gold.ranking_metrics_daily "
        "where k = 5 and surface not in ('__all__', 'email') and experiment_id = '__all__' "
        "and event_date between '2026-03-01' and '2026-03-02' order by event_date desc, surface"
    )
    assert [tuple(row.values()) for row in found] == expected


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("users_click", "--grain", "week"), "users_click cannot be put together over dates"),
        (("clickz",), "Is clicks meant?"),
        (("clicks", "--where", "platform~ios"), "is not column=value"),
        (("--by", "platform"), "are about the numbers of a NAME"),
        (("clicks", "--to", "2026-03-01"), "--to needs --from"),
    ],
)
def test_what_cannot_be_asked_ends_with_two(
    arguments: tuple[str, ...], says: str, metrics: Callable[..., Result]
) -> None:
    result = metrics(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_a_missing_copy_is_told(metrics: Callable[..., Result], tmp_path: Path) -> None:
    result = metrics("clicks", JOBMATCH_PUBLISHED_PATH=str(tmp_path / "none.duckdb"))
    assert result.exit_code == 1
    assert "There is no published copy" in result.output


def test_sql_is_that_of_the_target_and_runs_nothing(metrics: Callable[..., Result], tmp_path: Path) -> None:
    hidden = {"JOBMATCH_PUBLISHED_PATH": str(tmp_path / "none.duckdb")}
    asked = ("clicks", "--grain", "week", "--where", "platform=i'os\n;", "--show-sql")
    text = good(metrics(*asked, **hidden))
    assert text.startswith("-- $filter_0 = i'os\\n;\nSELECT\n")
    assert "FROM job_matching_gold.funnel_daily" in text
    text = good(metrics(*asked, **hidden, JOBMATCH_TARGET="bigquery", JOBMATCH_BIGQUERY_PROJECT=PROJECT))
    assert f"FROM `{PROJECT}`.`job_matching_gold`.`funnel_daily`" in text
    assert "TIMESTAMP_TRUNC(event_date, isoweek)" in text
    assert "funnel_daily__on_date >= date '2019-01-01'" in text


def test_metricflow_is_imported_for_numbers_only(golden: Workbench, tmp_path: Path) -> None:
    program = (
        "import sys; from click.testing import CliRunner; from jobmatch_assets.cli.main import main; "
        "result = CliRunner().invoke(main, ['metrics', '--explain']); assert result.exit_code == 0, result.output; "
        "print(sorted(name for name in sys.modules if name.startswith('metricflow')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment_of(golden, tmp_path / "home"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
