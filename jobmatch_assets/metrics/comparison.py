"""Comparing two arms: the effect, its standard error, and what can be said of it.

Two intervals are given. The fixed one is for a single look at a date chosen beforehand; the
sequential one is wider and holds for all dates together, so that it may be watched daily.
"""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from jobmatch_assets.metrics.ab_schema import ALPHA

SEQUENTIAL_TUNING_UNITS = 5000  # the sequential interval is tightest around this many units

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is known of any number of arms; NaN stands for no value.

    Attributes:
        value: The metric.
        variance: Sample variance of its unit-level values; for a ratio, of the linearised ones.
        units: Number of units, 2 or more.
    """

    value: Floats
    variance: Floats
    units: Floats


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment against control, of any number of pairs of arms; NaN stands for no value.

    Attributes:
        effect: Difference of the values, treatment - control.
        relative_effect: Effect over the control's value; NaN where that is 0.
        relative_ci_low: Lower end of the fixed interval of the relative effect, to which the control's own
            error counts; NaN where a value is 0.
        relative_ci_high: Upper end of the same.
        std_error: Standard error of the effect.
        ci_low: Lower end of the fixed interval.
        ci_high: Upper end of the fixed interval.
        p_value: Two-sided p-value of Welch's test.
        seq_ci_low: Lower end of the sequential interval.
        seq_ci_high: Upper end of the sequential interval.
    """

    effect: Floats
    relative_effect: Floats
    relative_ci_low: Floats
    relative_ci_high: Floats
    std_error: Floats
    ci_low: Floats
    ci_high: Floats
    p_value: Floats
    seq_ci_low: Floats
    seq_ci_high: Floats


def compare(control: Sample, treatment: Sample) -> Comparison:
    """Compare arms by Welch's t test and by an asymptotic confidence sequence.

    The numbers are those of tea-tasting's `Mean` and `RatioOfMeans` with their defaults. Those
    take one pair at a time, over a millisecond each, and variances in floats; SciPy's t
    distribution takes all pairs at once.

    Args:
        control: The control's samples.
        treatment: The treatment's, in the same shape.

    Returns:
        One comparison per element. Where the standard error is 0 or has no value, there are no
        intervals and no p-value.
    """
    effect = treatment.value - control.value
    control_error = control.variance / control.units
    treatment_error = treatment.variance / treatment.units
    std_error = np.sqrt(control_error + treatment_error)

    scale = _nan_for_zero(std_error)
    freedom = _degrees_of_freedom(control_error, treatment_error, control.units, treatment.units)
    fixed = scale * -scipy.special.stdtrit(freedom, ALPHA / 2)
    relative_low, relative_high = relative_interval(control, treatment)
    sequential = sequential_half_width(scale, control.units + treatment.units)
    return Comparison(
        effect=effect,
        relative_effect=effect / _nan_for_zero(control.value),
        relative_ci_low=np.where(np.isnan(scale), np.nan, relative_low),
        relative_ci_high=np.where(np.isnan(scale), np.nan, relative_high),
        std_error=std_error,
        ci_low=effect - fixed,
        ci_high=effect + fixed,
        p_value=2 * np.asarray(scipy.special.stdtr(freedom, -np.abs(effect) / scale)),
        seq_ci_low=effect - sequential,
        seq_ci_high=effect + sequential,
    )


def relative_interval(control: Sample, treatment: Sample) -> tuple[Floats, Floats]:
    """Return the ends of the fixed interval of the relative effect, treatment / control - 1.

    It is made on the logarithm of the ratio of the values: by the delta method (Deng, Knoblich & Lu 2018) the
    squared standard error of an arm's logarithm is that of its value over the value squared; Welch's t does
    the rest. So the ends lie above -1, and not evenly around the effect.

    Returns:
        The lower and the upper ends; NaN where a value is 0, which has no logarithm, or where both variances
        are 0.
    """
    control_value, treatment_value = _nan_for_zero(control.value), _nan_for_zero(treatment.value)
    control_error = control.variance / control_value**2 / control.units
    treatment_error = treatment.variance / treatment_value**2 / treatment.units
    scale = _nan_for_zero(np.sqrt(control_error + treatment_error))
    freedom = _degrees_of_freedom(control_error, treatment_error, control.units, treatment.units)
    factor = np.exp(scale * -scipy.special.stdtrit(freedom, ALPHA / 2))
    ratio = treatment_value / control_value
    return ratio / factor - 1, ratio * factor - 1


def _degrees_of_freedom(
    control_error: Floats, treatment_error: Floats, control_units: Floats, treatment_units: Floats
) -> Floats:
    """Welch-Satterthwaite; NaN where both squared errors are 0."""
    # From the arms' shares of the sum: squares of the errors themselves could underflow.
    total = _nan_for_zero(control_error + treatment_error)
    control_share, treatment_share = control_error / total, treatment_error / total
    return np.asarray(
        1 / (control_share**2 / (control_units - 1) + treatment_share**2 / (treatment_units - 1))
    )


def sequential_half_width(std_error: Floats, units: Floats) -> Floats:
    """Return half the width of the sequential interval.

    An asymptotic confidence sequence with a normal mixture boundary: Waudby-Smith, Arbour, Sinha,
    Kennedy & Ramdas (2021), "Time-uniform central limit theory and asymptotic confidence
    sequences", eq. 9, with its tuning for a sample size N* as GrowthBook uses it:

        std_error·√N · √(2(N·rho² + 1) / (N²·rho²) · ln(√(N·rho² + 1) / alpha)),
        rho = √((-2 ln alpha + ln(-2 ln alpha + 1)) / N*).

    Args:
        std_error: Standard error of the effect.
        units: N, the units of both arms together.
    """
    log_alpha = np.log(ALPHA)
    rho_squared = (-2 * log_alpha + np.log(1 - 2 * log_alpha)) / SEQUENTIAL_TUNING_UNITS
    growth = units * rho_squared + 1
    boundary = 2 * growth / (units**2 * rho_squared) * np.log(np.sqrt(growth) / ALPHA)
    return np.asarray(std_error * np.sqrt(units * boundary))


def _nan_for_zero(values: Floats) -> Floats:
    return np.where(values == 0, np.nan, values)
