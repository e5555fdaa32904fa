"""Random values that a product's database may hold, all of them valid by the entity contract."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from random import Random
from typing import Any

from jobmatch_assets.contracts.entities.columns import EntityColumn
from jobmatch_assets_tests.bench.logical_log import Row
from jobmatch_assets_tests.postgres.product_database import KEYS, TABLES, TYPES

KEYS_PER_TABLE = 8
"""So few that writers meet, and that keys come back."""

LONG = 6000
"""So many letters without a pattern do not fit into a row, and are kept beside it."""

_TEXTS = (
    *(
        "Pflege",
        "it's [text]:'quoted' \\ back",
        'a "b" {c}, d',
        "two\nlines\r\nand\ta tab",
        " blanks ",
        "null",
    ),
    *(
        "unchanged-toast-datum",
        "NULL",
        "護士 🩺",
        "table public.job: DELETE: job_id[text]:'1'",
        "<p>&amp;</p>",
    ),
)

_LETTERS = {"country": ("DE", "CH", "AT"), "currency": ("EUR", "CHF"), "language": ("de", "fr")}


def key_of(table: str, number: int) -> str:
    """One of the keys of a table, as it is written."""
    match TYPES[table][KEYS[table]]:
        case "bigint":
            return str(1000 + number)
        case "uuid":
            return str(uuid.UUID(int=number + 1))
    return f"{table} {number}"


def random_key(random: Random, table: str) -> str:
    return key_of(table, random.randrange(KEYS_PER_TABLE))


def random_row(random: Random, table: str, key: str, now: dt.datetime) -> Row:
    """A whole row."""
    columns = TABLES[table].columns
    return {KEYS[table]: key} | random_columns(random, table, [column.name for column in columns[1:]], now)


def random_columns(random: Random, table: str, names: list[str], now: dt.datetime) -> Row:
    """Values for some columns, which hold together where they depend on each other."""
    row = {
        column.name: random_value(random, column, now)
        for column in TABLES[table].columns
        if column.name in names
    }
    for name in [name for name in row if name.endswith("salary_min")]:
        salary = name.removesuffix("_min")
        least = Decimal(random.randrange(3_000_000, 6_000_000)) / 100
        row |= {name: least, f"{salary}_max": least + random.randrange(5000), f"{salary}_currency": "EUR"}
    return row


def random_value(random: Random, column: EntityColumn, now: dt.datetime) -> Any:
    """A value for a column, or None."""
    if not column.required and column.name != "openings" and random.random() < 0.15:
        return None
    if column.kind == "location":
        return json.dumps([_place(random) for _ in range(random.randrange(1, 3))], ensure_ascii=False)
    if column.is_list:
        # Blanks around elements mean nothing, and no element is there twice.
        found = {_plain_value(random, column, now).strip() for _ in range(random.randrange(1, 4))}
        return sorted(found)
    return _plain_value(random, column, now)


def long_text(random: Random) -> str:
    return random.randbytes(LONG // 2).hex()


def _place(random: Random) -> dict[str, str]:
    members = {"country": "DE", "region": "Bayern", "city": "Nürnberg, \"Süd\" 'x'", "postal_code": "00123"}
    return {name: text for name, text in members.items() if name == "country" or random.random() < 0.7}


def _plain_value(random: Random, column: EntityColumn, now: dt.datetime) -> Any:
    match column.kind:
        case "id":
            owner = next((table for table, key in KEYS.items() if key == column.name), None)
            return random_key(random, owner) if owner else f"{column.name}-{random.randrange(5)}"
        case "integer_id":
            return 1000 + random.randrange(KEYS_PER_TABLE)
        case "text":
            if column.role == "hashed" and random.random() < 0.8:
                return long_text(random)
            return random.choice(_TEXTS)
        case "timestamp":
            return now - dt.timedelta(microseconds=random.randrange(3 * 86400 * 1_000_000))
        case "date":
            return (now + dt.timedelta(days=random.randrange(-30, 30))).date()
        case "decimal":
            least, most = column.least or 0, column.most or 100_000
            return Decimal(random.randrange(least * 100, most * 100)) / 100
        case "integer":
            return random.randrange(column.least or 0, (column.most or 20) + 1)
        case "bool":
            return random.random() < 0.5
        case "word" | "exact_word":
            return random.choice(column.words)
    return random.choice(_LETTERS[column.kind])
