"""Which version held: the platform's own join, asked about ids and times of a test's own."""

from collections.abc import Iterator, Sequence
from random import Random

import pytest
from dbt.cli.main import dbtRunner

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.silver import Silver
from jobmatch_assets_tests.replay.tables import DIMENSIONS, TABLES

Question = tuple[str, str | None, int | None]
"""Dimension, id and time."""

_DBT = PROJECT_DIR / "dbt_project"

_ASKED = "job_matching_silver.asked"


def questions(rng: Random, silver: Silver, count: int) -> Iterator[Question]:
    """Random ids, some of nothing, at random times, most of them within a microsecond of where versions begin and end."""
    for name in DIMENSIONS:
        walks = {key: walk for (table, _, key), walk in silver.walks.items() if table == name}
        edges = {version.valid_from for walk in walks.values() for version in walk.versions}
        edges |= {
            version.valid_to for walk in walks.values() for version in walk.versions if version.valid_to
        }
        moments = sorted(edges)
        for _ in range(count):
            key = rng.choice([*walks, None, "0"])
            at = rng.choice(moments) + rng.choice([-1, 0, 0, 1, times.DAY // 7, -(10**9)])
            yield name, key, rng.choice([at] * 9 + [None])


def answers(bench: Workbench, asked: Sequence[Question]) -> list[tuple[str, str | None]]:
    """Key and match for each question, by the macros that facts are joined with."""
    bench.query(
        f"""
        create table {_ASKED} as
        select number, dimension, id, make_timestamptz(micros) as "at"
        from (
            select unnest(?::bigint[]) as number, unnest(?::varchar[]) as dimension, unnest(?::varchar[]) as id,
                unnest(?::bigint[]) as micros
        ) as given
        """,
        list(range(len(asked))),
        *(list(column) for column in zip(*asked, strict=True)),
    )
    try:
        return [(key, match) for _, key, match in bench.query(_compiled(bench))]
    finally:
        bench.query(f"drop table {_ASKED}")


def _compiled(bench: Workbench) -> str:
    members = ", ".join(f"{name}_members as ({{{{ members_of('{name}') }}}})" for name in DIMENSIONS)
    parts = " union all ".join(map(_part, DIMENSIONS))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bench.environment.items():
            patch.setenv(name, value)
        outcome = dbtRunner().invoke(
            [
                *(
                    "compile",
                    "--quiet",
                    "--inline",
                    f"with {members} select * from ({parts}) order by number",
                ),
                *("--project-dir", str(_DBT), "--profiles-dir", str(_DBT)),
                *("--target-path", str(bench.folder / "asked"), "--log-path", str(bench.folder / "asked")),
            ]
        )
    assert outcome.success, outcome.exception
    return str(outcome.result.results[0].node.compiled_code)  # type: ignore[union-attr]


def _part(name: str) -> str:
    kind = "bigint" if TABLES[name].key.kind == "integer_id" else "varchar"
    given = (
        f"(select number, cast(id as {kind}) as id, \"at\" from {_ASKED} where dimension = '{name}') as given"
    )
    columns = f"{{{{ as_of_columns('{name}', 'given.id', 'given.at') }}}}"
    return f"(select given.number, {columns} from {given} {{{{ as_of('{name}', 'given.id', 'given.at') }}}})"
