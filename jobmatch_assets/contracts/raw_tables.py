"""The contract of a feed's bronze table: its rows are lines as they came."""

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.feed_layout import FeedLayout
from jobmatch_assets.contracts.landed_lines import STAGING_DATE
from jobmatch_assets.contracts.table_contract import (
    LINE,
    LINE_KEY,
    Condition,
    Rows,
    Rule,
    TableContract,
    comes_from_a_line,
    one_of,
)
from jobmatch_assets.contracts.vocabulary import RAW_FORMS


def _is_text_of_its_length(rows: Rows) -> Condition:
    # A character of UTF-8 has 1 to 4 bytes.
    characters = rows.raw_line.length()
    return (rows.raw_form != "text") | ((rows.line_bytes >= characters) & (rows.line_bytes <= 4 * characters))


def _names_its_day(rows: Rows) -> Condition:
    file, day = rows["_source_file"], rows["_source_dt"]
    in_folder = file.substr(0, 14) == "dt=" + day.cast("string") + "/"
    return in_folder | (file.substr(0, 9) == day.strftime("%d%m%Y_"))


def _names_its_day_somewhere(rows: Rows) -> Condition:
    file, day = "/" + rows["_source_file"], rows["_source_dt"]
    return file.contains("/dt=" + day.cast("string") + "/") | file.contains("/" + day.strftime("%d%m%Y_"))


def _rules(layout: FeedLayout) -> tuple[Rule, ...]:
    most = layout.most_bytes
    return (
        *comes_from_a_line(),
        one_of("raw_form", RAW_FORMS),
        Rule(
            "line_is_not_empty",
            "line_bytes is 1 or more: blank lines are not loaded",
            ("line_bytes",),
            lambda rows: rows.line_bytes >= 1,
        ),
        Rule(
            "head_only_of_long_lines",
            f"raw_form is head_base64 exactly where line_bytes is over {most}",
            ("raw_form", "line_bytes"),
            lambda rows: (rows.raw_form == "head_base64") == (rows.line_bytes > most),
        ),
        Rule(
            "text_has_its_length",
            "the text of raw_line has as many bytes as line_bytes says",
            ("raw_form", "line_bytes", "raw_line"),
            _is_text_of_its_length,
        ),
        Rule(
            "file_is_of_its_day",
            "_source_file names the day _source_dt",
            ("_source_file", "_source_dt"),
            _names_its_day if layout.names_days else _names_its_day_somewhere,
        ),
        *(() if layout.files is None else _RECORD_RULES),
    )


def _is_taken_on_its_day(rows: Rows) -> Condition:
    days = rows.taken_at.date().delta(rows["_source_dt"], unit="day")
    return (days >= 0) & (days <= 1)


_RECORD_RULES = (
    one_of("entity_table", tuple(table.name for table in ENTITY_TABLES)),
    one_of("record_format", ("ndjson", "json", "csv", "xml")),
    Rule(
        "source_is_a_name",
        "source is 1 to 40 of a-z, 0-9, _ and -",
        ("source",),
        lambda rows: rows.source.re_search("^[a-z0-9_-]{1,40}$"),
    ),
    Rule(
        "taken_on_its_day",
        "taken_at is on _source_dt or on the day after",
        ("taken_at", "_source_dt"),
        _is_taken_on_its_day,
    ),
)


def raw_contract(feed: Feed) -> TableContract:
    """The contract of a feed's bronze table."""
    return TableContract(*feed.raw, By(STAGING_DATE), grain=LINE_KEY, place=LINE, rules=_rules(feed.layout))
