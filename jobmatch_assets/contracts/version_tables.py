"""The contracts of silver's tables of entities: records, dumps, histories and versions."""

from jobmatch_assets.contracts.clock import By, Whole
from jobmatch_assets.contracts.entities.columns import EntityTable
from jobmatch_assets.contracts.entities.quarantine import ENTITY_REASONS
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.landed_lines import STAGING_DATE
from jobmatch_assets.contracts.table_contract import (
    LINE,
    LINE_KEY,
    Rule,
    TableContract,
    comes_from_a_line,
    one_of,
)

EFFECTS = ("opened", "delete", "unchanged", "superseded")
"""What a record does to the history of its entity."""

STG_ENTITY_RECORDS = TableContract(
    "silver",
    "stg_entity_records",
    By(STAGING_DATE),
    grain=LINE_KEY,
    place=LINE,
    rules=(
        *comes_from_a_line(),
        Rule(
            "record_that_counts_is_of_an_entity_and_a_time",
            "entity_key and own_time are there where reason is NULL",
            ("reason", "entity_key", "own_time"),
            lambda rows: rows.reason.notnull() | (rows.entity_key.notnull() & rows.own_time.notnull()),
        ),
    ),
)

ENTITIES_QUARANTINE = TableContract(
    "silver",
    "entities_quarantine",
    By(STAGING_DATE),
    grain=LINE_KEY,
    place=LINE,
    rules=(*comes_from_a_line(), one_of("reason", ENTITY_REASONS)),
)

ENTITY_SNAPSHOTS = TableContract(
    "silver",
    "entity_snapshots",
    Whole(),
    grain=("_source_dt", "_source_file", "_source_sha256"),
    rules=(
        Rule(
            "dump_has_parts",
            "snapshot_parts is 1 or more",
            ("snapshot_parts",),
            lambda rows: rows.snapshot_parts >= 1,
        ),
    ),
)


def records_contract(table: EntityTable) -> TableContract:
    """The contract of a table's history, record by record."""
    return TableContract(
        "silver",
        f"{table.name}_records",
        Whole(),
        grain=("source", "entity_key", "record_number"),
        rules=(one_of("effect", EFFECTS), one_of("outcome", ("kept", "implied"))),
    )


def versions_contract(table: EntityTable) -> TableContract:
    """The contract of a table's versions."""
    return TableContract(
        "silver",
        table.versions,
        Whole(),
        grain=("source", table.key.name, "version"),
        rules=(
            Rule(
                "version_lasts",
                "valid_to is later than valid_from",
                ("valid_from", "valid_to"),
                lambda rows: (rows.valid_to > rows.valid_from).fill_null(True),
            ),
            Rule(
                "current_version_has_no_end",
                "is_current, and ended_by is NULL, exactly where valid_to is NULL",
                ("is_current", "valid_to", "ended_by"),
                lambda rows: (
                    (rows.is_current == rows.valid_to.isnull())
                    & (rows.ended_by.isnull() == rows.valid_to.isnull())
                ),
            ),
            one_of("ended_by", ("version", "delete")),
        ),
    )


VERSION_TABLES = (
    STG_ENTITY_RECORDS,
    ENTITIES_QUARANTINE,
    ENTITY_SNAPSHOTS,
    *map(records_contract, ENTITY_TABLES),
    *map(versions_contract, ENTITY_TABLES),
)
