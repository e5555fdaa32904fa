"""The small tables of bronze that steer the platform, which Python writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from jobmatch_assets.contracts.column import Column


@dataclass(frozen=True)
class ControlTable:
    """A table that steers the platform.

    Attributes:
        name: Its name in bronze.
        columns: Its columns.
        cluster_columns: What BigQuery sorts its rows by.
        earlier_names: {column: what an earlier version called it}.
        earlier_values: {column that an earlier version did not have: what its rows have there}.
    """

    name: str
    columns: tuple[Column, ...]
    cluster_columns: tuple[str, ...] = ()
    earlier_names: Mapping[str, str] = field(default_factory=dict)
    earlier_values: Mapping[str, str] = field(default_factory=dict)


FILES = ControlTable(
    "files",
    (
        Column("feed", "string", "The feed whose folder holds the file."),
        Column("source_file", "string", "Path of the file below the feed's folder in the landing root."),
        Column("sha256", "string", "SHA-256 of the file's bytes, in hex."),
        Column("dt", "date", "The UTC day that the file was written for, from its name."),
        Column("fingerprint", "string", "Size and times by which an unchanged file is known again."),
        Column(
            "outcome",
            "string",
            "loaded; same_content: another name of a file of that day; or withdrawn: loaded once, and taken "
            "back.",
        ),
        Column("same_as", "string", "For same_content: the name that was loaded.", nullable=True),
        Column("lines", "int64", "Lines loaded (0 for same_content), also where they were taken back."),
        Column("bytes", "int64", "Size of the file in bytes."),
        Column("load_id", "string", "The load that took the file."),
        Column("ingested_at", "timestamp", "When the load took the file."),
        Column(
            "staged",
            "bool",
            "Whether its lines are staged, or no more where it was withdrawn, and the dates that they touch "
            "are queued.",
        ),
    ),
    ("dt",),
    earlier_values={"feed": "events"},
)

REBUILD_QUEUE = ControlTable(
    "rebuild_queue",
    (
        Column("stage", "string", "The stage that is to be done again for the date: see pipeline/stages.py."),
        Column("feed", "string", "The feed whose lines have changed."),
        Column(
            "event_date",
            "date",
            "The date to build; of what adds up all dates before, the first.",
        ),
        Column("cause_date", "date", "The date of silver whose change asks for it."),
        Column("request_id", "string", "The load that brought the change."),
        Column(
            "experiment_id",
            "string",
            "For experiments: whose results change; NULL: those of every one that reaches over the date.",
            nullable=True,
        ),
    ),
    earlier_names={"stage": "layer"},
    earlier_values={"feed": "events"},
)

ENTITIES_TOUCHED = ControlTable(
    "entities_touched",
    (
        Column("entity_table", "string", "What it is: a table of the entity contract."),
        Column("source", "string", "The source that tells of it."),
        Column("entity_key", "string", "Its key, as text."),
        Column("request_id", "string", "The load whose records touch it."),
    ),
    ("entity_table", "source"),
)

TABLES_TOUCHED = ControlTable(
    "tables_touched",
    (
        Column("entity_table", "string", "A table of the entity contract."),
        Column("stage", "string", "A stage in which something is built of it, and has not been since."),
        Column("request_id", "string", "The load whose records touch entities of it."),
    ),
)

EXPERIMENTS_COMPARED = ControlTable(
    "experiments_compared",
    (
        Column("experiment_id", "string", "An experiment with results."),
        Column(
            "registered",
            "string",
            "Its control and shares in the registry, as JSON, when they were computed; NULL: not known.",
            nullable=True,
        ),
    ),
)

USED_SETTINGS = ControlTable(
    "used_settings",
    (
        Column("stage", "string", "The stage that was done with the setting; or landing."),
        Column(
            "partition_date", "date", "The partition that was built; 0001-01-01 for what concerns them all."
        ),
        Column("setting", "string", "The setting's variable."),
        Column("value", "string", "Its value then."),
    ),
    earlier_names={"stage": "layer"},
)

FAILING_CHECKS = ControlTable(
    "failing_checks",
    (
        Column("stage", "string", "The stage that was done when it was found."),
        Column("asset", "string", "The asset that fails a check, as layer/table."),
        Column("check_name", "string", "The check."),
        Column("partition_date", "date", "The partition that fails, until a later look at it passes."),
        Column("is_blocking", "bool", "Whether what is downstream of the partition is not built meanwhile."),
        Column("description", "string", "What is wrong, in a line."),
        Column(
            "since",
            "timestamp",
            "When a run found first that the partition fails; NULL: not known.",
            nullable=True,
        ),
    ),
    earlier_names={"stage": "layer"},
)

ACCEPTED_QUARANTINE = ControlTable(
    "accepted_quarantine",
    (
        Column("partition_date", "date", "The event date that is built all the same."),
        Column(
            "quarantined_lines", "int64", "Its lines in quarantine when it was accepted; more block it again."
        ),
        Column("lines", "int64", "All its lines then."),
        Column("accepted_by", "string", "Who accepted it."),
        Column("accepted_at", "timestamp", "When."),
    ),
)

ACCEPTED_DELETES = ControlTable(
    "accepted_deletes",
    (
        Column("entity_table", "string", "What the full dump is of: a table of the entity contract."),
        Column("source", "string", "The source that it comes from."),
        Column("taken_at", "timestamp", "When it was taken."),
        Column(
            "implied", "int64", "The deletes that it implied when they were accepted; more block it again."
        ),
    ),
)

ENTITY_FILES = ControlTable(
    "entity_files",
    (
        Column("_source_file", "string", "Path of the file below entities/ in the landing root."),
        Column("_source_sha256", "string", "SHA-256 of the file's bytes, in hex."),
        Column("_source_dt", "date", "The UTC day that the file was written for, from its name."),
        Column("entity_table", "string", "The table that its records are of."),
        Column("source", "string", "Who they come from."),
        Column("record_format", "string", "How they are written: ndjson, json, csv or xml."),
        Column("taken_at", "timestamp", "When the state was as the file says, from its name."),
        Column(
            "snapshot_name", "string", "The name of the full dump; NULL: the file is none.", nullable=True
        ),
        Column(
            "snapshot_part",
            "int64",
            "Which part of the dump it is, from 1; NULL: the file is none.",
            nullable=True,
        ),
        Column(
            "snapshot_parts", "int64", "How many parts the dump has; NULL: the file is none.", nullable=True
        ),
        Column("_load_id", "string", "The load that took the file."),
    ),
    ("_source_dt",),
)

ENTITY_SOURCES = ControlTable(
    "entity_sources",
    (
        Column("source", "string", "Who records come from; the empty text: everybody who is not listed."),
        Column("time_zone", "string", "Name of the time zone of times that have no offset."),
        Column("default_currency", "string", "Currency (ISO 4217) of amounts that name none."),
        Column("freshness_hours", "float64", "How many hours old its newest file may be."),
        Column(
            "max_deleted_share",
            "float64",
            "Which share of what there is a full dump may lack, from 0 to 1.",
        ),
    ),
)

ArchiveKind = Literal["retained", "withdrawn"]
"""Why lines are in an archive: their day is old, or their file was taken back."""

ARCHIVED_LINES = ControlTable(
    "archived_lines",
    (
        Column("feed", "string", "The feed whose lines are not in bronze any more."),
        Column("dt", "date", "The UTC day that their files were written for."),
        Column("kind", "string", "retained: the day is old; withdrawn: a file was taken back."),
        Column("archive", "string", "The archive that has them: a folder in JOBMATCH_ARCHIVE_PATH."),
        Column("lines", "int64", "How many there are."),
        Column("source_file", "string", "For withdrawn: the file.", nullable=True),
        Column("sha256", "string", "For withdrawn: SHA-256 of its bytes, in hex.", nullable=True),
    ),
    ("dt",),
)

ERASED = ControlTable(
    "erased",
    (
        Column(
            "digest",
            "string",
            "HMAC-SHA256 of an id under JOBMATCH_ERASURE_KEY, in hex: without the key nobody can tell whose.",
        ),
        Column(
            "kind",
            "string",
            "What the id names: user, device, candidate, application; key: of the key itself.",
        ),
        Column(
            "runs",
            "int64",
            "Of how many runs of letters and digits the id is made, to look for it in texts; 0: it is not.",
        ),
        Column("erased_at", "timestamp", "When it was erased first."),
    ),
)

LAYOUT = ControlTable(
    "layout",
    (
        Column("layout", "int64", "Which layout the tables have had since; the highest counts."),
        Column("made_by", "string", "The version of jobmatch that made them so."),
        Column("made_at", "timestamp", "When."),
    ),
)

LAYOUT_IN_FORCE = 3
"""The layout that this version makes.

It rises where earlier versions must no longer work on the tables, and where a table gains a column: on
BigQuery columns are added to a warehouse of an earlier layout only.
"""

CONTROL_TABLES = (
    FILES,
    REBUILD_QUEUE,
    ENTITIES_TOUCHED,
    TABLES_TOUCHED,
    FAILING_CHECKS,
    EXPERIMENTS_COMPARED,
    USED_SETTINGS,
    ACCEPTED_QUARANTINE,
    ACCEPTED_DELETES,
    ENTITY_FILES,
    ENTITY_SOURCES,
    ARCHIVED_LINES,
    ERASED,
    LAYOUT,
)

EARLIER_TABLES = {"staged_before": "events_staged_before"}
"""{what an earlier version called a table of bronze: what it is called now}."""
