"""The catalogue of jobs: how appealing each is, and what its lines of JSON say."""

from dataclasses import dataclass

from jobmatch_assets.simulation.arrays import Floats, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, generator, traits
from jobmatch_assets.simulation.scenario import Scenario

_SPONSORED = 0.4
_CURRENCIES = ("EUR", "EUR", "USD", "JPY")
_PUBLISHERS = 40


@dataclass(frozen=True)
class Jobs:
    """All jobs, by their number.

    Attributes:
        appeal: Factor of the click probability; mean 1.
        fragment: The job_id of a line.
        price: What a click costs and who pays; empty where nobody does. Version 2 only.
    """

    appeal: Floats
    fragment: Texts
    price: Texts


def draw_jobs(scenario: Scenario) -> Jobs:
    """The catalogue that all days share."""
    rng = generator(scenario.seed, Stream.JOBS)
    sponsored = rng.random(scenario.jobs) < _SPONSORED
    publishers = rng.integers(1, _PUBLISHERS, scenario.jobs, endpoint=True)
    cents = rng.integers(5, 300, scenario.jobs)
    prices = (
        f',"publisher_id":{p},"campaign_id":{p * 10 + n % 3},"group_id":{n % 7 + 1},'
        f'"bid":{c / 100},"currency":"{_CURRENCIES[p % len(_CURRENCIES)]}"'
        if paid
        else ""
        for n, (paid, p, c) in enumerate(
            zip(sponsored.tolist(), publishers.tolist(), cents.tolist(), strict=True)
        )
    )
    return Jobs(
        appeal=traits(rng, scenario.jobs),
        fragment=texts(f',"job_id":"job_{n:05d}"' for n in range(scenario.jobs)),
        price=texts(prices),
    )
