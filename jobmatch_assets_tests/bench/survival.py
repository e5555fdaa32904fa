"""Survival of one group, by libraries and by fractions: what curves and medians that SQL makes are compared with."""

import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, isclose, log
from random import Random
from statistics import NormalDist

import numpy as np
from lifelines import KaplanMeierFitter

Observed = tuple[int, str | None]
"""How long one was observed, and what ended it; None: still waiting when the observation ended."""

Shares = Mapping[int, Mapping[str, float]]
"""{time at which some ended: {cause: share that it has ended by then}}."""

TOLERANCE = 1e-9
"""Thresholds of medians are compared with this, and so are curves."""


@dataclass(frozen=True)
class Step:
    """What the product-limit estimators say of a time at which some ended."""

    at_risk: int
    ended: Mapping[str, int]
    survival: Fraction | float
    shares: Mapping[str, Fraction | float]


def exact_curve(observed: Sequence[Observed], causes: Sequence[str]) -> dict[int, Step]:
    """Kaplan and Meier, and Aalen and Johansen, as their definitions say: {time: step}."""
    left, shares, steps = Fraction(1), dict.fromkeys(causes, Fraction(0)), dict[int, Step]()
    for time in sorted({time for time, cause in observed if cause is not None}):
        at_risk = sum(until >= time for until, _ in observed)
        ended = Counter(cause for until, cause in observed if until == time and cause is not None)
        shares = {cause: shares[cause] + left * Fraction(ended[cause], at_risk) for cause in causes}
        left *= 1 - Fraction(ended.total(), at_risk)
        steps[time] = Step(at_risk, {cause: ended[cause] for cause in causes}, left, shares)
    return steps


def exact_shares(observed: Sequence[Observed], causes: Sequence[str]) -> Shares:
    return {
        time: {cause: float(share) for cause, share in step.shares.items()}
        for time, step in exact_curve(observed, causes).items()
    }


def shares_of_scikit_survival(observed: Sequence[Observed], causes: Sequence[str]) -> Shares:
    """The same of its cumulative_incidence_competing_risks; where there is one cause only, of its Kaplan-Meier."""
    from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator

    ends = {time for time, cause in observed if cause is not None}
    # It takes groups in which every cause ended somebody.
    there = [cause for cause in causes if any(end == cause for _, end in observed)]
    if not there:
        return {}
    numbers = np.array([0 if cause is None else 1 + there.index(cause) for _, cause in observed])
    waited = np.array([float(time) for time, _ in observed])
    if len(there) == 1:
        times, survival = kaplan_meier_estimator(numbers > 0, waited)
        rows = [1 - survival]
    else:
        times, (_, *rows) = cumulative_incidence_competing_risks(numbers, waited)
    return {
        int(time): dict.fromkeys(causes, 0.0) | dict(zip(there, map(float, column), strict=True))
        for time, *column in zip(times, *rows, strict=True)
        if int(time) in ends
    }


IS_SCIKIT_SURVIVAL_THERE = sys.version_info < (3, 13) and platform.machine() == "x86_64"
"""As pyproject.toml says: elsewhere it would need a compiler."""

ORACLES_OF_SHARES: dict[str, Callable[[Sequence[Observed], Sequence[str]], Shares]] = {
    "fractions": exact_shares
}
"""All that are there."""
if IS_SCIKIT_SURVIVAL_THERE:
    ORACLES_OF_SHARES["scikit-survival"] = shares_of_scikit_survival


@dataclass(frozen=True)
class Survival:
    """What lifelines says of a group, by each time at which some ended.

    Attributes:
        at_risk: How many were still observed.
        survival: Share of those that had not ended by then.
        median: The smallest time at which at most half were left; None: more than half never ended.
    """

    at_risk: Mapping[int, int]
    survival: Mapping[int, float]
    median: int | None


def survival_of_lifelines(observed: Sequence[Observed]) -> Survival:
    """Of its KaplanMeierFitter, whatever the cause."""
    fitted = KaplanMeierFitter().fit(
        [time for time, _ in observed], [cause is not None for _, cause in observed]
    )
    ends = fitted.event_table[fitted.event_table["observed"] > 0]["at_risk"]
    curve = fitted.survival_function_["KM_estimate"]
    survival = {int(time): float(curve.loc[time]) for time in ends.index}
    # Half is half, whichever way lifelines rounds; where no step comes near it, its own median must be the same.
    median = next((time for time, left in survival.items() if left <= 0.5 + TOLERANCE), None)
    if not any(isclose(left, 0.5, abs_tol=TOLERANCE) for left in survival.values()):
        own = float(fitted.median_survival_time_)
        assert own == (float("inf") if median is None else median)
    return Survival({int(time): int(n) for time, n in ends.items()}, survival, median)


def median_of(observed: Sequence[Observed]) -> int | None:
    """The median of a group, which may be empty."""
    return survival_of_lifelines(observed).median if observed else None


_KINDS: dict[str, tuple[tuple[int, int], tuple[int, ...], tuple[float, float, float]]] = {
    # {name: (least and most people, times that they are drawn from, weights of censored and the two causes)}
    "ties": ((2, 60), tuple(range(1, 8)), (1, 1, 1)),
    "few ties": ((2, 60), tuple(range(1, 2000)), (1, 2, 1)),
    "all censored": ((1, 20), tuple(range(1, 30)), (1, 0, 0)),
    "none censored": ((1, 40), tuple(range(1, 25)), (0, 2, 1)),
    "one cause": ((1, 40), tuple(range(1, 25)), (1, 1, 0)),
    "the other cause": ((1, 40), tuple(range(1, 25)), (1, 0, 1)),
    "one person": ((1, 1), tuple(range(50)), (1, 1, 1)),
    "at once": ((2, 30), (0,), (1, 1, 1)),
    "zero and later": ((2, 40), (0, 0, 1, 5), (1, 1, 1)),
    "most censored": ((20, 200), tuple(range(1, 100)), (20, 1, 1)),
    "many": ((300, 600), tuple(range(120)), (1, 1, 1)),
}

KINDS = tuple(_KINDS)
"""What random groups are like."""


def random_groups(rng: Random, each: int, causes: tuple[str, str]) -> Iterator[tuple[str, list[Observed]]]:
    """So many groups of each kind, each with a name that begins with its kind."""
    for kind, ((least, most), times, weights) in _KINDS.items():
        for number in range(each):
            size = rng.randint(least, most)
            ends = rng.choices((None, *causes), weights, k=size)
            yield f"{kind} {number}", [(rng.choice(times), end) for end in ends]


def error_of_share(curve: Mapping[int, Step], cause: str, day: int) -> float:
    """The standard error of a share by a day, of the delta method (Dinse and Larson 1986)."""
    steps = [(step, float(step.shares[cause])) for time, step in curve.items() if time <= day]
    share, before, variance = (steps[-1][1] if steps else 0.0), 1.0, 0.0
    for step, by_then in steps:
        n, hits, ended = step.at_risk, step.ended[cause], sum(step.ended.values())
        rest = share - by_then
        variance += rest**2 * ended / (n * (n - ended)) if ended < n else 0.0
        variance += before**2 * (n - hits) * hits / n**3 - 2 * rest * before * hits / n**2
        before = float(step.survival)
    return variance**0.5


Bands = Mapping[int, tuple[float, float]]
"""{time at which some ended: 95 % interval of the share that a cause has ended by then}."""


def bands_by_definition(observed: Sequence[Observed], causes: Sequence[str], cause: str) -> Bands:
    """Of the delta method, on the scale of log(-log); of shares between 0 and 1, which alone have one."""
    curve, z, bands = exact_curve(observed, causes), NormalDist().inv_cdf(0.975), {}
    for time, step in curve.items():
        share = float(step.shares[cause])
        if 0 < share < 1:
            power = exp(z * error_of_share(curve, cause, time) / (share * -log(share)))
            bands[time] = (share**power, share ** (1 / power))
    return bands


def bands_of_scikit_survival(observed: Sequence[Observed], causes: Sequence[str], cause: str) -> Bands:
    """The same of it; somebody must have been observed for longer than any that ended, and every cause ended some."""
    from sksurv.nonparametric import cumulative_incidence_competing_risks

    numbers = np.array([0 if end is None else 1 + causes.index(end) for _, end in observed])
    times, shares, intervals = cumulative_incidence_competing_risks(
        numbers, np.array([float(time) for time, _ in observed]), conf_type="log-log", var_type="Dinse_Approx"
    )
    place, ends = 1 + causes.index(cause), {time for time, end in observed if end is not None}
    return {
        int(time): (float(low), float(high))
        for time, share, low, high in zip(times, shares[place], *intervals[place], strict=True)
        if int(time) in ends and 0 < share < 1
    }


ORACLES_OF_BANDS: dict[str, Callable[[Sequence[Observed], Sequence[str], str], Bands]] = {
    "definition": bands_by_definition
}
if IS_SCIKIT_SURVIVAL_THERE:
    ORACLES_OF_BANDS["scikit-survival"] = bands_of_scikit_survival
