"""Measure the platform against a bare script, and what little changes cost: `make bench`.

    .venv/bin/python -m benchmarks [NAME …] [--lines 1000000] [--days 30] [--rounds 3]

Ratios are of medians, measured side by side in one run; they can be compared between machines, seconds
cannot.
"""

import argparse
import datetime as dt
import math
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import entities as histories
from benchmarks import subjects as worlds
from benchmarks.reading import milliseconds_of_queries
from benchmarks.timed import Taken, interleaved, timed
from benchmarks.world import START, Platform, generated, size_of, touch_all

_SPARK = Path(".venv-spark") / "bin" / "python"


def full(folder: Path, lines: int, days: int, rounds: int) -> None:
    """A build from nothing, checks on, against the bare script, and its work in PySpark."""
    if not _SPARK.exists():
        sys.exit(f"PySpark is not installed in {_SPARK.parent.parent}. Run it as: make bench BENCH=full")
    events = generated(folder / "events", lines, days)
    platform = Platform(folder / "platform", events, days)

    def script() -> Taken:
        made = folder / "script.duckdb"
        made.unlink(missing_ok=True)
        return timed([sys.executable, "-m", "benchmarks.bare_script", str(events / "landing"), str(made)])

    def spark() -> Taken:
        made = folder / "spark"
        shutil.rmtree(made, ignore_errors=True)
        return timed([str(_SPARK), "-m", "benchmarks.spark.spark_script", str(events / "landing"), str(made)])

    measured = {"bare script": script, "jobmatch run": platform.run_from_nothing, "PySpark": spark}
    _print(interleaved(rounds, measured), "bare script")


def increments(folder: Path, lines: int, days: int, rounds: int) -> None:
    """One more day, one late line, nothing new, files touched and not changed; against one more day."""
    events = generated(folder / "events", lines, days)
    last = START + dt.timedelta(days=days - 1)
    later = folder / "later"
    shutil.move(events / "landing" / "events" / f"dt={last}", later)
    built = Platform(folder / "built", events, days)
    print(f"{'all but the last day':24}{built.run()}")

    def one_day() -> Taken:
        shutil.copytree(later, events / "landing" / "events" / f"dt={last}", dirs_exist_ok=True)
        return built.run()

    def late_line() -> Taken:
        built.land_late_line(last)
        return built.run()

    def touched() -> Taken:
        touch_all(events / "landing")
        return built.run()

    found = {"one more day": one_day(), "one late line": late_line()}
    found |= interleaved(rounds, {"nothing new": built.run, "touched, not changed": touched})
    _print(found, "one more day")


def backfill(folder: Path, lines: int, days: int, rounds: int) -> None:
    """All dates built again as a range, against a build of the same files from nothing."""
    events = generated(folder / "events", lines, days)
    platform = Platform(folder / "platform", events, days)

    def as_a_range() -> Taken:
        return platform.run("--from", str(START), "--to", str(START + dt.timedelta(days=days - 1)))

    measured = {"from nothing": platform.run_from_nothing, "as a range": as_a_range}
    _print(interleaved(rounds, measured), "from nothing")


def checks(folder: Path, lines: int, days: int, rounds: int) -> None:
    """A build from nothing with its checks, against one without."""
    platform = Platform(folder / "platform", generated(folder / "events", lines, days), days)
    measured = {
        "without checks": lambda: platform.run_from_nothing(is_checked=False),
        "with checks": platform.run_from_nothing,
    }
    _print(interleaved(rounds, measured), "without checks")


def pages(folder: Path, lines: int, days: int, rounds: int) -> None:
    """What the pages ask of the published copy, query by query."""
    platform = Platform(folder / "platform", generated(folder / "events", lines, days), days)
    platform.run()
    taken = milliseconds_of_queries(platform.published, rounds)
    for share in (50, 95, 100):
        slowest = taken[math.ceil(len(taken) * share / 100) - 1]
        print(f"p{share} of {len(taken)} queries   {slowest:7.1f} ms")


def storage(folder: Path, lines: int, days: int, rounds: int) -> None:
    """By how much Dagster's storage grows with a run that builds a date, and with one that finds nothing."""
    events = generated(folder / "events", lines, days)
    platform = Platform(folder / "platform", events, days)
    platform.run()
    for name, is_landing in (("a run that builds", True), ("a run that finds nothing", False)):
        before = size_of(platform.home)
        for number in range(rounds):
            if is_landing:
                platform.land_late_line(START, f"late-{number}")
            platform.run()
        print(f"{name:24}{(size_of(platform.home) - before) / rounds / 1e6:7.2f} MB")


def entities(folder: Path, lines: int, days: int, rounds: int) -> None:
    """So many records of jobs, and a tenth of them: to versions, one changed company, a day of changes."""
    _print(interleaved(rounds, histories.steps(folder, lines, days)), "a tenth: a day")


def subjects(folder: Path, lines: int, days: int, rounds: int) -> None:
    """The simulated world: its events alone, all of gold, one more day; `--days 365` for a year."""
    _print(interleaved(rounds, worlds.steps(folder, lines, days)), "events alone")


def _print(found: dict[str, Taken], beside: str) -> None:
    for name, taken in found.items():
        ratio = taken.seconds / found[beside].seconds
        print(f"{name:24}{taken}   {ratio:5.2f} x {beside}")


BENCHMARKS = {
    "full": full,
    "increments": increments,
    "backfill": backfill,
    "checks": checks,
    "pages": pages,
    "storage": storage,
    "entities": entities,
    "subjects": subjects,
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--lines", type=int, default=1_000_000, help="about how many lines all days have")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    if unknown := set(args.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    for name in args.names or BENCHMARKS:
        print(f"{name}: about {args.lines:,} lines of {args.days} days, median of {args.rounds}", flush=True)
        with tempfile.TemporaryDirectory(prefix="jobmatch-bench-") as folder:
            BENCHMARKS[name](Path(folder), args.lines, args.days, args.rounds)


if __name__ == "__main__":
    main()
