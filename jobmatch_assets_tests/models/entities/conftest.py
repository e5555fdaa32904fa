from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from jobmatch_assets_tests.bench.dbt import Dbt
from jobmatch_assets_tests.bench.macros import compiled_macros
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.models.entities import cases
from jobmatch_assets_tests.models.entities.planted import BUILT, write_silver
from jobmatch_assets_tests.models.entities.readings import INVALID, KINDS, OTHER, UNAVAILABLE, Read


@pytest.fixture(scope="module")
def world(new_platform: Callable[..., Workbench]) -> Workbench:
    """Silver of the small world; gold is not built yet."""
    bench = new_platform()
    bench.keep_open()
    write_silver(bench, list(cases.versions()), list(cases.events()))
    return bench


@pytest.fixture(scope="module")
def dbt(world: Workbench) -> Iterator[Dbt]:
    """dbt on it; everything is built."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {
            **world.environment,
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "JOBMATCH_PARTITIONS_START": "2026-01-01",
            "JOBMATCH_PARTITIONS_END": "2026-03-31",
        }
        for name, value in settings.items():
            patch.setenv(name, value)
        dbt = Dbt(world)
        dbt("run", "--select", *BUILT)
        yield dbt


@pytest.fixture
def built(world: Workbench, dbt: Dbt) -> Workbench:
    """The small world with gold."""
    return world


@pytest.fixture(scope="module")
def reading_sql(tmp_path_factory: pytest.TempPathFactory) -> str:
    return compiled_macros(KINDS, tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="module")
def read(reading_sql: str) -> Read:
    """Reads a member: its value, or that it is invalid, unavailable or has become `other`."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(
        "create table cases (state varchar, is_cell boolean, is_change boolean, source_time_zone varchar)"
    )

    def value(kind: str, member: str, how: str = "", zone: str = "UTC") -> Any:
        con.execute("delete from cases")
        state = f'{{"{kind}":{member}}}'
        con.execute("insert into cases values (?, ?, ?, ?)", [state, "cell" in how, "change" in how, zone])
        columns = f"{kind}, {kind}_is_invalid, {kind}_is_other, {kind}_is_unavailable"
        found, is_invalid, is_other, is_unavailable = con.execute(
            f"select {columns} from ({reading_sql})"
        ).fetchall()[0]
        if is_invalid or is_unavailable:
            assert found is None
            return INVALID if is_invalid else UNAVAILABLE
        return OTHER if is_other and found == "other" else found

    return value
