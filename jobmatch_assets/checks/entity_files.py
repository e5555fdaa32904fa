"""The checks on files of entities: whether dumps are whole, and whether sources still send."""

import datetime as dt
from typing import Any

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.control_tables import ENTITY_FILES, ENTITY_SOURCES
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.contracts.version_tables import ENTITY_SNAPSHOTS

DUMPS_ARE_COMPLETE = CheckKey(ENTITY_SNAPSHOTS.key, "dumps_are_complete")
_DUMP = ("entity_table", "source", "_source_dt", "snapshot_name", "snapshot_parts")

_ALL = 1_000_000
"""More sources than anybody has."""

SOURCES_ARE_RECENT = CheckKey(ENTITY_SNAPSHOTS.key, "sources_are_recent")


def dumps_are_complete() -> Check:
    """The check."""
    return Check(
        CheckSpec(
            DUMPS_ARE_COMPLETE,
            description=(
                "All parts of each full dump are loaded, and the key of each record in them could be read. "
                "Others delete nothing: what they do not have may only be missing. A warning."
            ),
        ),
        check_dumps_are_complete,
    )


def sources_are_recent() -> Check:
    """The check."""
    return Check(
        CheckSpec(
            SOURCES_ARE_RECENT,
            description=(
                "The newest file of each source was taken at most freshness_hours ago (of the registry that "
                "JOBMATCH_SOURCES names; 48 where it says nothing). Looked at with every build. A warning."
            ),
        ),
        check_sources_are_recent,
    )


def check_dumps_are_complete(look: Look) -> CheckOutcome:
    """Look for files of dumps that are no part of a complete one.

    Args:
        look: What is looked at; dumps have no partitions, so that all are.
    """
    dumps = _incomplete_dumps(look)
    found = _last_dumps(dumps, look)
    if not found:
        return CheckOutcome(DUMPS_ARE_COMPLETE, passed=True, blocking=False)
    (counted,) = look.query(f"select count(*) as dumps from ({dumps}) as dumps", 1)  # noqa: S608
    return CheckOutcome(
        DUMPS_ARE_COMPLETE,
        passed=False,
        blocking=False,
        description=(
            f"Check {DUMPS_ARE_COMPLETE.name} of {DUMPS_ARE_COMPLETE.table}: "
            f"{counted['dumps']:,} dumps cannot be used as a whole, the last: "
            f"{_what_is_missing(found[0])}"
        ),
        metadata={"examples": Markdown(markdown_table(found))},
    )


def _incomplete_dumps(look: Look) -> str:
    """A query: dumps of which some file is no part of a complete one."""
    complete = f"{ENTITY_SNAPSHOTS.schema}.{ENTITY_SNAPSHOTS.table}"
    place = " and ".join(
        f"complete.{column} = files.{column}" for column in ("_source_dt", "_source_file", "_source_sha256")
    )
    dump, first = ", ".join(f"files.{column}" for column in _DUMP), look.settings.partitions_start
    return (
        f"select {dump}, count(distinct files.snapshot_part) as parts_there, "  # noqa: S608
        f"min(files._source_file) as a_file from {BRONZE_SCHEMA}.{ENTITY_FILES.name} as files "
        f"where files.snapshot_name is not null and files._source_dt >= date '{first}' "
        f"and not exists (select 1 from {complete} as complete where {place}) group by {dump}"
    )


def _last_dumps(dumps: str, look: Look) -> list[dict[str, Any]]:
    """Those of the last day first: the others were told before."""
    then = [column for column in _DUMP if column != "_source_dt"]
    order = ", ".join(["_source_dt desc", *then])
    rows = look.query(f"{dumps} order by {order} limit {MOST_EXAMPLES}", MOST_EXAMPLES)
    # Not every engine keeps the order of an inner query.
    rows.sort(key=lambda row: [row[column] for column in then])
    return sorted(rows, key=lambda row: row["_source_dt"], reverse=True)


def _what_is_missing(dump: dict[str, Any]) -> str:
    named = f"{dump['entity_table']} of {dump['source']}, {dump['_source_dt']} ({dump['a_file']})"
    there, parts = dump["parts_there"], dump["snapshot_parts"]
    if there < parts:
        return f"{named} has {there:,} of {parts:,} parts. Land the others: until then it deletes nothing"
    return (
        f"{named} has records whose key cannot be read (see silver/entities_quarantine). Land it again, "
        "corrected, under another name: until then it deletes nothing"
    )


def check_sources_are_recent(look: Look) -> CheckOutcome:
    """Compare the time that the newest file of each source was taken at with the clock.

    Args:
        look: What is looked at.
    """
    files, registry = (f"{BRONZE_SCHEMA}.{table.name}" for table in (ENTITY_FILES, ENTITY_SOURCES))
    newest = look.query(f"select source, max(taken_at) as newest from {files} group by source", _ALL)  # noqa: S608
    sources = look.query(f"select source, freshness_hours from {registry}", _ALL)  # noqa: S608
    allowed = {row["source"]: row["freshness_hours"] for row in sources}
    late = sorted(
        (
            {"source": row["source"], "newest": row["newest"], "hours": hours, "allowed": limit}
            for row in newest
            if (hours := (look.now - row["newest"]) / dt.timedelta(hours=1))
            > (limit := allowed.get(row["source"], allowed[""]))
        ),
        key=lambda row: (-row["hours"], row["source"]),
    )
    if not late:
        return CheckOutcome(SOURCES_ARE_RECENT, passed=True, blocking=False, of_partitions=False)
    worst = late[0]
    return CheckOutcome(
        SOURCES_ARE_RECENT,
        passed=False,
        blocking=False,
        of_partitions=False,
        description=(
            f"Check {SOURCES_ARE_RECENT.name} of {SOURCES_ARE_RECENT.table}: {len(late):,} sources have sent "
            f"nothing for too long, longest {worst['source']}: its newest file is of "
            f"{worst['newest']:%Y-%m-%d %H:%M} UTC, {worst['hours']:,.0f} hours ago; {worst['allowed']:g} "
            "are allowed (freshness_hours). Do its files still land?"
        ),
        metadata={"sources": Markdown(markdown_table(late[:MOST_EXAMPLES]))},
    )
