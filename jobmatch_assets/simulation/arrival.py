"""When lines reach the landing folder: in time, late, twice, or once more with a correction.

An event's lines land in the file of the UTC day that it happened on; a late line lands
in a file of a later day, and a line that is sent again never lands before the first one.
"""

from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Ints
from jobmatch_assets.simulation.events import Events
from jobmatch_assets.simulation.randomness import Stream, delays, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.sessions import DAY_MS, Sessions, day_start_ms
from jobmatch_assets.simulation.users import Users

_MINUTE_MS = 60 * 1000


@dataclass(frozen=True)
class Arrival:
    """How the events of one block on one day arrive.

    Attributes:
        late: Days between event and file, by event.
        lands: Days between the session's day and the file, by event.
        ingested: When the backend took the line, in milliseconds, by event.
        repeated: Numbers of the events that are sent again as they are.
        repeat_lands: As `lands`, for those.
        corrected: Numbers of the events that are sent again with a later ingested_at.
        correction_lands: As `lands`, for those.
        correction_ingested: As `ingested`, for those.
        broken: Numbers of the events that are followed by a broken line.
    """

    late: Ints
    lands: Ints
    ingested: Ints
    repeated: Ints
    repeat_lands: Ints
    corrected: Ints
    correction_lands: Ints
    correction_ingested: Ints
    broken: Ints


def draw_arrival(scenario: Scenario, users: Users, sessions: Sessions, events: Events) -> Arrival:
    """Decide about each event for itself."""
    rng = generator(scenario.seed, Stream.ARRIVAL, sessions.day.toordinal(), users.block)
    size = len(events)
    is_late = rng.random(size) < scenario.late_rate
    late = np.where(is_late, rng.integers(1, scenario.late_days, size, endpoint=True), 0)
    days_into = (events.at - day_start_ms(sessions.day)) // DAY_MS
    lands = days_into + late
    ingested = events.at + delays(rng, size, 50, 20_000) + late * DAY_MS

    repeated = np.nonzero(rng.random(size) < scenario.repeat_rate)[0]
    corrected = np.nonzero(rng.random(size) < scenario.corrected_rate)[0]
    correction_late = rng.integers(0, 2, len(corrected), endpoint=True)
    return Arrival(
        late=late,
        lands=lands,
        ingested=ingested,
        repeated=repeated,
        repeat_lands=lands[repeated] + rng.integers(0, 1, len(repeated), endpoint=True),
        corrected=corrected,
        correction_lands=lands[corrected] + correction_late,
        correction_ingested=ingested[corrected]
        + correction_late * DAY_MS
        + delays(rng, len(corrected), _MINUTE_MS, 60 * _MINUTE_MS),
        broken=np.nonzero((rng.random(size) < scenario.broken_rate) & (days_into == 0))[0],
    )
