"""The check on applications that count more than once.

`applies` counts apply events; an application that was sent again under a new event_id has several.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.day_filter import on_days, widened
from jobmatch_assets.checks.examples import markdown_table, short
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.line_tables import EVENTS
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES
from jobmatch_assets.contracts.schemas import SILVER_SCHEMA
from jobmatch_assets.dates import shown
from jobmatch_assets.settings import Settings

if TYPE_CHECKING:
    import ibis

APPLICATIONS_ARE_COUNTED_ONCE = CheckKey(EVENTS.key, "applications_are_counted_once")

MOST_REPEATED_SHARE = 0.01
"""A retry that forgets its event_id now and then moves no rate; above it, rates of applications are wrong."""

LEAST_REPEATED = 10
"""Fewer applies are no share to speak of."""


def applications_are_counted_once(settings: Settings) -> Check:
    """The check with the thresholds in force."""
    return Check(_spec(settings), check_applications_are_counted_once)


def _spec(settings: Settings) -> CheckSpec:
    return CheckSpec(
        APPLICATIONS_ARE_COUNTED_ONCE,
        description=(
            f"At most {MOST_REPEATED_SHARE:.0%} of the apply events of a date that name an application, or "
            f"fewer than {LEAST_REPEATED}, share its application_id with another one, of the date or of up "
            f"to {settings.dedup_window_days} days around it (JOBMATCH_DEDUP_WINDOW_DAYS). Each event counts "
            "in applies, so that such an application counts more than once. A warning."
        ),
    )


def check_applications_are_counted_once(look: Look) -> CheckOutcome:
    """Look for applications that several events of about the same time tell of."""
    backend, days, window = look.backend, look.days, look.settings.dedup_window_days
    counts = _applies_by_date(_applications(backend, days, window), days)
    failing = {
        date: found
        for date, found in counts.items()
        if found["repeated"] >= LEAST_REPEATED and _share(found) > MOST_REPEATED_SHARE
    }
    metadata = {
        "applies that name an application": sum(found["applies"] for found in counts.values()),
        "applies that share it": sum(found["repeated"] for found in counts.values()),
        "warns above": MOST_REPEATED_SHARE,
        "warns from (applies)": LEAST_REPEATED,
        "partitions": shown(days),
    }
    if not failing:
        return CheckOutcome(APPLICATIONS_ARE_COUNTED_ONCE, passed=True, blocking=False, metadata=metadata)
    worst = max(sorted(failing), key=lambda date: _share(failing[date]))
    applications = _most_repeated(backend, worst, window)
    first = applications[0]
    return CheckOutcome(
        APPLICATIONS_ARE_COUNTED_ONCE,
        passed=False,
        blocking=False,
        dates=frozenset(failing),
        description=(
            f"Check applications_are_counted_once of silver/events: on {shown(failing)} more than "
            f"{MOST_REPEATED_SHARE:.0%} of the applies have the application_id of another one, most on "
            f"{worst} ({failing[worst]['repeated']:,} of {failing[worst]['applies']:,}, "
            f"{_share(failing[worst]):.2%}), for example {short(first['application_id'])} in "
            f"{short(first['an event'])} and {short(first['another'])}. Each of them counts in applies "
            "and in the rates made of it. Where a retry or a replay sends an application "
            "again, let the producer send it with the event_id that it had: then it counts once"
        ),
        metadata={
            **metadata,
            "dates above the threshold": Markdown(
                markdown_table(
                    [
                        {
                            "date": date,
                            "applies that share an application": found["repeated"],
                            "applies": found["applies"],
                            "share": f"{_share(found):.2%}",
                        }
                        for date, found in sorted(
                            failing.items(), key=lambda dated: (-_share(dated[1]), dated[0])
                        )
                    ]
                )
            ),
            "examples": Markdown(markdown_table(applications)),
        },
    )


def _share(found: Mapping[str, int]) -> float:
    return found["repeated"] / found["applies"]


def _applies(backend: "ibis.BaseBackend", days: Collection[dt.date]) -> Any:
    """The apply events of some dates that name an application."""
    events = backend.table(EVENTS.table, database=SILVER_SCHEMA)
    return events.filter(
        on_days(events.event_date, days), events.event_name == "apply", events.application_id.notnull()
    )


def _applications(backend: "ibis.BaseBackend", days: Collection[dt.date], window: int) -> Any:
    """Applications by date: the `applies` of the date, and those `nearby`, up to so many days away."""
    applies = _applies(backend, widened(days, window))
    counted = applies.group_by("application_id", "event_date").aggregate(applies=applies.count())
    others = counted.select("application_id", other_date=counted.event_date, others=counted.applies)
    pairs = counted.join(others, "application_id")
    pairs = pairs.filter(pairs.other_date.delta(pairs.event_date, unit="day").between(-window, window))
    return pairs.group_by("application_id", "event_date", "applies").aggregate(nearby=pairs.others.sum())


def _applies_by_date(applications: Any, days: Collection[dt.date]) -> dict[dt.date, dict[str, int]]:
    """{date: its applies, and the repeated ones among them}."""
    applications = applications.filter(on_days(applications.event_date, days))
    found = applications.group_by("event_date").aggregate(
        applies=applications.applies.sum(),
        repeated=applications.applies.sum(where=applications.nearby > 1).fill_null(0),
    )
    return {
        row["event_date"]: {"applies": int(row["applies"]), "repeated": int(row["repeated"])}
        for row in found.to_pyarrow().to_pylist()
    }


def _most_repeated(backend: "ibis.BaseBackend", date: dt.date, window: int) -> list[dict[str, object]]:
    """The applications of a date with the most events nearby, each with two of these."""
    applications = _applications(backend, [date], window)
    applications = applications.filter(applications.event_date == date, applications.nearby > 1)
    most = applications.order_by(applications.nearby.desc(), applications.application_id).limit(MOST_EXAMPLES)
    rows = most.select("application_id", "nearby").to_pyarrow().to_pylist()
    applies = _applies(backend, widened([date], window))
    applies = applies.filter(applies.application_id.isin([row["application_id"] for row in rows]))
    event = applies.event_id.concat(
        " (", applies["_source_file"], ":", applies["_source_line"].cast("string"), ")"
    )
    events = applies.group_by("application_id").aggregate(first=event.min(), last=event.max())
    of_application = {row["application_id"]: row for row in events.to_pyarrow().to_pylist()}
    return [
        {
            "application_id": row["application_id"],
            "applies": int(row["nearby"]),
            "an event": of_application[row["application_id"]]["first"],
            "another": of_application[row["application_id"]]["last"],
        }
        for row in rows
    ]
