"""Salaries, which are judged after what is unchanged is filled in."""

from collections.abc import Mapping
from typing import Any

from jobmatch_assets_tests.replay.tables import Table

_SALARIES = {"job": "", "candidate": "desired_"}


def judged_salary(
    table: Table, values: Mapping[str, Any], default_currency: str
) -> tuple[dict[str, Any], list[str]]:
    """The values with a salary that makes sense, and the columns of it that do not."""
    judged = dict(values)
    if table.name not in _SALARIES:
        return judged, []
    prefix = _SALARIES[table.name]
    ends = [f"{prefix}salary_min", f"{prefix}salary_max"]
    low, high = (values[name] for name in ends)
    refused = []
    if low is not None and high is not None and low > high:
        refused = ends
        judged |= dict.fromkeys(ends)
    elif (low is not None or high is not None) and values[f"{prefix}salary_currency"] is None:
        judged[f"{prefix}salary_currency"] = default_currency
    return judged, refused
