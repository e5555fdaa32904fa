"""Companies, with sizes as Zipf's law has them, and their people who hire."""

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts, texts
from jobmatch_assets.simulation.randomness import Stream, choose, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.places import city, country, place_of, region
from jobmatch_assets.simulation.world.tables import COMPANY
from jobmatch_assets.simulation.world.values import DAY, choices, same, share_of, spread

_JOBS_EACH = 15
_OWNER = 1
_SIZES = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")
_LIMITS = np.array([11, 51, 201, 501, 1001, 5001, 10001])
_MOST_PEOPLE = 30_000
_INDUSTRIES = ("software", "health care", "logistics", "retail", "education", "hospitality", "construction")
_NAMES = ("Nordwind", "Acme", "Contoso", "Lumière", "Sakura", "Bluebird", "Köhler", "Vertex")
_FORMS = ("GmbH", "Inc.", "SAS", "K.K.", "Ltd.", "AG")


def company_count(scenario: Scenario) -> int:
    """How many there are."""
    return max(5, scenario.jobs // _JOBS_EACH)


def owners(scenario: Scenario, number: Ints) -> Ints:
    """The companies of jobs or campaigns, by their number: the n-th has 1/n of what the first has."""
    weight = np.cumsum(1.0 / np.arange(1, company_count(scenario) + 1))
    drawn = share_of(number, scenario.seed, _OWNER) * weight[-1]
    found: Ints = np.searchsorted(weight, drawn, side="right").astype(np.int64)
    return found


def company_ids(company: Ints) -> Texts:
    """Their company_id."""
    return texts(f'"company_{n:05d}"' for n in company.tolist())


def company_history(scenario: Scenario, period: Period) -> History:
    """What becomes of all companies."""
    rng = generator(scenario.seed, Stream.COMPANIES)
    size = company_count(scenario)
    every = np.arange(size)
    where = place_of(every, scenario.seed)
    people = _MOST_PEOPLE // (every + 1)
    bucket = np.searchsorted(_LIMITS, people, side="right")
    name, form = rng.integers(0, len(_NAMES), size), rng.integers(0, len(_FORMS), size)
    industry = rng.integers(0, len(_INDUSTRIES), size)
    created = Edits(
        every,
        period.start - spread(rng, size, DAY, 1500 * DAY),
        {
            "company_id": company_ids(every),
            "name": texts(
                f'"{_NAMES[n]} {k} {_FORMS[f]}"'
                for k, (n, f) in enumerate(zip(name.tolist(), form.tolist(), strict=True))
            ),
            "industry": choices(_INDUSTRIES)[industry],
            "size_bucket": choices(_SIZES)[bucket],
            "country": country()[where],
            "region": region()[where],
            "city": city()[where],
            "customer_type": choices(("direct", "agency", "partner", "other"))[
                choose(rng, size, (0.7, 0.2, 0.07, 0.03))
            ],
            "status": same("active", size),
            "website": texts(f'"https://company-{n}.example"' for n in every.tolist()),
        },
    )
    edits = []
    for column, values, share in (
        ("size_bucket", choices(_SIZES)[np.minimum(bucket + 1, len(_SIZES) - 1)], 0.05),
        ("industry", choices(_INDUSTRIES)[(industry + 1) % len(_INDUSTRIES)], 0.03),
        ("status", same("suspended", size), 0.03),
        ("website", texts(f'"https://jobs.company-{n}.example"' for n in every.tolist()), 0.1),
    ):
        chosen = np.nonzero(rng.random(size) < share)[0]
        at = spread(rng, len(chosen), period.start, period.end)
        edits.append(Edits(chosen, at, {column: values[chosen]}))
    gone = np.nonzero(rng.random(size) < 0.01)[0]
    edits.append(Edits(gone, spread(rng, len(gone), period.start, period.end), is_delete=True))
    return history_of(COMPANY, created, edits, period)
