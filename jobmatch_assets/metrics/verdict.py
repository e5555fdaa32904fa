"""What a row of `ab_results` says, in words.

The words follow from the interval that holds however often one looks, or from a single look that was planned
beforehand. They say in which direction a metric moves, and not whether that is welcome: what a team decides
is more than one metric.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jobmatch_assets.metrics.ab_schema import ALPHA

NEEDED = (
    *("status", "units_control", "units_treatment", "multiple_variant_units", "srm_p_value"),
    *("effect", "relative_effect", "seq_ci_low", "seq_ci_high", "ci_low", "ci_high", "adjusted_p_value"),
)
"""Columns of `ab_results` that a verdict is made of."""

Word = Literal["up", "down", "no difference found", "held back"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a variant by one metric.

    Attributes:
        word: The metric is up or down in the variant; no difference was found; or nothing can be said.
        text: The same with its numbers or its reason, in one line.
    """

    word: Word
    text: str


def verdict(row: Mapping[str, Any]) -> Verdict:
    """What a row of `ab_results` says.

    The interval is that of the effect, in the metric's unit: divided by the control's value it would ignore
    that this value has an error, too. The percentage is the effect's, without an interval.

    Args:
        row: {column: value}, of the columns `NEEDED`.
    """
    reason = _reason(row)
    if reason:
        return Verdict("held back", f"held back because {reason}")
    return _of_interval(row, row["seq_ci_low"], row["seq_ci_high"], "always-valid interval")


def verdict_of_one_look(row: Mapping[str, Any]) -> Verdict:
    """What a row of `ab_results` says to who looks at it once, on a date that was chosen beforehand.

    A metric is up or down where the interval of one look leaves 0 out and the p-value, adjusted for the other
    metrics, is below the level of that interval: of five metrics, one may leave 0 out by chance.

    Args:
        row: {column: value}, of the columns `NEEDED`.
    """
    reason = _reason(row)
    if reason:
        return Verdict("held back", f"held back because {reason}")
    low, high, adjusted = row["ci_low"], row["ci_high"], row["adjusted_p_value"]
    said = _of_interval(row, low, high, f"interval of one look; adjusted p = {adjusted:.2g}")
    if said.word == "no difference found" or adjusted < ALPHA:
        return said
    return _of_interval(
        row, low, high, f"interval of one look, but adjusted p = {adjusted:.2g}", is_sure=False
    )


def _of_interval(
    row: Mapping[str, Any], low: float, high: float, kind: str, *, is_sure: bool = True
) -> Verdict:
    interval = f"effect {_number(low)} … {_number(high)}, {kind}"
    if low <= 0 <= high or not is_sure:
        return Verdict("no difference found", f"no difference found ({interval})")
    word: Word = "up" if low > 0 else "down"
    relative = row["relative_effect"]
    by = "" if relative is None else f" {100 * relative:+.1f} %"
    return Verdict(word, f"{word}{by} ({interval})")


def _reason(row: Mapping[str, Any]) -> str:
    """Why nothing can be said; empty where something can."""
    match row["status"]:
        case "ok" if row["effect"] is None:
            return "the metric has no value in one of the two"
        case "ok":
            return "its units do not differ, so there is no interval" if row["seq_ci_low"] is None else ""
        case "no_control":
            reason = "no unit has shown the control"
        case "invalid_multiple_variants":
            reason = f"{row['multiple_variant_units']:,} units have shown more than one variant"
        case "invalid_srm":
            reason = "the units per variant do not fit the registered shares"
            reason += "" if row["srm_p_value"] is None else f", p = {row['srm_p_value']:.1g}"
        case "insufficient":
            reason = (
                f"there are too few units, {row['units_control']:,} in the control and "
                f"{row['units_treatment']:,} in the variant"
            )
        case _:
            reason = "of its status"
    return f"{reason} ({row['status']})"


def _number(value: float) -> str:
    return f"{value:+.3g}" if value else "0"
