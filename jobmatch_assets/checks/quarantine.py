"""The check on the share of a date's lines that is in quarantine."""

import datetime as dt
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from jobmatch_assets.checks.accepted_quarantine import accept_command, cell, is_covered, told
from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.day_filter import on_days
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.line_counts import lines_by_date
from jobmatch_assets.checks.outcome import HOLDS_BACK, CheckOutcome, Markdown
from jobmatch_assets.checks.raw_lines import place_of, raw_lines
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import shown
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis

QUARANTINE_SHARE = "quarantine_share"

_HINTS = {"unknown_event_name": " (events of other names are kept if JOBMATCH_OTHER_EVENT_NAMES has them)"}
"""What can be done about a reason without the producer."""


def quarantine_key(feed: Feed) -> CheckKey:
    """The check of a feed."""
    return CheckKey(TableKey("silver", feed.quarantine), QUARANTINE_SHARE)


def quarantine_share(settings: Settings, feed: Feed) -> Check:
    """The check of a feed, with the thresholds in force."""
    return Check(_spec(settings, feed), partial(check_quarantine_share, feed))


def _spec(settings: Settings, feed: Feed) -> CheckSpec:
    return CheckSpec(
        quarantine_key(feed),
        description=(
            f"At most {settings.quarantine_warn_share:.2%} of the lines of a date are in quarantine "
            f"(JOBMATCH_QUARANTINE_WARN_SHARE). More than {settings.quarantine_block_share:.2%} "
            "(JOBMATCH_QUARANTINE_BLOCK_SHARE) are an error, unless the date has fewer than "
            f"{settings.quarantine_min_lines} lines (JOBMATCH_QUARANTINE_MIN_LINES) or somebody accepts it: "
            "`jobmatch run --accept-quarantine DATE`, or a run of process_new_files with the config `{ops: "
            "{load_and_build: {config: {accept_quarantine: [DATE]}}}}`. Then it warns, up to the number of "
            f"quarantined lines that it had when it was accepted. {HOLDS_BACK}"
        ),
    )


def check_quarantine_share(feed: Feed, look: Look) -> CheckOutcome:
    """Compare the lines of each date that are quarantined with all lines of the date.

    Args:
        feed: Whose lines.
        look: What is looked at.
    """
    settings, days, accepted = look.settings, look.days, look.accepted()
    key, quarantine = quarantine_key(feed), feed.quarantine
    lines = lines_by_date(look, feed, days)
    shares = {date: found[quarantine] / found.total() for date, found in lines.items()}
    warning = {date for date, share in shares.items() if share > settings.quarantine_warn_share}
    blocking = {
        date
        for date in warning
        if shares[date] > settings.quarantine_block_share
        and lines[date].total() >= settings.quarantine_min_lines
        and not is_covered(accepted, date, lines[date][quarantine])
    }
    metadata = {
        "quarantined lines": sum(found[quarantine] for found in lines.values()),
        "lines": sum(found.total() for found in lines.values()),
        "warns above": settings.quarantine_warn_share,
        "holds back above": settings.quarantine_block_share,
        "holds back from (lines)": settings.quarantine_min_lines,
        "partitions": shown(days),
    }
    if not warning:
        return CheckOutcome(key, passed=True, blocking=False, metadata=metadata)
    failing = blocking or warning
    worst = max(sorted(failing), key=lambda date: shares[date])
    reasons = _reasons(look.backend, feed, failing)
    return CheckOutcome(
        key,
        passed=False,
        blocking=bool(blocking),
        dates=frozenset(warning),
        warned=frozenset(warning - blocking),
        description=(
            f"Check {QUARANTINE_SHARE} of {key.table}: on {shown(failing)} more than "
            f"{settings.quarantine_block_share if blocking else settings.quarantine_warn_share:.2%} of the "
            f"lines are quarantined, most on {worst} ({lines[worst][quarantine]:,} of "
            f"{lines[worst].total():,}, {shares[worst]:.2%}), for example {reasons[0]['for example']}: "
            f"{reasons[0]['reason']}{_HINTS.get(str(reasons[0]['reason']), '')}"
            + (f"; {who}" if (who := told(accepted, warning)) else "")
            + (". More are quarantined now than were accepted" if blocking & accepted.keys() else "")
            + (
                ". What is built from the dates waits until the share falls, or until you accept it: "
                f"{accept_command(blocking)}"
                if blocking
                else ""
            )
        ),
        metadata={
            **metadata,
            "dates above a threshold": Markdown(
                markdown_table(
                    [
                        {
                            "date": date,
                            "quarantined": lines[date][quarantine],
                            "lines": lines[date].total(),
                            "share": f"{shares[date]:.2%}",
                            "held back": "yes" if date in blocking else "no",
                            "accepted": cell(accepted, date),
                        }
                        for date in sorted(warning, key=lambda date: (-shares[date], date))
                    ]
                )
            ),
            "reasons": Markdown(markdown_table(reasons)),
        },
    )


def _reasons(backend: "ibis.BaseBackend", feed: Feed, days: Collection[dt.date]) -> list[dict[str, object]]:
    """Why lines of these dates were rejected, the most frequent reason first, with a line each."""
    table = table_named(feed.quarantine)
    rows = backend.table(table.table, database=table.schema)
    rows = rows.filter(on_days(rows[table.date_column], days))
    line = rows["_source_file"].concat(":", rows["_source_line"].cast("string"))
    found = rows.group_by("reason").aggregate(lines=rows.count(), example=line.min())
    shown = found.order_by(found.lines.desc(), found.reason).limit(MOST_EXAMPLES)
    examples = shown.to_pyarrow().to_pylist()
    places = {row["example"]: place_of(row["example"]) for row in examples}
    raw = raw_lines(backend, feed, [place for place in places.values() if place])
    return [
        {
            "reason": row["reason"],
            "lines": row["lines"],
            "for example": row["example"],
            "line": raw.get(place, "") if (place := places[row["example"]]) else "",
        }
        for row in examples
    ]
