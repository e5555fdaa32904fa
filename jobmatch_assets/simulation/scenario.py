"""What is to be simulated: every parameter, with its unit and its limits.

Nothing here draws or writes. The `help` of each field is also the help text of its
command-line option, so a parameter is described once.
"""

import datetime as dt
import math
import re
from dataclasses import dataclass, field, fields
from typing import Any

LONGEST_LIST = 30
"""Results on the pages that a user can see, hence the smallest catalogue."""

MOST_SESSIONS_PER_DAY = 4
"""Visits that one user can make on one day."""

TRAIT_PEAK = 2.0
"""Traits of users and jobs have mean 1 and lie between 0 and this."""

PARTITIONS_START = dt.date(2019, 1, 1)
"""The first day of which the event contract takes events."""

LAYOUTS = ("dt", "flat")

DEMO_CLICK_LIFT = 0.15
DEMO_APPLY_LIFT = 0.25

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_VARIANTS = 8


class ScenarioError(ValueError):
    """A parameter, or a combination of parameters, that cannot be simulated."""


@dataclass(frozen=True)
class Variant:
    """One arm of an experiment.

    Attributes:
        name: As it is stamped on events.
        weight: The assignment probability that the registry promises.
        share: The assignment probability that the product really uses.
        click_lift: Relative change of the click probability of an examined impression.
        apply_lift: Relative change of the probability to apply, given a click or a visit to a job.
    """

    name: str
    weight: float
    share: float
    click_lift: float = 0.0
    apply_lift: float = 0.0


@dataclass(frozen=True)
class Experiment:
    """An experiment that every user takes part in.

    Attributes:
        experiment_id: As it is stamped on events.
        variants: The control first, then the treatments.
        multiple_variant_rate: Share of users that are shown a second variant, too.
        owner: Who answers for it, for the registry.
        description: What it tests, for the registry.
    """

    experiment_id: str
    variants: tuple[Variant, ...]
    multiple_variant_rate: float = 0.0
    owner: str = ""
    description: str = ""

    @property
    def control(self) -> Variant:
        """The arm that the others are compared with."""
        return self.variants[0]


def demo_experiments(
    click_lift: float = DEMO_CLICK_LIFT, apply_lift: float = DEMO_APPLY_LIFT
) -> tuple[Experiment, Experiment, Experiment]:
    """Three 50/50 experiments: one moves clicks, one moves applies, one moves nothing.

    Args:
        click_lift: Planted in the treatment of `ranker_v2`.
        apply_lift: Planted in the treatment of `apply_button`.
    """

    def halves(**lifts: float) -> tuple[Variant, ...]:
        return Variant("control", 0.5, 0.5), Variant("treatment", 0.5, 0.5, **lifts)

    return (
        Experiment(
            "ranker_v2",
            halves(click_lift=click_lift),
            owner="search",
            description="Better results at the same positions",
        ),
        Experiment(
            "apply_button",
            halves(apply_lift=apply_lift),
            owner="growth",
            description="A larger apply button",
        ),
        Experiment("aa_check", halves(), owner="analytics", description="Two arms without a difference"),
    )


def _knob(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class Scenario:
    """All parameters of one generation; the same values give the same bytes."""

    start: dt.date = field(metadata={"help": "First day (UTC)."})
    days: int = _knob(7, "Number of days.")
    users: int = _knob(2000, "Number of users, anonymous ones included.")
    seed: int = _knob(0, "Seed of every random draw.")
    jobs: int = _knob(3000, "Number of jobs in the catalogue.")

    sessions_per_user: float = _knob(0.5, "Mean number of sessions per user and day, up to 2.")
    anonymous_rate: float = _knob(0.25, "Share of users that never log in.")
    zero_result_rate: float = _knob(0.06, "Share of searches without a result.")
    exploration_rate: float = _knob(0.05, "Share of result lists in random order.")
    click_rate: float = _knob(0.1, "Mean click probability of an examined job.")
    position_decay: float = _knob(0.7, "Rank r is examined with probability r**-decay.")
    apply_rate: float = _knob(0.2, "Mean probability to apply after a click or a visit to a job.")
    v1_rate: float = _knob(0.0, "Share of known users' sessions sent as schema version 1.")

    late_rate: float = _knob(0.01, "Share of events that land in a file of a later day.")
    late_days: int = _knob(3, "Largest lateness in days.")
    repeat_rate: float = _knob(0.005, "Share of events sent again, byte for byte.")
    corrected_rate: float = _knob(0.003, "Share of events sent again with a later ingested_at.")
    broken_rate: float = _knob(0.002, "Broken lines per event, every quarantine reason in turn.")

    files_per_day: int = _knob(1, "Number of files that a day's own lines are spread over.")
    gzip: bool = _knob(False, "Compress the files.")
    layout: str = _knob("dt", "dt=YYYY-MM-DD/<name> or flat DDMMYYYY_<name>.")
    experiments: tuple[Experiment, ...] = field(default_factory=demo_experiments)

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated.

        Raises:
            ScenarioError: With the name of the parameter and its limits.
        """
        self._check_numbers()
        self._check_dates()
        if self.layout not in LAYOUTS:
            raise ScenarioError(f"layout must be one of {', '.join(LAYOUTS)}, got {self.layout!r}")
        ids = [experiment.experiment_id for experiment in self.experiments]
        if len(set(ids)) < len(ids):
            raise ScenarioError(f"experiments must have different ids, got {', '.join(ids)}")
        for experiment in self.experiments:
            _check_experiment(experiment)
        self._check_probabilities()

    @property
    def last_day(self) -> dt.date:
        """The last day that files are written for."""
        return self.start + dt.timedelta(days=self.days - 1)

    def _check_numbers(self) -> None:
        for parameter in fields(self):
            if parameter.name.endswith("_rate"):
                _check_share(parameter.name, getattr(self, parameter.name))
        limits = {
            "days": (1, 100_000),
            "users": (1, 100_000_000),
            "seed": (0, 2**63 - 1),
            "jobs": (LONGEST_LIST, 10_000_000),
            "late_days": (1, 30),
            "files_per_day": (1, 100),
            "sessions_per_user": (0.0, MOST_SESSIONS_PER_DAY / TRAIT_PEAK),
            "position_decay": (0.0, 10.0),
        }
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ScenarioError(f"{name} must be between {low} and {high}, got {value}")

    def _check_dates(self) -> None:
        # Room for the last session's application statuses and the latest late line.
        room = dt.timedelta(days=self.days + 40)
        if not PARTITIONS_START <= self.start <= dt.date.max - room:
            raise ScenarioError(
                f"start must be on or after {PARTITIONS_START} and all days before the year "
                f"10000, got {self.start}"
            )

    def _check_probabilities(self) -> None:
        # A probability cut off at 1 would make the measured lift smaller than the planted one.
        lifts = {"click_rate": "click_lift", "apply_rate": "apply_lift"}
        traits = {"click_rate": TRAIT_PEAK**2, "apply_rate": TRAIT_PEAK}
        for rate, lift in lifts.items():
            strongest = math.prod(
                max(1 + getattr(variant, lift) for variant in experiment.variants)
                for experiment in self.experiments
            )
            peak = getattr(self, rate) * traits[rate] * strongest
            if peak > 1:
                raise ScenarioError(
                    f"{rate} {getattr(self, rate)} with the planted lifts gives probabilities up "
                    f"to {peak:.3g}; lower it or the {lift} so that none exceeds 1"
                )


def _check_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ScenarioError(f"{name} must be between 0 and 1, got {value}")


def _check_experiment(experiment: Experiment) -> None:
    variants = experiment.variants
    names = [variant.name for variant in variants]
    for name in (experiment.experiment_id, *names):
        if not _NAME.fullmatch(name):
            raise ScenarioError(
                f"experiment and variant names are 1 to 64 of A-Z a-z 0-9 _ . -, got {name!r}"
            )
    where = f"experiment {experiment.experiment_id}"
    if not 2 <= len(set(names)) == len(names) <= _MOST_VARIANTS:
        raise ScenarioError(f"{where} needs 2 to {_MOST_VARIANTS} variants of different names")
    for what in ("weight", "share"):
        values = [getattr(variant, what) for variant in variants]
        if not all(0 <= v <= 1 for v in values) or abs(sum(values) - 1) > 1e-9:
            raise ScenarioError(f"{where}: the {what}s must be shares that add up to 1")
    for variant in variants:
        for lift in (variant.click_lift, variant.apply_lift):
            if not -1 <= lift < math.inf:
                raise ScenarioError(f"{where}: a lift must be a finite number from -1, got {lift}")
    if experiment.control.click_lift or experiment.control.apply_lift:
        raise ScenarioError(f"{where}: lifts are relative to the control, which has none")
    _check_share(f"{where}: multiple_variant_rate", experiment.multiple_variant_rate)
