"""The bronze table of a feed: one row a line of its files, written by loads."""

from jobmatch_assets.contracts.column import Column

MAX_LINE_BYTES = 1024 * 1024
"""A longer line (without its line end) is kept by its beginning only."""

STAGING_DATE = "_source_dt"
"""The date column of what is partitioned by the day that a file was written for."""

RAW_LINES_COLUMNS = (
    Column(
        "raw_line",
        "string",
        "The line, without its line end, in the form that raw_form says.",
        is_long=True,
    ),
    Column(
        "raw_form",
        "string",
        "text: the line as it came. base64: all bytes of a line that is not UTF-8. head_base64: the "
        "first 1,024 bytes of a line over 1 MiB.",
    ),
    Column("line_bytes", "int64", "Length of the line as it came, in bytes, without its line end."),
    Column("_source_file", "string", "Path of the file below the feed's folder in the landing root."),
    Column("_source_line", "int64", "Line number in the file, from 1; blank lines count."),
    Column("_source_dt", "date", "The UTC day that the file was written for, from its name."),
    Column("_source_sha256", "string", "SHA-256 of the file's bytes as they lie there, in hex."),
    Column("_load_id", "string", "The load that brought the line."),
    Column("ingested_at", "timestamp", "When the load took the line; no later table depends on it."),
)
