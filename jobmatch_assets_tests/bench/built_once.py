"""Platforms that several tests start from: built once in each of pytest's processes, then copied."""

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets.warehouse.publication.parquet import parquet_folder
from jobmatch_assets_tests.bench.workbench import Workbench

_KEPT: dict[str, Path] = {}


def build(bench: Workbench) -> None:
    """Leave a warehouse that is not there yet, the published copy and pages as a run leaves them.

    The first ones of these files and settings are built and kept, others are copies of them. So an instance need
    not have seen how they were built: who asks one for materializations or checks of that calls `run`.
    """
    assert not bench.warehouse.exists()
    inputs = _inputs(bench)
    if inputs in _KEPT:
        _copy(bench, _KEPT[inputs], bench.folder)
        settle_in(bench)
    else:
        bench.try_run()
        bench.query("checkpoint")
        _KEPT[inputs] = _folder() / str(len(_KEPT))
        _copy(bench, bench.folder, _KEPT[inputs])


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


def _copy(bench: Workbench, source: Path, target: Path) -> None:
    """Copy what a run leaves from a folder of such a platform to another; where nothing is published, the warehouse."""
    settings = bench.settings
    published = (settings.published_path, parquet_folder(settings.published_path), settings.dashboards_path)
    target.mkdir(exist_ok=True)
    for path in (bench.warehouse, *published):
        name = path.relative_to(bench.folder)
        if (source / name).is_dir():
            # What was built there before may have had other pages.
            shutil.rmtree(target / name, ignore_errors=True)
            shutil.copytree(source / name, target / name)
        elif (source / name).exists():
            shutil.copyfile(source / name, target / name)


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
