"""Settings of what events mean: which dates are kept, what is the same event, how experiments are set up."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.locations import PROJECT_DIR
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class EventSettings:
    """What events mean."""

    partitions_start: Annotated[
        dt.date,
        Setting(
            "JOBMATCH_PARTITIONS_START",
            "First date that is kept; older events are quarantined.",
            "2019-01-01",
            readers.date,
        ),
    ]
    partitions_end: Annotated[
        dt.date | None,
        Setting(
            "JOBMATCH_PARTITIONS_END",
            "Last date that has a partition; empty: tomorrow (UTC).",
            "",
            readers.optional_date,
        ),
    ]
    dedup_window_days: Annotated[
        int,
        Setting(
            "JOBMATCH_DEDUP_WINDOW_DAYS",
            "How many days apart two lines of one event may be and still be the same event.",
            "7",
            readers.days,
        ),
    ]
    default_currency: Annotated[
        str,
        Setting(
            "JOBMATCH_DEFAULT_CURRENCY",
            "Currency (ISO 4217) of bids that name none, and of salaries of sources that have no other.",
            "EUR",
            readers.currency,
        ),
    ]
    other_event_names: Annotated[
        tuple[str, ...],
        Setting(
            "JOBMATCH_OTHER_EVENT_NAMES",
            "Names of events beside those of the contract, with spaces between them: such events are kept, "
            "and count as activity in platform_health_daily and in nothing else; others are quarantined.",
            "",
            readers.other_event_names,
        ),
    ]
    experiments: Annotated[
        Path,
        Setting(
            "JOBMATCH_EXPERIMENTS",
            "Experiment registry, a CSV file.",
            "jobmatch_assets/experiments.csv",
            readers.path,
            base=lambda: PROJECT_DIR,
        ),
    ]
