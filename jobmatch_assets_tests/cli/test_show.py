"""`jobmatch show`: which rows and columns come, in which form, and what it must not do."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmatch_assets.cli.main import main
from jobmatch_assets.cli.terminal import Terminal
from jobmatch_assets_tests.bench.command import environment_of
from jobmatch_assets_tests.bench.rights import as_nobody, let_everyone_reach, mode
from jobmatch_assets_tests.bench.workbench import Workbench

csv.field_size_limit(2**20)  # as long as a line may be

TABLES = (
    *("stg_events", "stg_search_dates", "events", "events_duplicates", "events_quarantine"),
    *("result_list_items", "ab_units_daily", "ab_cumulative_sums", "ab_results", "ab_metrics_daily"),
    *("funnel_daily", "ranking_metrics_daily", "ranking_position_daily", "search_quality_daily"),
    *("funnel_weekly", "data_health_daily", "quarantine_daily", "earlier_copies"),
)


@pytest.fixture
def show(
    golden: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    def invoke(*arguments: str, width: int = 120, bench: Workbench = golden) -> Result:
        monkeypatch.setattr("jobmatch_assets.cli.verbs.show.out", at_width(width))
        environment = environment_of(bench, tmp_path / "home")
        return CliRunner().invoke(main, ["show", *arguments], env=environment)

    return invoke


def at_width(width: int) -> Terminal:
    terminal = Terminal()
    terminal.width = width
    return terminal


def good(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("table", TABLES)
def test_every_table_shows_in_every_form(show: Callable[..., Result], table: str) -> None:
    for width in (80, 120):
        for limit in ("1", "7", "50"):
            lines = good(show(table, "--limit", limit, width=width)).splitlines()
            assert max(map(len, [line for line in lines if line[:1] in "┃│"])) <= width
    exported = good(show(table, "--format", "csv", "--all-groups"))
    rows = list(csv.reader(io.StringIO(exported, newline="")))
    objects = json.loads(good(show(table, "--format", "json", "--all-groups")))
    assert len(objects) == len(rows) - 1 > 0
    assert [list(entry) for entry in objects] == [rows[0]] * len(objects)


def test_values_are_exact_and_the_newest_date_comes_first(
    show: Callable[..., Result], golden: Workbench
) -> None:
    found = json.loads(good(show("funnel_daily", "--format", "json")))
    expected = golden.query(
        "select event_date::varchar, searches, search_to_apply_rate from job_matching_gold.funnel_daily "
        "where platform = '__all__' and device_type = '__all__' and surface = '__all__' "
        "and event_date > (select max(event_date) - 7 from job_matching_gold.funnel_daily) "
        "order by event_date desc"
    )
    assert [(row["event_date"], row["searches"], row["search_to_apply_rate"]) for row in found] == expected


def test_null_and_arrays_and_times_in_csv(show: Callable[..., Result], golden: Workbench) -> None:
    columns = "event_id,event_ts,experiments,is_exploration,search_query"
    march = ("--from", "2026-03-01", "--to", "2026-03-31", "--limit", "1000")
    result = show("events", "--columns", columns, "--format", "csv", *march)
    assert result.exit_code == 0, result.output
    text = result.stdout_bytes.decode()
    assert "\r\n" in text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    expected = {
        event_id: (moment, experiments, explored, query)
        for event_id, moment, experiments, explored, query in golden.query(
            f"select {columns} from job_matching_silver.events"
        )
    }
    assert rows
    for row in rows:
        moment, experiments, explored, query = expected[row["event_id"]]
        assert row["event_ts"] == moment.isoformat().replace("+00:00", "Z")
        assert (json.loads(row["experiments"]) if row["experiments"] else None) == experiments
        assert row["is_exploration"] == {None: "", True: "true", False: "false"}[explored]
        assert row["search_query"] == (query or "")


def test_more_rows_than_shown_are_told(show: Callable[..., Result]) -> None:
    everything = json.loads(good(show("ab_results", "--format", "json", "--limit", "100000")))
    told = good(show("ab_results", "--limit", "3"))
    assert f"3 of {len(everything):,} rows" in told
    assert f"--limit {len(everything)}" in told
    exported = show("ab_results", "--limit", "3", "--format", "json")
    assert json.loads(exported.stdout) == everything[:3]
    assert f"3 of {len(everything):,} rows" in exported.stderr
    assert " of " not in good(show("ab_results", "--limit", str(len(everything))))


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("metric=ctr", "metric = 'ctr'"),
        ("metric != ctr", "metric <> 'ctr'"),
        ("units_control>=20", "units_control >= 20"),
        ("value_control < 0.5", "value_control < 0.5"),
        ("effect is null", "effect is null"),
        ("effect IS NOT NULL", "effect is not null"),
        ("metric!=", "true"),
        ("metric=ctr' or '1'='1", "false"),
    ],
)
def test_conditions_are_those_of_the_columns_types(
    show: Callable[..., Result], golden: Workbench, condition: str, sql: str
) -> None:
    condition = condition.replace(" != ctr", "!=ctr").replace(" < ", "<")
    found = json.loads(
        good(
            show(
                "ab_results",
                "--from",
                "2026-01-01",
                "--to",
                "2026-12-31",
                "--where",
                condition,
                "--format",
                "json",
                "--limit",
                "100000",
            )
        )
    )
    expected = golden.query(f"select count(*) from job_matching_gold.ab_results where {sql}")
    assert [(len(found),)] == expected


def test_conditions_on_dates_times_and_booleans(show: Callable[..., Result], golden: Workbench) -> None:
    ((moment, day),) = golden.query("select max(event_ts), max(event_date) from job_matching_silver.events")
    for condition, sql in (
        (f"event_ts>={moment.isoformat()}", f"event_ts >= timestamptz '{moment.isoformat()}'"),
        (f"event_date={day}", f"event_date = date '{day}'"),
        (
            "is_exploration=TRUE",
            "is_exploration and event_date > (select max(event_date) - 7 from job_matching_silver.events where is_exploration)",
        ),
    ):
        found = json.loads(
            good(show("events", "--where", condition, "--format", "json", "--limit", "100000"))
        )
        ((expected,),) = golden.query(f"select count(*) from job_matching_silver.events where {sql}")
        assert len(found) == expected > 0


def test_a_group_that_is_asked_for_is_no_total(show: Callable[..., Result]) -> None:
    rows = json.loads(good(show("funnel_daily", "--where", "platform=web", "--format", "json")))
    assert {(row["platform"], row["device_type"], row["surface"]) for row in rows} == {
        ("web", "__all__", "__all__")
    }
    rows = json.loads(
        good(
            show(
                "ranking_metrics_daily",
                "--where",
                "experiment_id!=__all__",
                "--where",
                "k=10",
                "--format",
                "json",
            )
        )
    )
    assert "__all__" not in {row["variant"] for row in rows}
    assert rows


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("no_such_table",), 1, "There are: ab_cumulative_sums, "),
        (("held_back",), 1, "The published copy has it: `jobmatch export held_back --out -` prints it."),
        (("funnel_daily", "--where", "platfrom=web"), 2, "no column platfrom. Is platform meant? Its columns: event_date,"),
        (("funnel_daily", "--columns", "clicks,nonsense"), 2, "no column nonsense"),
        (("ab_results", "--columns", "verdict,nonsense"), 2, "no column nonsense"),
        (("funnel_daily", "--where", "clicks=many"), 2, "clicks holds a whole number"),
        (("funnel_daily", "--where", f"clicks={10**30}"), 2, "clicks holds a whole number"),
        (("funnel_daily", "--where", "event_date=yesterday"), 2, "event_date holds a date"),
        (("events", "--where", "event_ts>noon"), 2, "event_ts holds a time"),
        (("events", "--where", "is_exploration=1"), 2, "true or false"),
        (("events", "--where", "experiments=x"), 2, "'experiments is null'"),
        (("events", "--where", "1=1; drop table events"), 2, "no column 1"),
        (("events", "--where", "x"), 2, "x is not column=value"),
        (("events", "--limit", "-1"), 2, "-1 is not in the range"),
        (("events", "--limit", "9" * 30), 2, "is not in the range"),
        (("events", "--format", "xml"), 2, "'xml' is not one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(
    show: Callable[..., Result], arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = show(*arguments)
    assert result.exit_code == code, result.output
    assert message in " ".join(result.output.split())


def test_of_a_table_by_week_the_last_weeks_are_shown(show: Callable[..., Result], golden: Workbench) -> None:
    weeks = golden.query("select distinct week_start from job_matching_gold.funnel_weekly order by all desc")
    assert len(weeks) > 1
    shown = json.loads(good(show("funnel_weekly", "--format", "json")))
    assert [row["week_start"] for row in shown] == [str(week) for (week,) in weeks]


def test_a_wide_table_says_what_is_left_out(show: Callable[..., Result]) -> None:
    told = " ".join(good(show("events", "--limit", "20", width=80)).split())
    assert "Left out, since the terminal has 80 columns: " in told
    left_out = told.split("80 columns: ")[1].split(". --columns")[0].split(", ")
    everything = list(json.loads(good(show("events", "--limit", "1", "--format", "json")))[0])
    assert everything[-len(left_out) :] == left_out
    few = good(show("events", "--limit", "2", width=80))
    assert "Left out" not in few
    assert all(column in few for column in everything)
    whole = good(show("events", "--limit", "20", "--columns", ",".join(everything[:12]), width=80))
    assert all(column in whole for column in everything[:12])


def test_results_have_a_verdict(show: Callable[..., Result]) -> None:
    told = good(show("ab_results", width=160))
    assert "verdict" in told
    assert "held back because" in told
    rows = json.loads(good(show("ab_results", "--columns", "verdict,experiment_id", "--format", "json")))
    assert {tuple(row) for row in rows} == {("experiment_id", "verdict")}


def test_nothing_is_made_where_nothing_is(
    show: Callable[..., Result], workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    missing = tmp_path / "none" / "w.duckdb"
    bench = workbench(JOBMATCH_DUCKDB_PATH=str(missing))
    result = show("funnel_daily", bench=bench)
    assert result.exit_code == 1
    assert f"There is no warehouse {missing}" in result.output
    assert "`jobmatch run` makes it" in result.output
    assert not missing.parent.exists()


def test_a_warehouse_of_somebody_else_is_read(
    show: Callable[..., Result], golden: Workbench, workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    copy = folder / "w.duckdb"
    copy.write_bytes(golden.warehouse.read_bytes())
    (tmp_path / "home").mkdir()
    let_everyone_reach(folder)
    copy.chmod(0o444)
    bench = workbench(JOBMATCH_DUCKDB_PATH=str(copy))
    with mode(folder, 0o555), as_nobody():
        result = show("funnel_daily", bench=bench)
    assert "searches" in good(result)
    assert [path.name for path in folder.iterdir()] == ["w.duckdb"]


def test_a_table_without_a_date_is_shown(
    show: Callable[..., Result], workbench: Callable[..., Workbench]
) -> None:
    bench = workbench()
    bench.prepared()
    bench.query("create schema if not exists job_matching_gold")
    bench.query("create table job_matching_gold.odd as select 'a' as name, 2.5 as number")
    assert json.loads(good(show("odd", "--format", "json", bench=bench))) == [{"name": "a", "number": "2.5"}]


def test_dates_that_are_held_back_are_named(
    show: Callable[..., Result], workbench: Callable[..., Workbench]
) -> None:
    bench = workbench()
    line = '{{"event_id":"{0}","event_name":"search","event_ts":"{1}T10:00:00Z","user_id":"u"}}'
    bench.land("dt=2026-03-01/a.ndjson", [line.format(f"a{n}", "2026-03-01") for n in range(5)])
    bench.land("dt=2026-03-04/b.ndjson", [line.format("b", "2026-03-04"), *["{}"] * 1500])
    assert bench.try_run().problems
    told = good(show("funnel_daily", bench=bench))
    assert "2026-03-01" in told
    assert "Held back, so missing or as before: 2026-03-04." in told
    assert "quarantine_share of silver/events_quarantine fails for 2026-03-04" in told
    assert "Held back" not in good(show("funnel_daily", "--from", "2026-03-01", bench=bench))
    exported = show("funnel_daily", "--format", "json", bench=bench)
    assert "Held back" in exported.stderr
    assert len(json.loads(exported.stdout)) == 1
