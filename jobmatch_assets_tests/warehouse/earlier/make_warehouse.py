"""Makes the warehouse of an earlier version that the tests open; run by hand, with the code of that version.

`warehouse.duckdb.zst` is of commit b4fdcc3, the last whose warehouses bear no mark of their layout:

    git worktree add --detach BEFORE b4fdcc3
    python make_warehouse.py BEFORE FOLDER    # by a Python that has what BEFORE/requirements.lock names

The warehouse remembers FOLDER as its landing root: /srv/example, say. It holds some files of the golden set, with
experiments, and of what a run has to go on with one each: a date whose quarantine was accepted, a date that is
held back, files that are staged and wait to be built, and a file that is loaded and not staged.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa

ARCHIVE = Path(__file__).with_name("warehouse.duckdb.zst")
GOLDEN = Path(__file__).parents[2] / "golden"

BUILT = (
    "dt=2026-02-26/part-001.ndjson.gz",
    "dt=2026-02-27/broken.ndjson",
    "dt=2026-02-27/part-000.ndjson.gz",
    "dt=2026-02-28/duplicates.ndjson",
    "dt=2026-02-28/same_bytes_a.ndjson",
    "dt=2026-02-28/same_bytes_b.ndjson",
    "dt=2026-02-28/types.ndjson",
)
STAGED = "dt=2026-03-01/times.ndjson"
LOADED = "dt=2026-03-04/part-000.ndjson.gz"
ACCEPTED, HELD_BACK = "2026-03-10", "2026-03-12"
SETTINGS = {
    "JOBMATCH_QUARANTINE_MIN_LINES": "10",
    "JOBMATCH_PARTITIONS_START": "2026-02-01",
    "JOBMATCH_PARTITIONS_END": "2026-03-31",
    "JOBMATCH_EXPERIMENTS": str(GOLDEN / "experiments.csv"),
}
ACCEPT = ("run", "--from", ACCEPTED, "--accept-quarantine", ACCEPTED, "--by", "anna")


def land(landing: Path, *names: str) -> None:
    """Files of the golden set."""
    for name in names:
        path = landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(GOLDEN / "landing/events" / name, path)


def land_broken(landing: Path, day: str) -> None:
    """A file most of whose lines are none."""
    path = landing / f"events/dt={day}/broken.ndjson"
    path.parent.mkdir(parents=True, exist_ok=True)
    good = f'{{"event_id":"good-{day}","event_name":"login","event_ts":"{day}T10:00:00Z","user_id":"u"}}\n'
    path.write_text(good + "nothing\n" * 20)


def land_all(landing: Path) -> None:
    """What the warehouse has been loaded from."""
    land(landing, *BUILT, STAGED, LOADED)
    land_broken(landing, ACCEPTED)
    land_broken(landing, HELD_BACK)


def _make(code: Path, folder: Path) -> None:
    landing, warehouse = folder / "landing", folder / "warehouse.duckdb"

    def jobmatch(*arguments: str) -> None:
        command = [sys.executable, "-m", "jobmatch_assets", *arguments]
        subprocess.run(command, cwd=code, env=environment, check=False)

    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOBMATCH_")}
    environment |= SETTINGS | {
        "PYTHONPATH": str(code),
        "DAGSTER_HOME": str(folder),
        "JOBMATCH_LANDING": str(landing),
        "JOBMATCH_DUCKDB_PATH": str(warehouse),
    }
    land(landing, *BUILT)
    land_broken(landing, ACCEPTED)
    land_broken(landing, HELD_BACK)
    jobmatch("run")
    jobmatch(*ACCEPT)
    land(landing, STAGED)
    jobmatch("run", "--from", "2026-03-01", "--select", 'key:"bronze/events_raw" or key:"silver/stg_events"')
    land(landing, LOADED)
    jobmatch("run", "--from", "2026-03-04", "--select", 'key:"bronze/events_raw"')
    _pack(warehouse)


def _pack(warehouse: Path) -> None:
    ARCHIVE.write_bytes(pa.Codec("zstd", compression_level=19).compress(warehouse.read_bytes(), asbytes=True))


if __name__ == "__main__":
    _make(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
