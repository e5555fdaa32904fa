"""The check on how many rows a date has, against the same weekday in the weeks before."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import partial
from itertools import chain
from statistics import median

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.line_counts import rows_by_date
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.dates import ONE_DAY, shown
from jobmatch_assets.settings import Settings

ROW_VOLUME = "row_volume"

LEAST_WEEKS = 3
"""With fewer earlier same weekdays there is nothing to compare with."""

LEAST_EVENTS = 100
"""A smaller median says little: chance alone moves it by more than the tolerance."""


def row_volume(settings: Settings, feed: Feed) -> Check:
    """The check of a feed, with the thresholds in force."""
    return Check(_spec(settings, feed), partial(check_row_volume, feed))


def volume_key(feed: Feed) -> CheckKey:
    """The check of a feed."""
    return CheckKey(TableKey("silver", feed.kept), ROW_VOLUME)


def _spec(settings: Settings, feed: Feed) -> CheckSpec:
    return CheckSpec(
        volume_key(feed),
        description=(
            f"The {feed.kept} of a date differ by at most {settings.row_volume_tolerance:.0%} "
            "(JOBMATCH_ROW_VOLUME_TOLERANCE) from the median of the same weekday in the "
            f"{settings.row_volume_weeks} weeks before (JOBMATCH_ROW_VOLUME_WEEKS). Dates that are not over "
            f"yet, dates with fewer than {LEAST_WEEKS} such weekdays with {feed.kept}, and medians below "
            f"{LEAST_EVENTS} {feed.kept} pass. A warning."
        ),
    )


def check_row_volume(feed: Feed, look: Look) -> CheckOutcome:
    """Compare the rows of each date with those of the same weekday in the weeks before.

    Args:
        feed: Whose rows.
        look: What is looked at; the date that its time falls on is not over.
    """
    settings, days, key = look.settings, look.days, volume_key(feed)
    weeks = settings.row_volume_weeks
    before = {
        date: [date - 7 * week * ONE_DAY for week in range(1, weeks + 1) if date.toordinal() > 7 * week]
        for date in sorted(days)
        if date < look.now.astimezone(dt.UTC).date()
    }
    counts = rows_by_date(look, feed.kept, {*before, *chain(*before.values())}) if before else Counter()
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
        return CheckOutcome(key, passed=True, blocking=False, metadata=metadata)
    worst = max(failing, key=lambda volume: volume.deviation)
    return CheckOutcome(
        key,
        passed=False,
        blocking=False,
        dates=frozenset(volume.date for volume in failing),
        description=(
            f"Check {ROW_VOLUME} of {key.table}: {shown([volume.date for volume in failing])} differ by "
            f"more than {settings.row_volume_tolerance:.0%} from the median of the same weekday, most "
            f"{worst.date} ({worst.rows:,} {feed.kept}, the median of {worst.weeks} weeks is "
            f"{worst.median:,.0f})"
        ),
        metadata={
            **metadata,
            "examples": Markdown(
                markdown_table(
                    [
                        {
                            "date": volume.date,
                            feed.kept: volume.rows,
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
