"""What the jobs of a client are done for, as labels, and what they cost."""

import datetime as dt
import re
from collections.abc import Collection

from jobmatch_assets.warehouse.port import PLANNING, job_cost

_LONGEST_LABEL = 63
_NONE = "none"


class Account:
    """Labels of the next jobs, and the sum of what the last ones cost.

    The labels are application (jobmatch), run (Dagster's run id), asset (the table; the layer for what
    concerns all of its tables; `planning` for what finds out which are to be built) and partition (the date,
    or first_last of several). What a job has none of is `none`. The jobs of dbt have the same, by the macro
    `job_labels`.
    """

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._asset, self._partition = PLANNING, _NONE
        self._jobs = self._bytes_billed = self._slot_ms = 0

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Charge the jobs from now on to partitions of a table, or of a layer."""
        self._asset = asset
        first, last = min(dates, default=_NONE), max(dates, default=_NONE)
        self._partition = str(first) if first == last else f"{first}_{last}"
        self._jobs = self._bytes_billed = self._slot_ms = 0

    def add(self, bytes_billed: int | None, slot_ms: int | None) -> None:
        """Count one more job."""
        self._jobs += 1
        self._bytes_billed += bytes_billed or 0
        self._slot_ms += slot_ms or 0

    def charged(self) -> dict[str, float]:
        """What the jobs since the last `charge` cost, as `job_cost` names it."""
        return job_cost(self._jobs, self._bytes_billed, self._slot_ms)

    def labels(self) -> dict[str, str]:
        """The labels of a job that is sent now."""
        labels = {"run": self._run_id or _NONE, "asset": self._asset, "partition": self._partition}
        return {"application": "jobmatch"} | {name: _label(value) for name, value in labels.items()}


def _label(value: str) -> str:
    """The value with the characters and the length that a label may have."""
    return re.sub(r"[^a-z0-9_-]", "_", value.lower())[:_LONGEST_LABEL]
