import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.postgres import postgres
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.postgres.replay import Replay, Version
from jobmatch_assets_tests.postgres.product_database import TABLES
from jobmatch_assets_tests.postgres.world import World, write_files, write_world


@pytest.fixture(scope="session")
def world() -> World:
    """A database that was written to by several at once, and what its log tells."""
    with postgres() as server:
        return write_world(server)


@pytest.fixture(scope="session")
def replayed(world: World) -> Mapping[str, Mapping[str, list[Version]]]:
    """The versions of each key of each table, by a replay of the log."""
    replay = Replay(world.reads, world.log)
    return {table: replay.versions(table) for table in TABLES}


@pytest.fixture(scope="session")
def built(world: World, tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Workbench:
    """A platform that got the messages in files, in two arrivals."""
    folder = tmp_path_factory.mktemp("postgres")
    dates = [message.at.date() for message in world.messages]
    bench = Workbench(
        folder,
        instance,
        JOBMATCH_PARTITIONS_START=str(min(dates) - dt.timedelta(days=7)),
        JOBMATCH_PARTITIONS_END=str(max(dates) + dt.timedelta(days=1)),
    )
    (bench.landing / "events").mkdir(parents=True)
    files = write_files(world.messages, folder / "sent")
    for arriving in (files[: len(files) // 2], files[len(files) // 2 :]):
        for path in arriving:
            _land(path, bench.landing / "entities" / path.relative_to(folder / "sent"))
        bench.run()
    bench.keep_open()
    return bench


def _land(path: Path, landed: Path) -> None:
    landed.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, landed)
