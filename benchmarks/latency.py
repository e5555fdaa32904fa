"""How long it takes from a file that lands until funnel_daily counts it, with `dagster dev` running.

    .venv/bin/python -m benchmarks.latency [--files 20] [--events 500]

Drops one file after the other, each for the newest date of a week that is loaded already. Prints p50 and p95
until funnel_daily is built, and until a dashboard sees it in the published copy, and where the seconds went.
The ratio of p50 to the time in which a process imports Dagster and dbt, measured in the same run, can be
compared between machines.
"""

import argparse
import datetime as dt
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import dagster as dg
import duckdb

from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.simulation import Scenario, write_landing
from jobmatch_assets_tests.bench.dagster_dev import DagsterDev

_DAY = dt.date(2026, 3, 7)
_START = dt.date(2026, 3, 1)
_LONGEST = 300

_STAGES = (
    "seen by the sensor, run requested",
    "queue and start of the run's process",
    "imports, definitions, warehouse opened",
    "bronze: load, stage, checks",
    "silver: dbt, checks",
    "gold: dbt up to funnel_daily",
    "gold: the other tables, checks, A/B results; published",
)


def searches(name: str, count: int) -> str:
    """A file of searches of the newest date."""
    return "".join(
        json.dumps(
            {
                "event_id": f"{name}-{number}",
                "event_name": "search",
                "event_ts": f"{_DAY}T{number % 24:02d}:00:00Z",
                "user_id": f"u{number % 97}",
            }
        )
        + "\n"
        for number in range(count)
    )


def counted(published: Path) -> int:
    """What a dashboard shows."""
    if not published.exists():
        return 0
    with duckdb.connect(str(published), read_only=True) as connection:
        row = connection.execute(
            "select searches from job_matching_gold.funnel_daily where event_date = ? "
            "and platform = '__all__' and device_type = '__all__' and surface = '__all__'",
            [_DAY],
        ).fetchone()
    return int(row[0]) if row else 0


def wait_until(published: Path, searches_counted: int) -> float:
    """The time when the dashboard shows so many."""
    deadline = time.time() + _LONGEST
    while counted(published) < searches_counted:
        if time.time() > deadline:
            raise SystemExit(f"{searches_counted} searches are not counted after {_LONGEST} s")
        time.sleep(0.2)
    return time.time()


def stages(instance: dg.DagsterInstance, landed: float, shown: float) -> list[float]:
    """The seconds of each of _STAGES for the newest run."""
    [record] = instance.get_run_records(dg.RunsFilter(job_name=PROCESS_NEW_FILES), limit=1)
    entries = instance.all_logs(record.dagster_run.run_id)
    said = {entry.user_message: entry.timestamp for entry in entries if not entry.is_dagster_event}

    def last(beginning: str) -> float:
        return max(moment for message, moment in said.items() if message.startswith(beginning))

    funnel = max(
        entry.timestamp
        for entry in entries
        if entry.is_dagster_event
        and entry.get_dagster_event().is_step_materialization
        and entry.get_dagster_event().asset_key == dg.AssetKey(["gold", "funnel_daily"])
    )
    started = min(
        entry.timestamp
        for entry in entries
        if entry.is_dagster_event and "pid" in str(entry.get_dagster_event().event_specific_data)
    )
    moments = [
        landed,
        record.create_timestamp.timestamp(),
        started,
        last(f"bronze: {_DAY}"),
        last("bronze: done"),
        last("silver: done"),
        funnel,
        shown,
    ]
    return [end - begin for begin, end in pairwise(moments)]


def p95(seconds: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def seconds_to_import() -> float:
    """The reference: the median of three cold starts."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", "import dagster, dagster_dbt, dbt.cli.main"],
            check=True,
            capture_output=True,
            cwd=tempfile.gettempdir(),
        )
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--events", type=int, default=500, help="lines of each file")
    arguments = parser.parse_args()
    rng = random.Random(1)  # noqa: S311 (nothing is secret here)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_landing(Scenario(start=_START, days=7), folder)
        settings = {
            "JOBMATCH_LANDING": str(folder / "landing"),
            "JOBMATCH_EXPERIMENTS": str(folder / "experiments.csv"),
            "JOBMATCH_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
        }
        published = folder / "gold.duckdb"
        measured = []
        with DagsterDev(folder / "home", settings) as dev:
            wait_until(published, 1)
            # Its dagster.yaml names folders relative to where Dagster starts.
            os.chdir(folder / "home")
            instance = dg.DagsterInstance.from_config(".")
            before = counted(published)
            for number in range(arguments.files):
                dev.wait_for(lambda: not dev.runs_under_way(), _LONGEST, "runs do not end")
                # Not in step with the sensor.
                time.sleep(rng.uniform(0, 6))
                path = folder / "landing" / "events" / f"dt={_DAY}" / f"{number:03d}.ndjson"
                path.with_suffix(".tmp").write_text(searches(f"latency-{number}", arguments.events))
                landed = time.time()
                path.with_suffix(".tmp").rename(path)
                shown = wait_until(published, before + (number + 1) * arguments.events)
                dev.wait_for(lambda: not dev.runs_under_way(), _LONGEST, "runs do not end")
                measured.append(stages(instance, landed, shown))
                print(f"{number + 1:3d}/{arguments.files}  {shown - landed:6.1f} s", file=sys.stderr)
    reference = seconds_to_import()
    print(f"{len(measured)} files of {arguments.events} lines, {reference:.1f} s to import Dagster and dbt")
    for what, latencies in (
        ("until funnel_daily is built", [sum(parts[:-1]) for parts in measured]),
        ("until a dashboard sees it", [sum(parts) for parts in measured]),
    ):
        p50 = statistics.median(latencies)
        print(
            f"  {what}: p50 {p50:.1f} s ({p50 / reference:.1f} times the imports), p95 {p95(latencies):.1f} s"
        )
    print("  where the seconds go: p50, p95")
    for position, stage in enumerate(_STAGES):
        seconds = [parts[position] for parts in measured]
        print(f"  {statistics.median(seconds):6.1f} {p95(seconds):6.1f} s  {stage}")


if __name__ == "__main__":
    main()
