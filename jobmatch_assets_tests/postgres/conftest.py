from collections.abc import Mapping

import dagster as dg
import pytest

from jobmatch_assets_tests.bench.postgres import postgres
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.postgres.delivery import deliver
from jobmatch_assets_tests.postgres.product_database import TABLES
from jobmatch_assets_tests.postgres.replay import Replay, Version
from jobmatch_assets_tests.postgres.world import World, write_world


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
    return deliver(world.messages, tmp_path_factory.mktemp("postgres"), instance, arrivals=2)
