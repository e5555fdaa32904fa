"""What to do about the status of an experiment: said to the people who run it."""

from collections.abc import Mapping
from typing import Any

from jobmatch_assets.contracts.experiment_tables import LEAST_UNITS

_NEXT_STEPS = {
    "no_control": "Check that the product stamps the control on events, and that the experiment registry "
    "names the variant that is the control.",
    "invalid_multiple_variants": "Do not decide by these numbers. Find out why users change variants, for "
    "example an assignment by session or by device; mend it, and start again under another name.",
    "invalid_srm": "Do not decide by these numbers. Find out which variant loses or gains users, for example "
    "by a redirect, a crash or a filter; if the registered shares are not those in force, correct the "
    "registry; otherwise mend it, and start again under another name.",
    "insufficient": f"Wait: nothing is said before each arm has {LEAST_UNITS} users.",
    "ok": "Read the metrics that were chosen before the start.",
}


def next_step(row: Mapping[str, Any]) -> str:
    """What to do about the status of a row of `ab_results`.

    Args:
        row: {column: value}, with `status`.
    """
    status = row["status"]
    return _NEXT_STEPS.get(status, f"Ask the owners of the platform what the status {status} means.")
