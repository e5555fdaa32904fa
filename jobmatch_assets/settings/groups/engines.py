"""Settings of the engines: BigQuery's account and limits, and how long to wait for Google and for DuckDB."""

from dataclasses import dataclass
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class EngineSettings:
    """What BigQuery and DuckDB need."""

    bigquery_project: Annotated[
        str,
        Setting(
            "JOBMATCH_BIGQUERY_PROJECT",
            "Google Cloud project of the datasets; needed on bigquery.",
            "",
            readers.project,
        ),
    ]
    bigquery_location: Annotated[
        str,
        Setting(
            "JOBMATCH_BIGQUERY_LOCATION",
            "Location of the datasets, on bigquery.",
            "EU",
            readers.region,
        ),
    ]
    bigquery_max_bytes_billed: Annotated[
        int,
        Setting(
            "JOBMATCH_BIGQUERY_MAX_BYTES_BILLED",
            "Most bytes that one statement may be billed for, on bigquery; one that would need more fails "
            "and costs nothing. 0: no limit.",
            str(2**40),
            readers.bytes_,
        ),
    ]
    google_retry_timeout: Annotated[
        float,
        Setting(
            "JOBMATCH_GOOGLE_RETRY_TIMEOUT",
            "Seconds for which requests to BigQuery and Cloud Storage are repeated that fail for a passing "
            "reason.",
            "600",
            readers.seconds,
        ),
    ]
    lock_timeout: Annotated[
        float,
        Setting(
            "JOBMATCH_LOCK_TIMEOUT",
            "Seconds to wait for a program of yours (a SQL shell) to let go of the DuckDB file.",
            "60",
            readers.seconds,
        ),
    ]
    memory_limit: Annotated[
        int,
        Setting(
            "JOBMATCH_MEMORY_LIMIT",
            "Most memory that DuckDB takes for a build, such as 4 GiB; what has no room goes to temporary "
            "files beside the warehouse. Empty: half of what the machine, or the container, has.",
            "",
            readers.memory,
        ),
    ]
