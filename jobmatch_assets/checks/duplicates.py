"""The check on the share of duplicates: of events that share an event_id by mistake, all but one are lost.

Files that are landed again are duplicates, too, however many times, and harmless. What tells the two apart is
whether the lines of an event_id say the same.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.day_filter import on_days, widened
from jobmatch_assets.checks.examples import markdown_table, short
from jobmatch_assets.checks.line_counts import rows_by_date
from jobmatch_assets.checks.outcome import HOLDS_BACK, CheckOutcome, Markdown
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.line_tables import EVENTS, EVENTS_DUPLICATES, STG_EVENTS
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.dates import shown
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis

DUPLICATE_SHARE = CheckKey(EVENTS_DUPLICATES.key, "duplicate_share")

LEAST_DUPLICATES = 10
"""Fewer are no share to speak of: of three late lines, one may well have come twice."""

_LINE = ("_source_dt", "_source_file", "_source_sha256", "_source_line")

_WHAT_HAPPENED = ("event_ts", "event_name", "user_id", "anonymous_id", "session_id", "search_id", "job_id")
"""Lines of one event agree on these, however often and by whichever way they came."""


def duplicate_share(settings: Settings) -> Check:
    """The check with the thresholds in force."""
    return Check(_spec(settings), check_duplicate_share)


def _spec(settings: Settings) -> CheckSpec:
    return CheckSpec(
        DUPLICATE_SHARE,
        description=(
            f"At most {settings.duplicates_warn_share:.2%} of the valid lines of a date are duplicates "
            f"(JOBMATCH_DUPLICATES_WARN_SHARE), or fewer than {LEAST_DUPLICATES}. More are a warning, and an "
            f"error where more than {settings.duplicates_block_share:.2%} of the events of the date "
            "(JOBMATCH_DUPLICATES_BLOCK_SHARE) are lost, since they differ in time, kind, user, session, "
            "list or job from the one that is kept under their event_id: then nothing is built from the "
            f"date, unless it has fewer than {settings.duplicates_min_lines} valid lines "
            "(JOBMATCH_DUPLICATES_MIN_LINES). Events that are landed again, however often, are not lost. "
            f"{HOLDS_BACK}"
        ),
    )


def check_duplicate_share(look: Look) -> CheckOutcome:
    """Compare the duplicates of each date with all its valid lines, and what they say with what is kept."""
    settings, days = look.settings, look.days
    duplicates = rows_by_date(look, EVENTS_DUPLICATES.table, days)
    events = rows_by_date(look, EVENTS.table, days)
    lines = duplicates + events
    shares = {date: duplicates[date] / lines[date] for date in duplicates}
    lowest = min(settings.duplicates_warn_share, settings.duplicates_block_share)
    suspect = {
        date for date, share in shares.items() if share > lowest and duplicates[date] >= LEAST_DUPLICATES
    }
    metadata = {
        "duplicates": duplicates.total(),
        "valid lines": lines.total(),
        "warns above": settings.duplicates_warn_share,
        "holds back above (lost events)": settings.duplicates_block_share,
        "holds back from (valid lines)": settings.duplicates_min_lines,
        "partitions": shown(days),
    }
    lost = _lost_events(look.backend, suspect, settings.dedup_window_days) if suspect else Counter()
    # Of events and not of lines: a file that is landed again must not make it smaller.
    lost_shares = {date: lost[date] / ((lost[date] + events[date]) or 1) for date in suspect}
    blocking = {
        date
        for date in suspect
        if lost_shares[date] > settings.duplicates_block_share
        and lines[date] >= settings.duplicates_min_lines
    }
    failing = blocking | {date for date in suspect if shares[date] > settings.duplicates_warn_share}
    if not failing:
        return CheckOutcome(DUPLICATE_SHARE, passed=True, blocking=False, metadata=metadata)
    told = blocking or failing
    worst = max(sorted(told), key=lambda date: (lost_shares[date], shares[date]))
    event_ids = _most_repeated(look.backend, worst)
    return CheckOutcome(
        DUPLICATE_SHARE,
        passed=False,
        blocking=bool(blocking),
        dates=frozenset(failing),
        warned=frozenset(failing - blocking),
        description=(
            f"Check duplicate_share of silver/events_duplicates: on {shown(told)} "
            + (
                f"more than {settings.duplicates_block_share:.2%} of the events are lost"
                if blocking
                else f"more than {settings.duplicates_warn_share:.2%} of the valid lines are duplicates"
            )
            + f". On {worst} {duplicates[worst]:,} of {lines[worst]:,} ({shares[worst]:.2%}) are duplicates, "
            f"most of event_id "
            f"{short(event_ids[0]['event_id'])} ({event_ids[0]['duplicates']:,}, for example "
            f"{event_ids[0]['for example']}). {_advice(lost[worst], worst, blocks=bool(blocking))}"
        ),
        metadata={
            **metadata,
            "dates above a threshold": Markdown(
                markdown_table(
                    [
                        {
                            "date": date,
                            "duplicates": duplicates[date],
                            "valid lines": lines[date],
                            "share": f"{shares[date]:.2%}",
                            "lost events": lost[date],
                            "events": events[date],
                            "held back": "yes" if date in blocking else "no",
                        }
                        for date in sorted(
                            failing, key=lambda date: (-lost_shares[date], -shares[date], date)
                        )
                    ]
                )
            ),
            f"event_ids of {worst}": Markdown(markdown_table(event_ids)),
        },
    )


def _advice(lost: int, date: dt.date, *, blocks: bool) -> str:
    if not lost:
        return (
            "They say what other lines say, as files do that are landed again: nothing is lost. If that is "
            "how your files come, raise JOBMATCH_DUPLICATES_WARN_SHARE"
        )
    mend = (
        f"{lost:,} events are lost, since another one is kept under their event_id: let the producer give "
        f"each event an event_id of its own, and land the events of {date} again in a new file"
    )
    if not blocks:
        return mend
    return (
        f"{mend}. What is built from the dates waits until then; to build it all the same, raise "
        f"JOBMATCH_DUPLICATES_BLOCK_SHARE and build the dates again (jobmatch run --from {date} --to {date})"
    )


def _lost_events(backend: "ibis.BaseBackend", days: Collection[dt.date], window: int) -> Counter[dt.date]:
    """{date: how many different events its duplicates tell of, without those that are kept}."""
    duplicates = backend.table(EVENTS_DUPLICATES.table, database=SILVER_SCHEMA)
    duplicates = duplicates.filter(on_days(duplicates.event_date, days))
    file_days = duplicates.select("_source_dt").distinct().to_pyarrow().column(0).to_pylist()
    staged = backend.table(STG_EVENTS.table, database=SILVER_SCHEMA)
    staged = staged.filter(on_days(staged["_source_dt"], file_days))
    events = backend.table(EVENTS.table, database=SILVER_SCHEMA)
    events = events.filter(on_days(events.event_date, widened(days, window)))

    told = duplicates.select("event_date", "event_id", *_LINE).join(
        staged.select(*_LINE, *_WHAT_HAPPENED), _LINE
    )
    told = told.select("event_date", "event_id", *_WHAT_HAPPENED)
    event_ids = told.select("event_date", "event_id").distinct()
    kept = events.select("event_id", *_WHAT_HAPPENED, kept_date=events.event_date)
    kept = event_ids.join(kept, "event_id")
    kept = kept.filter(kept.kept_date.delta(kept.event_date, unit="day").between(-window, window))
    different = told.union(kept.select(*told.columns)).distinct()
    found = different.group_by("event_date").aggregate(
        events=different.count(), event_ids=different.event_id.nunique()
    )
    return Counter(
        {row["event_date"]: row["events"] - row["event_ids"] for row in found.to_pyarrow().to_pylist()}
    )


def _most_repeated(backend: "ibis.BaseBackend", date: dt.date) -> list[Mapping[str, object]]:
    """The event_ids with the most duplicates on a date, each with one of these."""
    rows = backend.table(EVENTS_DUPLICATES.table, database=SILVER_SCHEMA)
    rows = rows.filter(rows.event_date == date)
    line = rows["_source_file"].concat(":", rows["_source_line"].cast("string"))
    found = rows.group_by("event_id").aggregate(duplicates=rows.count(), example=line.min())
    most = found.order_by(found.duplicates.desc(), found.event_id).limit(MOST_EXAMPLES)
    return [
        {"event_id": row["event_id"], "duplicates": row["duplicates"], "for example": row["example"]}
        for row in most.to_pyarrow().to_pylist()
    ]
