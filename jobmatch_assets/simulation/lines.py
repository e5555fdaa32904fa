"""Events as lines of JSON."""

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts
from jobmatch_assets.simulation.events import EVENT_NAMES, Events
from jobmatch_assets.simulation.sessions import Sessions
from jobmatch_assets.simulation.users import Users

_FROM_BACKEND = ',"platform":"backend"'


def tails(events: Events, sessions: Sessions, users: Users) -> Texts:
    """What each line says apart from its id, name, times and source."""
    context = np.where(
        events.is_named("session_start"),
        sessions.first_context[events.session],
        sessions.context[events.session],
    )
    device = np.where(
        events.is_named("application_status"),
        _FROM_BACKEND,
        users.device[sessions.user[events.session]],
    )
    tail: Texts = context + device + events.about
    return tail


def render(events: Events, numbers: Ints, tail: Texts, *, ingested: Ints, key: str, source: str) -> list[str]:
    """One line, without its end, for each event.

    Args:
        events: What happened.
        numbers: The number that makes an event_id of the key; the same event has the same.
        tail: From `tails`.
        ingested: When the backend took the line, in milliseconds.
        key: Prefix of the event ids.
        source: Name of the producer.
    """
    return [
        f'{{"event_id":"{key}-{number:x}","event_name":"{EVENT_NAMES[name]}",'
        f'"event_ts":"{at}Z","ingested_at":"{taken}Z","source":"{source}"{rest}}}'
        for number, name, at, taken, rest in zip(
            numbers.tolist(),
            events.name.tolist(),
            iso(events.at),
            iso(ingested),
            tail.tolist(),
            strict=True,
        )
    ]


def iso(at: Ints) -> list[str]:
    """The moments as RFC 3339 writes them, without the offset."""
    texts: list[str] = np.datetime_as_string(at.astype("datetime64[ms]"), unit="ms").tolist()
    return texts
