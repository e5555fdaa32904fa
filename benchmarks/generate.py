"""How fast the generator writes events, against `json.dumps` on the same machine.

    .venv/bin/python -m benchmarks.generate [--events 1000000] [--gzip]

Prints events a second, the ratio to `json.dumps` of as many plain dicts measured in the
same run, and the peak memory. The ratio can be compared between machines.
"""

import argparse
import datetime as dt
import json
import resource
import tempfile
import time
from pathlib import Path

from jobmatch_assets.simulation import Scenario, write_landing

_EVENTS_PER_DAY = 18_000
"""About what the default number of users does on one day."""


def seconds_to_generate(days: int, *, packed: bool) -> tuple[float, int]:
    """Seconds for a generation of so many days, and its number of lines."""
    scenario = Scenario(start=dt.date(2026, 3, 1), days=days, gzip=packed)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        truth = write_landing(scenario, Path(folder))
        return time.perf_counter() - begin, truth.lines


def seconds_to_dump(count: int) -> float:
    """Seconds that `json.dumps` takes for events of the same kind, nothing written."""
    stamps = [{"experiment_id": f"experiment_{n}", "variant": "treatment"} for n in range(3)]
    begin = time.perf_counter()
    for n in range(count):
        event = {
            "event_id": f"0-b495c-0-{n:x}",
            "event_name": "impression",
            "event_ts": "2026-03-01T00:18:56.339Z",
            "ingested_at": "2026-03-01T00:18:59.994Z",
            "source": "app",
            "session_id": "s-0-b495c-0-117",
            "user_id": "user_000117",
            "schema_version": 2,
            "experiments": stamps,
            "platform": "web",
            "device_type": "desktop",
            "search_id": "q-0-b495c-0-148",
            "surface": "search",
            "ranker_version": "appeal",
            "job_id": "job_02700",
            "rank_position": n % 10 + 1,
        }
        json.dumps(event)
    return time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the speed of the event generator.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--gzip", action="store_true")
    args = parser.parse_args()
    generated, lines = seconds_to_generate(max(1, args.events // _EVENTS_PER_DAY), packed=args.gzip)
    dumped = seconds_to_dump(lines)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{lines} lines in {generated:.1f} s, {lines / generated:.0f} lines/s")
    print(f"{dumped / generated:.2f} times the speed of json.dumps ({lines / dumped:.0f} lines/s)")
    print(f"peak memory {peak_mib:.0f} MiB")


if __name__ == "__main__":
    main()
