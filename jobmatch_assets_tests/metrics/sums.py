"""Builds the sums that the warehouse would compute, one unit at a time and in plain Python."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

Totals = tuple[int, int, int]  # a unit's impressions, clicks and applies

DAY = dt.date(2026, 3, 1)
PLACE = {"impression": 0, "click": 1, "apply": 2}


class Stamp(NamedTuple):
    """One event, as one of the experiments of its unit sees it."""

    event_date: dt.date
    experiment_id: str
    variant: str
    unit_id: str
    event_name: str


def arm_sums(totals: Iterable[Totals]) -> dict[str, int]:
    units = list(totals)
    return {
        "units": len(units),
        "sum_i": sum(i for i, _, _ in units),
        "sum_c": sum(c for _, c, _ in units),
        "sum_a": sum(a for _, _, a in units),
        "sum_u": sum(a > 0 for _, _, a in units),
        "sum_ii": sum(i * i for i, _, _ in units),
        "sum_cc": sum(c * c for _, c, _ in units),
        "sum_aa": sum(a * a for _, _, a in units),
        "sum_ic": sum(i * c for i, c, _ in units),
        "sum_ca": sum(c * a for _, c, a in units),
    }


def sums_of_arms(
    arms: Mapping[str, Iterable[Totals]],
    *,
    experiment_id: str = "exp",
    as_of_date: dt.date = DAY,
    multiple_variant_units: int = 0,
) -> pd.DataFrame:
    """The sums of one experiment on one date, from the totals of its units per variant."""
    rows = [
        {"as_of_date": as_of_date, "experiment_id": experiment_id, "variant": variant} | arm_sums(totals)
        for variant, totals in arms.items()
    ]
    units = sum(row["units"] for row in rows)
    frame = pd.DataFrame(rows)
    frame["multiple_variant_units"] = multiple_variant_units
    frame["experiment_units"] = units + multiple_variant_units
    return frame


def sums_of_stamps(stamps: Iterable[Stamp]) -> pd.DataFrame:
    """The sums of all experiments, as of every date from its first event to its last."""
    of_experiment = defaultdict(list)
    for stamp in stamps:
        of_experiment[stamp.experiment_id].append(stamp)
    frames = []
    for experiment_id, own in of_experiment.items():
        first, last = min(s.event_date for s in own), max(s.event_date for s in own)
        for days in range((last - first).days + 1):
            as_of_date = first + dt.timedelta(days=days)
            seen = [s for s in own if s.event_date <= as_of_date]
            frames.append(_sums_as_of(as_of_date, experiment_id, seen))
    return pd.concat(frames, ignore_index=True)


def _sums_as_of(as_of_date: dt.date, experiment_id: str, stamps: list[Stamp]) -> pd.DataFrame:
    variants_of = defaultdict(set)
    totals_of = defaultdict(lambda: [0, 0, 0])
    for stamp in stamps:
        variants_of[stamp.unit_id].add(stamp.variant)
        if stamp.event_name in PLACE:
            totals_of[stamp.unit_id][PLACE[stamp.event_name]] += 1
    arms = {
        variant: [tuple(totals_of[unit]) for unit, shown in variants_of.items() if shown == {variant}]
        for variant in {stamp.variant for stamp in stamps}
    }
    return sums_of_arms(
        arms,
        experiment_id=experiment_id,
        as_of_date=as_of_date,
        multiple_variant_units=sum(len(shown) > 1 for shown in variants_of.values()),
    )
