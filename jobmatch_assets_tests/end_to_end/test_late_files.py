"""Files arrive in stages while `dagster dev` runs; nobody touches it, and all tables equal a rebuild."""

import random
from pathlib import Path

import duckdb
import pytest

from jobmatch_assets.contracts.registry import CONTRACTS
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets_tests.bench.arrivals import Arrivals
from jobmatch_assets_tests.bench.golden import GOLDEN, golden_differences, write_expected
from jobmatch_assets_tests.bench.landings import landed_names, lines_of, write_faulty_landing
from jobmatch_assets_tests.bench.receivers import Receiver, receiver
from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.proof

ALERT_SECONDS = 180


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days in three files each, many lines of which land one to three days late."""
    return write_faulty_landing(tmp_path_factory.mktemp("made"), seed=33) / "landing"


def searches(day: str, count: int) -> list[bytes]:
    return [
        (
            f'{{"event_id":"s-{day}-{number}","event_name":"search","event_ts":"{day}T10:00:00Z",'
            f'"user_id":"u{number % 50}"}}'
        ).encode()
        for number in range(count)
    ]


def told(alerts: Receiver, status: str, check: str, date: str) -> bool:
    """Whether the receiver was told that an error of a check is open, or over, for partitions with this date."""
    return any(
        (alert["status"], alert["severity"], alert["check"]) == (status, "error", check)
        and date in alert["partitions"]
        for body in alerts.received
        for alert in body["alerts"]
    )


def test_files_in_stages_become_the_tables_of_a_rebuild(source: Path, tmp_path: Path) -> None:
    names = landed_names(source)
    day_1, day_2, day_3, day_4 = (
        [name for name in names if name.startswith(f"dt=2026-03-0{day}/")] for day in (1, 2, 3, 4)
    )
    with receiver() as alerts:
        arrivals = Arrivals(tmp_path, source, JOBMATCH_ALERT_WEBHOOKS=f"json+{alerts.url}")
        landing = arrivals.bench.landing / "events"
        with arrivals.dev as dev:
            # On time, and one file of day 1 that is kept back for 40 days.
            arrivals.arrive(*day_1[1:], *day_2)
            arrivals.wait_until_quiet()
            assert arrivals.differences_from_rebuild("on_time") == []

            # Late by one to three days, and by 40.
            arrivals.arrive(*day_3)
            kept_back = lines_of(source / "events" / day_1[0])
            arrivals.place_lines("dt=2026-04-10/kept_back.ndjson", kept_back)
            arrivals.wait_until_quiet()
            assert arrivals.differences_from_rebuild("late") == []

            # Broken: a date of nothing but bad lines, and half a file.
            whole = (source / "events" / day_4[0]).read_bytes()
            arrivals.place(day_4[0], whole[: len(whole) // 2])
            arrivals.place_lines("dt=2026-03-06/broken.ndjson", [b"{}"] * 2000)
            dev.wait_for(
                lambda: (
                    told(alerts, "open", "quarantine_share", "2026-03-06")
                    and told(alerts, "open", "files_are_readable", "2026-03-04")
                ),
                ALERT_SECONDS,
                "the alerts do not come",
            )

            # Good data clears it, and the rest of the broken file comes.
            arrivals.place(day_4[0], whole)
            arrivals.place_lines("dt=2026-03-06/good.ndjson", searches("2026-03-06", 2500))
            arrivals.wait_until_quiet()
            assert arrivals.differences_from_rebuild("cleared") == []
            dev.wait_for(
                lambda: told(alerts, "recovered", "files_are_readable", "2026-03-04"),
                ALERT_SECONDS,
                "no one is told that all is well",
            )

            # The same content twice, and a file that goes and comes again.
            arrivals.place_lines("dt=2026-03-02/again.ndjson", lines_of(source / "events" / day_2[0]))
            gone = landing / day_3[0]
            content = gone.read_bytes()
            gone.unlink()
            arrivals.wait_until_quiet()
            arrivals.place(day_3[0], content)

            # A manual materialization and a backfill from the UI, with files that come meanwhile.
            manual = dev.materialize("bronze/events_raw", "2026-03-03")
            arrivals.arrive(*day_4[1:])
            backfill = dev.backfill(["silver/events", "gold/funnel_daily"], ["2026-03-01", "2026-03-02"])
            assert dev.finished_run(manual, 300)["status"] == "SUCCESS"
            assert dev.finished_backfill(backfill, 300)["status"] == "COMPLETED_SUCCESS"
            arrivals.wait_until_quiet()
            assert arrivals.differences_from_rebuild("by_hand") == []

            # In bulk.
            runs_before = len(dev.runs())
            rng = random.Random(5)
            for number in range(400):
                day = f"2026-03-{rng.randint(1, 28):02d}"
                lines = [
                    line.replace(b'"event_id":"s-', f'"event_id":"bulk-{number}-'.encode())
                    for line in searches(day, 5)
                ]
                arrivals.place_lines(f"dt={day}/bulk-{number:03d}.ndjson", lines)
            arrivals.wait_until_quiet()
            bulk_runs = len(dev.runs()) - runs_before
            assert arrivals.differences_from_rebuild("bulk") == []
            assert bulk_runs <= 4

        with turn(arrivals.bench.warehouse):
            copy, built = published(tmp_path / "gold.duckdb"), published(arrivals.bench.warehouse)
        told_beside = {name: copy.pop(name) for name in ("failing_checks", "held_back", "publication")}
        kept_back = {contract.table for contract in CONTRACTS if not contract.is_published}
        assert copy == {name: rows for name, rows in built.items() if name not in kept_back}
        assert len(told_beside["publication"]) == 1
        expected_tables = write_expected(
            arrivals.bench.landing, GOLDEN / "experiments.csv", tmp_path / "expected"
        )
        assert golden_differences(expected_tables, arrivals.bench.warehouse) == ""


def published(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every gold table of a file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'job_matching_gold' order by all"
        ).fetchall()
        connection.execute("set TimeZone = 'UTC'")
        return {
            name: connection.table(f"job_matching_gold.{name}").order("all").fetchall() for (name,) in names
        }


def test_killed_twenty_times_while_files_arrive(source: Path, tmp_path: Path) -> None:
    """With all its processes, as when the machine goes down, or alone, so that a run goes on without it."""
    rng = random.Random(7)
    arrivals = Arrivals(tmp_path, source)
    names = landed_names(source)
    rng.shuffle(names)
    pieces = [
        (f"{name.split('/')[0]}/piece-{number:03d}.ndjson", lines[start : start + 40])
        for number, (name, lines, start) in enumerate(
            (name, lines, start)
            for name in names
            for lines in [lines_of(source / "events" / name)]
            for start in range(0, len(lines), 40)
        )
    ]
    rng.shuffle(pieces)
    for kill in range(20):
        with arrivals.dev as dev:
            for name, lines in pieces[kill::20]:
                arrivals.place_lines(name, lines)
            dev.wait_for(dev.runs_under_way, 60, "no run starts")
            dev.sleep(rng.uniform(0, 8))
            dev.kill(runs=rng.random() < 0.7)
    with arrivals.dev:
        arrivals.wait_until_quiet()
        statuses = {run["status"] for run in arrivals.dev.runs()}
    assert statuses <= {"SUCCESS", "FAILURE"}
    assert arrivals.differences_from_rebuild("undisturbed") == []
    expected = write_expected(arrivals.bench.landing, GOLDEN / "experiments.csv", tmp_path / "expected")
    assert golden_differences(expected, arrivals.bench.warehouse) == ""


def test_ten_thousand_files_at_once_are_a_handful_of_runs(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, tmp_path)
    with arrivals.dev as dev:
        for number in range(10_000):
            day = f"2026-03-{number % 28 + 1:02d}"
            line = searches(day, 1)[0].replace(b'"s-', f'"{number}-'.encode())
            path = arrivals.bench.landing / "events" / f"dt={day}" / f"{number:05d}.ndjson"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(line + b"\n")
        arrivals.wait_until_quiet()
        runs = dev.runs()
    assert {run["status"] for run in runs} == {"SUCCESS"}
    assert len(runs) <= 5
    [(count,)] = arrivals.bench.query("select count(*) from job_matching_silver.events")
    assert count == 10_000


def test_six_runs_and_a_reader_at_once(source: Path, tmp_path: Path) -> None:
    """Runs take turns at the warehouse; the reader has a dashboard's query on the published copy."""
    arrivals = Arrivals(tmp_path, source)
    names = landed_names(source)
    arrivals.arrive(*names[:3])
    with arrivals.dev as dev:
        arrivals.wait_until_quiet()
        read, before = 0, len(dev.runs())
        runs = [dev.materialize("bronze/events_raw", f"2026-03-0{day}") for day in (1, 2, 3, 4)]
        runs += [dev.materialize("gold/funnel_daily", f"2026-03-0{day}") for day in (1, 2)]
        arrivals.arrive(*names[3:])
        while dev.runs_under_way():
            with duckdb.connect(str(tmp_path / "gold.duckdb"), read_only=True) as connection:
                connection.execute(
                    "select event_date, searches, search_to_apply_rate from job_matching_gold.funnel_daily "
                    "where platform = '__all__' and surface = '__all__' order by event_date"
                ).fetchall()
                read += 1
        assert {dev.finished_run(run, 60)["status"] for run in runs} == {"SUCCESS"}
        arrivals.wait_until_quiet()
        assert {run["status"] for run in dev.runs()} == {"SUCCESS"}
        assert len(dev.runs()) > before + len(runs)
    assert read > 0
    assert arrivals.differences_from_rebuild("alone") == []


def test_a_broken_copy_is_seen(source: Path, tmp_path: Path) -> None:
    """The comparison of the tests above can fail."""
    arrivals = Arrivals(tmp_path, source)
    arrivals.arrive(*landed_names(source)[:2])
    bench: Workbench = arrivals.bench
    bench.try_run()
    assert arrivals.differences_from_rebuild("same") == []
    bench.query("update job_matching_gold.funnel_daily set searches = searches + 1")
    assert arrivals.differences_from_rebuild("other") == ["job_matching_gold.funnel_daily"]
