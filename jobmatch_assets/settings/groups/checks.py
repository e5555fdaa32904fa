"""Settings of checks: from where on they warn, and from where on a date is not built any further."""

from dataclasses import dataclass
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class CheckSettings:
    """What is still well."""

    quarantine_warn_share: Annotated[
        float,
        Setting(
            "JOBMATCH_QUARANTINE_WARN_SHARE",
            "A date of whose lines more than this share is quarantined gives a warning.",
            "0.01",
            readers.share,
        ),
    ]
    quarantine_block_share: Annotated[
        float,
        Setting(
            "JOBMATCH_QUARANTINE_BLOCK_SHARE",
            "A date of whose lines more than this share is quarantined is not built any further.",
            "0.5",
            readers.share,
        ),
    ]
    quarantine_min_lines: Annotated[
        int,
        Setting(
            "JOBMATCH_QUARANTINE_MIN_LINES",
            "A date with fewer lines warns of its quarantined ones, but goes on.",
            "1000",
            readers.lines,
        ),
    ]
    duplicates_warn_share: Annotated[
        float,
        Setting(
            "JOBMATCH_DUPLICATES_WARN_SHARE",
            "A date of whose valid lines more than this share are duplicates, ten at least, gives a warning.",
            "0.2",
            readers.share,
        ),
    ]
    duplicates_block_share: Annotated[
        float,
        Setting(
            "JOBMATCH_DUPLICATES_BLOCK_SHARE",
            "A date of whose events more than this share is lost, since different events have one event_id, "
            "is not built any further. 1: never.",
            "0.5",
            readers.share,
        ),
    ]
    duplicates_min_lines: Annotated[
        int,
        Setting(
            "JOBMATCH_DUPLICATES_MIN_LINES",
            "A date with fewer valid lines warns of its duplicates, but goes on.",
            "1000",
            readers.lines,
        ),
    ]
    row_volume_tolerance: Annotated[
        float,
        Setting(
            "JOBMATCH_ROW_VOLUME_TOLERANCE",
            "A date whose events are further from the median of earlier same weekdays than this share of the "
            "median gives a warning.",
            "0.5",
            readers.share,
        ),
    ]
    row_volume_weeks: Annotated[
        int,
        Setting(
            "JOBMATCH_ROW_VOLUME_WEEKS",
            "How many weeks back this median looks; it needs three of them with events.",
            "8",
            readers.weeks,
        ),
    ]
    freshness_warn_hours: Annotated[
        float,
        Setting(
            "JOBMATCH_FRESHNESS_WARN_HOURS",
            "A table that was not built for so long shows a warning.",
            "24",
            readers.hours,
        ),
    ]
    freshness_fail_hours: Annotated[
        float,
        Setting(
            "JOBMATCH_FRESHNESS_FAIL_HOURS",
            "A table that was not built for so long shows as failed.",
            "48",
            readers.hours,
        ),
    ]
    events_recent_hours: Annotated[
        float,
        Setting(
            "JOBMATCH_EVENTS_RECENT_HOURS",
            "How old the newest event may be, however recently tables were built, before there is a warning.",
            "24",
            readers.hours,
        ),
    ]
