"""Publishers, campaigns and job groups: those that the prices of the events name."""

import re
from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.jobs import Jobs
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.companies import company_ids, owners
from jobmatch_assets.simulation.world.options import WorldOptions
from jobmatch_assets.simulation.world.tables import CAMPAIGN, JOB_GROUP, PUBLISHER
from jobmatch_assets.simulation.world.values import (
    DAY,
    choices,
    moments,
    money,
    numbers,
    same,
    spread,
)

_PRICE = re.compile(
    r'"publisher_id":(\d+),"campaign_id":(\d+),"group_id":(\d+),"bid":([\d.]+),"currency":"(\w+)"'
)
_KINDS = ("job_board", "aggregator", "social", "search", "programmatic", "other")
_ZONES = ("Europe/Berlin", "Europe/Paris", "America/New_York", "Asia/Tokyo")
_COUNTRIES = (["DE", "AT", "CH"], ["FR", "BE"], ["US", "CA"], ["JP"])


@dataclass(frozen=True)
class Advertising:
    """Who pays for which job, by its number; 0 where nobody does.

    Attributes:
        publisher: The publisher_id.
        campaign: The campaign_id.
        group: The group_id.
        cents: The bid, in hundredths.
        currency: Of the bid.
    """

    publisher: Ints
    campaign: Ints
    group: Ints
    cents: Ints
    currency: Texts

    @classmethod
    def of(cls, jobs: Jobs) -> "Advertising":
        """Read what the events say of each job."""
        size = len(jobs.price)
        found = np.zeros((4, size), dtype=np.int64)
        currency = np.full(size, "", dtype=object)
        for job, price in enumerate(jobs.price.tolist()):
            if said := _PRICE.search(price):
                *ids, bid = said.groups()[:4]
                found[:, job] = (*map(int, ids), round(float(bid) * 100))
                currency[job] = said[5]
        publisher, campaign, group, cents = found
        return cls(publisher, campaign, group, cents, currency)


@dataclass(frozen=True)
class Budgets:
    """What campaigns may spend and have spent, in hundredths of their currency; arrays run over them."""

    campaign: Ints
    currency: Texts
    budget: Ints
    spent: Ints
    overspends: Bools


def advertising_histories(
    scenario: Scenario, options: WorldOptions, period: Period, paid: Advertising, clicks: Ints
) -> tuple[list[History], Budgets]:
    """The histories of the three tables, and what was planted in the budgets."""
    rng = generator(scenario.seed, Stream.ADVERTISING)
    ids, first, inverse = np.unique(paid.campaign[paid.campaign > 0], return_index=True, return_inverse=True)
    job = np.nonzero(paid.campaign > 0)[0]
    spent = np.zeros(len(ids), dtype=np.int64)
    np.add.at(spent, inverse, (paid.cents * clicks)[job])
    total = np.zeros(len(ids), dtype=np.int64)
    np.add.at(total, inverse, paid.cents[job])
    mean = total // np.maximum(np.bincount(inverse, minlength=len(ids)), 1)
    overspends = (rng.random(len(ids)) < options.overspend_rate) & (spent > 1)
    share = np.where(overspends, 50 + 45 * rng.random(len(ids)), 120 + 200 * rng.random(len(ids)))
    budget = np.maximum((spent * share / 100).astype(np.int64), np.where(overspends, 1, 10_000))
    currency = paid.currency[job[first]]
    budgets = Budgets(ids, currency, budget, spent, overspends)
    lowest, highest = _limits(paid)
    publisher = paid.publisher[job[first]]
    limits = (lowest[publisher], highest[publisher])
    histories = [
        _publishers(rng, period, paid),
        _campaigns(rng, scenario, period, budgets, mean, limits),
        _groups(rng, period, paid),
    ]
    return histories, budgets


def _limits(paid: Advertising) -> tuple[Ints, Ints]:
    """The smallest and the greatest bid of each publisher, by its number."""
    size = int(paid.publisher.max(initial=0)) + 1
    lowest, highest = np.full(size, np.iinfo(np.int64).max), np.zeros(size, dtype=np.int64)
    np.minimum.at(lowest, paid.publisher, paid.cents)
    np.maximum.at(highest, paid.publisher, paid.cents)
    return lowest, highest


def _publishers(rng: np.random.Generator, period: Period, paid: Advertising) -> History:
    ids = np.unique(paid.publisher[paid.publisher > 0])
    size = len(ids)
    lowest, highest = (limit[ids] for limit in _limits(paid))
    currency = [str(paid.currency[paid.publisher == n][0]) for n in ids.tolist()]
    created = Edits(
        np.arange(size),
        period.start - spread(rng, size, 100 * DAY, 900 * DAY),
        {
            "publisher_id": numbers(ids),
            "name": texts(f'"Publisher {n}"' for n in ids.tolist()),
            "kind": choices(_KINDS)[rng.integers(0, len(_KINDS), size)],
            "status": same("active", size),
            "currency": choices(currency),
            "time_zone": choices(_ZONES)[ids % len(_ZONES)],
            "min_bid": money(lowest),
            "max_bid": money(highest),
            "countries": choices(_COUNTRIES)[ids % len(_COUNTRIES)],
        },
    )
    chosen = np.nonzero(rng.random(size) < 0.3)[0]
    raised = Edits(
        chosen,
        spread(rng, len(chosen), period.start, period.end),
        {"max_bid": money(highest[chosen] + rng.integers(5, 100, len(chosen)))},
    )
    return history_of(PUBLISHER, created, [raised], period)


def _campaigns(
    rng: np.random.Generator,
    scenario: Scenario,
    period: Period,
    budgets: Budgets,
    mean: Ints,
    limits: tuple[Ints, Ints],
) -> History:
    size = len(budgets.campaign)
    began = period.start - spread(rng, size, DAY, 60 * DAY)
    created = Edits(
        np.arange(size),
        began,
        {
            "campaign_id": numbers(budgets.campaign),
            "company_id": company_ids(owners(scenario, budgets.campaign)),
            "name": texts(f'"Campaign {n}"' for n in budgets.campaign.tolist()),
            "status": same("active", size),
            "budget_amount": money(budgets.budget),
            "budget_currency": choices(budgets.currency.tolist()),
            "budget_period": same("total", size),
            "bid_amount": money(mean),
            "starts_at": moments(began),
            "ends_at": moments(period.end + spread(rng, size, DAY, 60 * DAY)),
            "closed_at": same(None, size),
        },
    )
    edits = []
    for status, share in (("paused", 0.2), ("active", 0.1), ("ended", 0.04)):
        chosen = np.nonzero(rng.random(size) < share)[0]
        at = spread(rng, len(chosen), period.start, period.end)
        values = {"status": same(status, len(chosen))}
        if status == "ended":
            values["closed_at"] = moments(at)
        edits.append(Edits(chosen, at, values))
    chosen = np.nonzero(rng.random(size) < 0.3)[0]
    moved = mean[chosen] * rng.integers(80, 120, len(chosen)) // 100
    bid = {"bid_amount": money(np.clip(moved, limits[0][chosen], limits[1][chosen]))}
    edits.append(Edits(chosen, spread(rng, len(chosen), period.start, period.end), bid))
    return history_of(CAMPAIGN, created, edits, period)


def _groups(rng: np.random.Generator, period: Period, paid: Advertising) -> History:
    """Groups span campaigns in the events, hence they belong to none."""
    ids = np.unique(paid.group[paid.group > 0])
    size = len(ids)
    created = Edits(
        np.arange(size),
        period.start - spread(rng, size, DAY, 60 * DAY),
        {
            "group_id": numbers(ids),
            "campaign_id": same(None, size),
            "company_id": same(None, size),
            "name": texts(f'"Group {n}"' for n in ids.tolist()),
            "status": same("active", size),
            "budget_amount": money(rng.integers(10_000, 1_000_000, size)),
            "budget_currency": same("EUR", size),
            "budget_period": same("month", size),
        },
    )
    chosen = np.arange(size)[rng.random(size) < 0.5]
    budget = {"budget_amount": money(rng.integers(10_000, 1_000_000, len(chosen)))}
    changed = Edits(chosen, spread(rng, len(chosen), period.start, period.end), budget)
    return history_of(JOB_GROUP, created, [changed], period)
