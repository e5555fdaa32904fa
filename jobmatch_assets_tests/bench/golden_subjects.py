"""The golden sets of subjects: where they lie, and where a warehouse differs from their expected tables."""

import math
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets_tests.bench.workbench import Workbench

GOLDEN_SUBJECTS = Path(__file__).parents[1] / "golden_subjects"
LANDING = GOLDEN_SUBJECTS / "landing"
EXPECTED = GOLDEN_SUBJECTS / "expected"
EXPECTED_OF_ENTITIES = GOLDEN_SUBJECTS / "expected_of_entities"
"""What the golden set of entities makes."""

TABLES = tuple(sorted(path.name.removesuffix(".csv.gz") for path in EXPECTED.glob("*.csv.gz")))
"""The expected tables by their names in the warehouse."""

SHOWN = 5


def land_files(bench: Workbench, files: Iterable[Path]) -> None:
    """Copy some of the files of LANDING, each to the same place."""
    for file in files:
        target = bench.landing / file.relative_to(LANDING)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


def subject_differences(warehouse: Path, expected: Path) -> dict[str, list[str]]:
    """What differs, by table; nothing where all are equal. Doubles are compared to 1e-9, all else exactly."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = {
            name: list(_of_table(connection, name, expected / f"{name}.csv.gz"))[:SHOWN] for name in TABLES
        }
    return {name: lines for name, lines in found.items() if lines}


def _of_table(connection: duckdb.DuckDBPyConnection, name: str, expected: Path) -> Iterator[str]:
    contract = table_named(name)
    table = f"{contract.schema}.{name}"
    types = {column: kind for column, kind, *_ in connection.execute(f"describe {table}").fetchall()}
    file = f"read_csv('{expected}', all_varchar = true, nullstr = '')"
    columns = [column for column, *_ in connection.execute(f"describe from {file}").fetchall()]
    if missing := [column for column in columns if column not in types]:
        yield f"no columns {missing}"
        return
    typed = ", ".join(f'cast("{column}" as {types[column]}) as "{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    place = [columns.index(column) for column in contract.grain]

    def rows(source: str, selected: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        every = connection.execute(f"select {selected} from {source}").fetchall()
        by_key = {tuple(row[number] for number in place): row for row in every}
        assert len(by_key) == len(every), f"{source} has a key twice"
        return by_key

    wanted, actual = rows(file, typed), rows(table, names)
    assert wanted, f"{expected} has no rows"
    yield from (f"missing {key}" for key in wanted.keys() - actual.keys())
    yield from (f"unexpected {key}" for key in actual.keys() - wanted.keys())
    for key in wanted.keys() & actual.keys():
        for column, one, other in zip(columns, wanted[key], actual[key], strict=True):
            if not _equal(one, other):
                yield f"{key} {column}: expected {one}, found {other}"


def _equal(expected: object, found: object) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-12)
    return expected == found
