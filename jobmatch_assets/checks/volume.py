"""Checks on how many rows a date has: the share that is quarantined, and events against the same weekday."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain
from statistics import median
from typing import TYPE_CHECKING

from jobmatch_assets.checks.accepted_quarantine import (
    Accepted,
    accept_command,
    cell,
    is_covered,
    told,
)
from jobmatch_assets.checks.day_filter import on_days
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.line_counts import lines_by_date, rows_by_date
from jobmatch_assets.checks.outcome import HOLDS_BACK, CheckOutcome, Markdown
from jobmatch_assets.checks.raw_lines import place_of, raw_lines
from jobmatch_assets.contracts.bronze import SILVER_SCHEMA
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.dates import ONE_DAY, shown
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis

QUARANTINE_SHARE = CheckKey(TableKey("silver", "events_quarantine"), "quarantine_share")
ROW_VOLUME = CheckKey(TableKey("silver", "events"), "row_volume")

LEAST_WEEKS = 3
"""With fewer earlier same weekdays there is nothing to compare with."""

LEAST_EVENTS = 100
"""A smaller median says little: chance alone moves it by more than the tolerance."""


def quarantine_share_spec(settings: Settings) -> CheckSpec:
    """The check with the thresholds in force."""
    return CheckSpec(
        QUARANTINE_SHARE,
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


def row_volume_spec(settings: Settings) -> CheckSpec:
    """The check with the thresholds in force."""
    return CheckSpec(
        ROW_VOLUME,
        description=(
            f"The events of a date differ by at most {settings.row_volume_tolerance:.0%} "
            "(JOBMATCH_ROW_VOLUME_TOLERANCE) from the median of the same weekday in the "
            f"{settings.row_volume_weeks} weeks before (JOBMATCH_ROW_VOLUME_WEEKS). Dates that are not over "
            f"yet, dates with fewer than {LEAST_WEEKS} such weekdays with events, and medians below "
            f"{LEAST_EVENTS} events pass. A warning."
        ),
    )


def check_quarantine_share(
    backend: "ibis.BaseBackend", settings: Settings, days: Collection[dt.date], accepted: Accepted
) -> CheckOutcome:
    """Compare the lines of each date that are quarantined with all lines of the date.

    Args:
        backend: The engine.
        settings: The thresholds.
        days: The dates to judge.
        accepted: What somebody accepted; it only warns.
    """
    lines = lines_by_date(backend, days)
    shares = {date: found["events_quarantine"] / found.total() for date, found in lines.items()}
    warning = {date for date, share in shares.items() if share > settings.quarantine_warn_share}
    blocking = {
        date
        for date in warning
        if shares[date] > settings.quarantine_block_share
        and lines[date].total() >= settings.quarantine_min_lines
        and not is_covered(accepted, date, lines[date]["events_quarantine"])
    }
    metadata = {
        "quarantined lines": sum(found["events_quarantine"] for found in lines.values()),
        "lines": sum(found.total() for found in lines.values()),
        "warns above": settings.quarantine_warn_share,
        "holds back above": settings.quarantine_block_share,
        "holds back from (lines)": settings.quarantine_min_lines,
        "partitions": shown(days),
    }
    if not warning:
        return CheckOutcome(QUARANTINE_SHARE, passed=True, blocking=False, metadata=metadata)
    failing = blocking or warning
    worst = max(sorted(failing), key=lambda date: shares[date])
    reasons = _reasons(backend, failing)
    return CheckOutcome(
        QUARANTINE_SHARE,
        passed=False,
        blocking=bool(blocking),
        dates=frozenset(warning),
        warned=frozenset(warning - blocking),
        description=(
            f"Check quarantine_share of silver/events_quarantine: on {shown(failing)} more than "
            f"{settings.quarantine_block_share if blocking else settings.quarantine_warn_share:.2%} of the "
            f"lines are quarantined, most on {worst} ({lines[worst]['events_quarantine']:,} of "
            f"{lines[worst].total():,}, {shares[worst]:.2%}), for example {reasons[0]['for example']}: "
            f"{reasons[0]['reason']}"
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
                            "quarantined": lines[date]["events_quarantine"],
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


def check_row_volume(
    backend: "ibis.BaseBackend", settings: Settings, days: Collection[dt.date], now: dt.datetime
) -> CheckOutcome:
    """Compare the events of each date with those of the same weekday in the weeks before.

    Args:
        backend: The engine.
        settings: How far back to look, and how much may differ.
        days: The dates to judge.
        now: The time; the date that it falls on is not over.
    """
    weeks = settings.row_volume_weeks
    before = {
        date: [date - 7 * week * ONE_DAY for week in range(1, weeks + 1) if date.toordinal() > 7 * week]
        for date in sorted(days)
        if date < now.astimezone(dt.UTC).date()
    }
    counts = rows_by_date(backend, "events", {*before, *chain(*before.values())}) if before else Counter()
    volumes = []
    for date, same_weekdays in before.items():
        earlier = [counts[day] for day in same_weekdays if counts[day]]
        if len(earlier) >= LEAST_WEEKS and median(earlier) >= LEAST_EVENTS:
            volumes.append(_Volume(date, counts[date], median(earlier), len(earlier)))
    failing = [volume for volume in volumes if volume.deviation > settings.row_volume_tolerance]
    metadata = {
        "failing dates": len(failing),
        "dates compared": len(volumes),
        "dates not over, or without enough history": len(days) - len(volumes),
        "tolerance": settings.row_volume_tolerance,
        "weeks": weeks,
        "partitions": shown(days),
    }
    if not failing:
        return CheckOutcome(ROW_VOLUME, passed=True, blocking=False, metadata=metadata)
    worst = max(failing, key=lambda volume: volume.deviation)
    return CheckOutcome(
        ROW_VOLUME,
        passed=False,
        blocking=False,
        dates=frozenset(volume.date for volume in failing),
        description=(
            f"Check row_volume of silver/events: {shown([volume.date for volume in failing])} differ by "
            f"more than {settings.row_volume_tolerance:.0%} from the median of the same weekday, most "
            f"{worst.date} ({worst.rows:,} events, the median of {worst.weeks} weeks is {worst.median:,.0f})"
        ),
        metadata={
            **metadata,
            "examples": Markdown(
                markdown_table(
                    [
                        {
                            "date": volume.date,
                            "events": volume.rows,
                            "median of the weekday": volume.median,
                            "weeks": volume.weeks,
                        }
                        for volume in sorted(failing, key=lambda volume: -volume.deviation)
                    ]
                )
            ),
        },
    )


@dataclass(frozen=True)
class _Volume:
    """Events of a date, and what the same weekday had before."""

    date: dt.date
    rows: int
    median: float
    weeks: int

    @property
    def deviation(self) -> float:
        """How far it is from the median, as a share of that."""
        return abs(self.rows - self.median) / self.median


def _reasons(backend: "ibis.BaseBackend", days: Collection[dt.date]) -> list[dict[str, object]]:
    """Why lines of these dates were rejected, the most frequent reason first, with a line each."""
    rows = backend.table("events_quarantine", database=SILVER_SCHEMA)
    rows = rows.filter(on_days(rows.event_date, days))
    line = rows["_source_file"].concat(":", rows["_source_line"].cast("string"))
    found = rows.group_by("reason").aggregate(lines=rows.count(), example=line.min())
    shown = found.order_by(found.lines.desc(), found.reason).limit(MOST_EXAMPLES)
    examples = shown.to_pyarrow().to_pylist()
    places = {row["example"]: place_of(row["example"]) for row in examples}
    raw = raw_lines(backend, [place for place in places.values() if place])
    return [
        {
            "reason": row["reason"],
            "lines": row["lines"],
            "for example": row["example"],
            "line": raw.get(place, "") if (place := places[row["example"]]) else "",
        }
        for row in examples
    ]
