"""How long one changed company takes, with `dagster dev` running, in a warehouse of many jobs.

    .venv/bin/python -m benchmarks.latency_of_entities [--records 1000000] [--files 5]

Drops one file with another name of a company after the other, each when the run of the one before has ended.
Prints the median of what its run takes, and of the time from the file to the end of the run, in which the
sensor looks for files and Dagster's queue for runs every few seconds. The ratio to the time in which a
process imports Dagster and dbt, measured in the same run, can be compared between machines.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import dagster as dg

from benchmarks.entities import History
from benchmarks.latency import seconds_to_import
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets_tests.bench.dagster_dev import DagsterDev

_DAYS = 10
_LONGEST = 300


def runs_that_ended(instance: dg.DagsterInstance) -> list[dg.RunRecord]:
    """Those that began with new files, the last one first."""
    runs = instance.get_run_records(dg.RunsFilter(job_name=PROCESS_NEW_FILES))
    ended = [run for run in runs if run.dagster_run.is_finished]
    if not all(run.dagster_run.is_success for run in ended):
        raise SystemExit(f"run {ended[0].dagster_run.run_id} failed: what it says stands in Dagster's log")
    return ended


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=1_000_000, help="records of jobs, ten a job")
    parser.add_argument("--files", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        history = History(Path(name), arguments.records, _DAYS, arguments.records // 100)
        history.load()
        history.build()
        runs, waits = [], []
        home = Path(name) / "dev"
        with DagsterDev(home, history.platform.environment | {"DAGSTER_HOME": str(home)}) as dev:
            # Its dagster.yaml names folders relative to where Dagster starts.
            os.chdir(home)
            instance = dg.DagsterInstance.from_config(".")
            for number in range(arguments.files):
                landed = time.time()
                history.land_company(number % history.companies)
                dev.wait_for(
                    lambda number=number: len(runs_that_ended(instance)) > number,
                    _LONGEST,
                    "the run does not end",
                )
                run = runs_that_ended(instance)[0]
                runs.append((run.end_time or 0) - (run.start_time or 0))
                waits.append((run.end_time or 0) - landed)
                print(f"{number + 1:3d}/{arguments.files}  {runs[-1]:6.1f} s", file=sys.stderr)
    reference, run_seconds = seconds_to_import(), statistics.median(runs)
    print(
        f"one company changed beside {arguments.records:,} records, "
        f"{reference:.1f} s to import Dagster and dbt"
    )
    print(f"  its run: {run_seconds:.1f} s ({run_seconds / reference:.1f} times the imports)")
    print(f"  from the file to the end of its run: {statistics.median(waits):.1f} s")


if __name__ == "__main__":
    main()
