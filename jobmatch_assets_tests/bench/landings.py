"""Landing folders: a simulated one where much goes wrong, and what lies in one."""

import datetime as dt
import gzip
from pathlib import Path

from jobmatch_assets.simulation import Scenario, demo_experiments, write_landing


def write_faulty_landing(folder: Path, seed: int) -> Path:
    """A few days of the simulated product where much goes wrong."""
    write_landing(
        Scenario(
            start=dt.date(2026, 3, 1),
            days=4,
            users=150,
            seed=seed,
            sessions_per_user=0.8,
            experiments=demo_experiments(),
            v1_rate=0.4,
            zero_result_rate=0.2,
            exploration_rate=0.3,
            late_rate=0.3,
            late_days=3,
            repeat_rate=0.2,
            corrected_rate=0.2,
            broken_rate=0.2,
            files_per_day=3,
            gzip=True,
        ),
        folder,
    )
    return folder


def landed_names(landing: Path) -> list[str]:
    """All files of a landing folder, below events/."""
    events = landing / "events"
    return sorted(path.relative_to(events).as_posix() for path in events.rglob("*") if path.is_file())


def lines_of(path: Path) -> list[bytes]:
    """The lines of a file, unpacked."""
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
