"""The bronze tables, which loads write (all other tables are dbt models and are described there)."""

from dataclasses import dataclass
from typing import Literal

SCHEMA_PREFIX = "job_matching_"
"""What stands before the layer in the name of a schema, or dataset."""

BRONZE_SCHEMA = "job_matching_bronze"
SILVER_SCHEMA = "job_matching_silver"
GOLD_SCHEMA = "job_matching_gold"

MAX_LINE_BYTES = 1024 * 1024
"""A longer line (without its line end) is kept by its beginning only."""

STAGING_DATE = "_source_dt"
"""The date column of what is partitioned by the day that a file was written for."""

PARTITION_COLUMNS = {
    "events_raw": STAGING_DATE,
    "stg_events": STAGING_DATE,
    "stg_search_dates": STAGING_DATE,
    "ab_cumulative_sums": "as_of_date",
    "ab_results": "as_of_date",
}
"""The date column that a table is partitioned by, where it is not event_date."""

ColumnType = Literal["string", "int64", "float64", "date", "timestamp", "bool", "experiments"]
"""`experiments` is an array of pairs (experiment_id, variant) of strings."""


@dataclass(frozen=True)
class Column:
    """A column: name, engine-neutral type, meaning, and whether it may be NULL."""

    name: str
    type: ColumnType
    description: str
    nullable: bool = False


EVENTS_RAW = "events_raw"
EVENTS_RAW_COLUMNS = (
    Column("raw_line", "string", "The line, without its line end, in the form that raw_form says."),
    Column(
        "raw_form",
        "string",
        "text: the line as it came. base64: all bytes of a line that is not UTF-8. head_base64: the "
        "first 1,024 bytes of a line over 1 MiB.",
    ),
    Column("line_bytes", "int64", "Length of the line as it came, in bytes, without its line end."),
    Column("_source_file", "string", "Path of the file below the landing root's events/."),
    Column("_source_line", "int64", "Line number in the file, from 1; blank lines count."),
    Column("_source_dt", "date", "The UTC day that the file was written for, from its name."),
    Column("_source_sha256", "string", "SHA-256 of the file's bytes as they lie there, in hex."),
    Column("_load_id", "string", "The load that brought the line."),
    Column("ingested_at", "timestamp", "When the load took the line; no later table depends on it."),
)

FILES = "files"
FILES_COLUMNS = (
    Column("source_file", "string", "Path of the file below the landing root's events/."),
    Column("sha256", "string", "SHA-256 of the file's bytes, in hex."),
    Column("dt", "date", "The UTC day that the file was written for, from its name."),
    Column("fingerprint", "string", "Size and times by which an unchanged file is known again."),
    Column("outcome", "string", "loaded, or same_content: another name of a file of that day."),
    Column("same_as", "string", "For same_content: the name that was loaded.", nullable=True),
    Column("lines", "int64", "Lines loaded (0 for same_content)."),
    Column("bytes", "int64", "Size of the file in bytes."),
    Column("load_id", "string", "The load that took the file."),
    Column("ingested_at", "timestamp", "When the load took the file."),
    Column("staged", "bool", "Whether its lines are in silver.stg_events and the dates are queued."),
)

REBUILD_QUEUE = "rebuild_queue"
REBUILD_QUEUE_COLUMNS = (
    Column("layer", "string", "What is to be built again: silver, gold or experiments; or publication."),
    Column("event_date", "date", "The date to build; for experiments the first of its dates that change."),
    Column("cause_date", "date", "The date of silver whose change asks for it."),
    Column("request_id", "string", "The load that brought the change."),
    Column(
        "experiment_id",
        "string",
        "For experiments: whose results change; NULL: those of every one that reaches over the date.",
        nullable=True,
    ),
)

EXPERIMENTS_COMPARED = "experiments_compared"
EXPERIMENTS_COMPARED_COLUMNS = (
    Column("experiment_id", "string", "An experiment with results."),
    Column(
        "registered",
        "string",
        "Its control and shares in the registry, as JSON, when they were computed; NULL: not known.",
        nullable=True,
    ),
)

USED_SETTINGS = "used_settings"
USED_SETTINGS_COLUMNS = (
    Column("layer", "string", "What was built with the setting: bronze or silver; or landing."),
    Column("partition_date", "date", "The partition that was built; 0001-01-01 for what concerns them all."),
    Column("setting", "string", "The setting's variable."),
    Column("value", "string", "Its value then."),
)

FAILING_CHECKS = "failing_checks"
FAILING_CHECKS_COLUMNS = (
    Column("layer", "string", "What was built when it was found: bronze, silver, gold or experiments."),
    Column("asset", "string", "The asset that fails a check, as layer/table."),
    Column("check_name", "string", "The check."),
    Column("partition_date", "date", "The partition that fails, until a later look at it passes."),
    Column("is_blocking", "bool", "Whether what is downstream of the partition is not built meanwhile."),
    Column("description", "string", "What is wrong, in a line."),
)

ACCEPTED_QUARANTINE = "accepted_quarantine"
ACCEPTED_QUARANTINE_COLUMNS = (
    Column("partition_date", "date", "The event date that is built all the same."),
    Column(
        "quarantined_lines", "int64", "Its lines in quarantine when it was accepted; more block it again."
    ),
    Column("lines", "int64", "All its lines then."),
    Column("accepted_by", "string", "Who accepted it."),
    Column("accepted_at", "timestamp", "When."),
)

LAYOUT = "layout"
LAYOUT_COLUMNS = (
    Column("layout", "int64", "Which layout the tables have had since; the highest counts."),
    Column("made_by", "string", "The version of jobmatch that made them so."),
    Column("made_at", "timestamp", "When."),
)
LAYOUT_IN_FORCE = 1
"""The layout that this version makes. It rises where earlier versions must no longer work on the tables."""

COLUMNS_OF_BRONZE = {
    EVENTS_RAW: EVENTS_RAW_COLUMNS,
    FILES: FILES_COLUMNS,
    REBUILD_QUEUE: REBUILD_QUEUE_COLUMNS,
    FAILING_CHECKS: FAILING_CHECKS_COLUMNS,
    EXPERIMENTS_COMPARED: EXPERIMENTS_COMPARED_COLUMNS,
    USED_SETTINGS: USED_SETTINGS_COLUMNS,
    ACCEPTED_QUARANTINE: ACCEPTED_QUARANTINE_COLUMNS,
    LAYOUT: LAYOUT_COLUMNS,
}
"""The tables of bronze that the platform makes, with their columns."""
