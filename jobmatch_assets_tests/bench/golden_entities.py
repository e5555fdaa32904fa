"""The golden set of entities: where it lies, and where a warehouse differs from its expected tables."""

import csv
import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets_tests.bench.tables import Tables
from jobmatch_assets_tests.golden.compare import csv_rows, differences

GOLDEN_ENTITIES = Path(__file__).parents[1] / "golden_entities"
LANDING = GOLDEN_ENTITIES / "landing"
SOURCES = GOLDEN_ENTITIES / "sources.csv"
EXPECTED = GOLDEN_ENTITIES / "expected"

ACCOUNTS = (
    *("conservation_by_date", "conservation_by_file", "entity_records"),
    *("implied_deletes", "law2", "snapshots"),
)
"""Expected files that are no tables of the platform."""

TABLES = tuple(sorted({path.stem for path in EXPECTED.glob("*.csv")} - {*ACCOUNTS}))
"""The expected tables by their names in the warehouse."""

PERSONAL = "zz-personal"
"""Part of every personal value in the landing folder."""

_LINE = ("_source_file", "_source_line", "reason")


def account(name: str) -> list[dict[str, str]]:
    """The rows of one of the expected files that are no tables."""
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entity_differences(
    warehouse: Tables, expected: Path = EXPECTED, tables: Collection[str] = TABLES
) -> dict[str, list[str]]:
    """What differs, by table; nothing where all are equal.

    Decimals are compared by value, times to the microsecond, lists, objects and properties as JSON.
    """
    found = {name: list(_of_table(warehouse, expected / f"{name}.csv")) for name in tables}
    return {name: lines for name, lines in found.items() if lines}


def _of_table(warehouse: Tables, expected: Path) -> Iterator[str]:
    contract = table_named(expected.stem)
    columns = csv_rows(expected)[0]
    if expected.stem == "entities_quarantine":
        # The others are those of the record.
        columns = list(_LINE)
    rows = warehouse.rows(f"from {contract.schema}.{contract.table}")
    if expected.stem == "dim_date":
        dates = {date for (date, *_) in csv_rows(expected)[1]}
        rows = [row for row in rows if str(row["date"]) in dates]
    keys = [column for column in contract.place or contract.grain if column in columns]
    names = [column for column in columns if not rows or column in rows[0]]
    texts = [[_text(name, row[name]) for name in names] for row in rows]
    values = {column: "str" for column in columns if column not in keys}
    yield from differences(expected, (names, texts), dict.fromkeys(keys, "str"), values)


def _text(column: str, value: Any) -> str | None:
    """A value as expected files write it."""
    match value:
        case None | []:
            return None
        case bool():
            return str(value).lower()
        case dt.datetime():
            return f"{value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
        case dt.date():
            return value.isoformat()
        case int() | Decimal():
            return _plain(Decimal(value))
        case list() | dict():
            return _json(value)
        case str() if column == "properties":
            return _json(json.loads(value), sort_keys=True)
        case str():
            return value
    raise TypeError(f"{column} has a value of an unexpected type: {value!r}")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _json(value: Any, sort_keys: bool = False) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"))


def fates(warehouse: Tables) -> dict[tuple[str, int], tuple[str | None, ...]]:
    """What each record that is no duplicate did and when, or why it is rejected, by file and number."""
    kept = " union all ".join(
        "select _source_file, _source_line, effect, observed_at, claimed_at, "
        "if(effect = 'unchanged', null, valid_from) "
        f"from job_matching_silver.{table.name}_records where outcome = 'kept'"
        for table in ENTITY_TABLES
    )
    rejected = (
        "select _source_file, _source_line, reason, null, null, null "
        "from job_matching_silver.entities_quarantine"
    )
    return {
        (file, number): (fate, *(_text("time", time) for time in times))
        for file, number, fate, *times in warehouse.query(f"{kept} union all {rejected}")
    }


def expected_fates() -> dict[tuple[str, int], tuple[str | None, ...]]:
    """The same as the expected files have it."""
    found = {}
    for row in account("entity_records"):
        kept = row if row["outcome"] == "kept" else {}
        times = [kept.get(name) or None for name in ("observed_at", "claimed_at")]
        since = None if row["effect"] == "unchanged" else row["valid_from"] or None
        if row["outcome"] != "duplicate":
            found[row["_source_file"], int(row["_source_line"])] = (
                row["effect"] or row["reason"],
                *times,
                since,
            )
    return found


def implied_deletes(warehouse: Tables) -> set[tuple[str, ...]]:
    """The deletes that dumps imply: table, source, key, time."""
    union = " union all ".join(
        f"select '{table.name}', source, entity_key, observed_at "
        f"from job_matching_silver.{table.name}_records where outcome = 'implied'"
        for table in ENTITY_TABLES
    )
    return {(*names, str(_text("observed_at", time))) for *names, time in warehouse.query(union)}


def personal_places(warehouse: Tables, tables: Sequence[str]) -> list[str]:
    """The columns of these tables in which a personal value stands."""
    found = []
    for table in tables:
        shows = "select 1 from {} as row where contains(to_json({})::varchar, ?) limit 1"
        if warehouse.query(shows.format(table, "row"), PERSONAL):
            columns = [name for name, *_ in warehouse.query(f"describe {table}")]
            found += [
                f"{table}.{name}"
                for name in columns
                if warehouse.query(shows.format(table, f'"{name}"'), PERSONAL)
            ]
    return found
