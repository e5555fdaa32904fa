"""Warehouses that several tests start from: built once in each of pytest's processes, then copied."""

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets_tests.bench.workbench import Workbench

_KEPT: dict[str, Path] = {}


def build(bench: Workbench) -> None:
    """Leave a warehouse that is not there yet as a run leaves it.

    The first one of these files and settings is built and kept, others are copies of it. So an instance need
    not have seen how it was built: who asks one for materializations or checks of that calls `run`.
    """
    assert not bench.warehouse.exists()
    inputs = _inputs(bench)
    if inputs in _KEPT:
        shutil.copyfile(_KEPT[inputs], bench.warehouse)
        settle_in(bench)
    else:
        bench.try_run()
        bench.query("checkpoint")
        _KEPT[inputs] = shutil.copyfile(bench.warehouse, _folder() / f"{len(_KEPT)}.duckdb")


def settle_in(bench: Workbench) -> None:
    """Of a copied warehouse: the files are those of this landing root, and have been looked at."""
    session = bench.prepared()
    for feed in FEEDS:
        for file in session.landing(feed).files():
            if isinstance(file, LandedFile):
                bench.query(
                    "update job_matching_bronze.files set fingerprint = ? where feed = ? and source_file = ?",
                    *(file.fingerprint, feed.name, file.source_file),
                )
    admit_landing_root(session)


def _inputs(bench: Workbench) -> str:
    """A hash of all that its tables depend on: landed files by their names, settings, the registry."""
    digest = hashlib.sha256(bench.warehouse.name.encode())
    own = {"JOBMATCH_LANDING": "", "JOBMATCH_DUCKDB_PATH": "", "JOBMATCH_EXPERIMENTS": ""}
    digest.update(repr(sorted((bench.environment | own).items())).encode())
    files = {path.relative_to(bench.landing).as_posix(): path for path in bench.landing.rglob("*")}
    files["../registry"] = bench.registry
    for name, path in sorted(files.items()):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{name!r} {len(content)}\n".encode() + content)
    return digest.hexdigest()


@cache
def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="jobmatch-built-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
