"""Events as columns: what happened, when, in which session, and what the line says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts

EVENT_NAMES = (
    *("session_start", "search", "impression", "click", "apply", "signup"),
    *("job_view", "apply_start", "application_status", "login", "profile_update", "bookmark"),
)
_SINCE_VERSION_2 = EVENT_NAMES.index("job_view")
_CODES = {name: code for code, name in enumerate(EVENT_NAMES)}


@dataclass(frozen=True)
class Events:
    """Events of one block on one day; arrays run over the events.

    Attributes:
        name: Index into EVENT_NAMES.
        session: Number of the session.
        at: When it happened, in milliseconds since 1970 (UTC).
        about: The fields that only this event has.
    """

    name: Ints
    session: Ints
    at: Ints
    about: Texts

    def __len__(self) -> int:
        """Number of events."""
        return len(self.name)

    @classmethod
    def of(cls, name: str, session: Ints, at: Ints, about: Texts | None = None) -> Self:
        """Events of one name; without `about` they say nothing of their own."""
        said = np.full(len(session), "", dtype=object) if about is None else about
        return cls(np.full(len(session), _CODES[name], dtype=np.int64), session, at, said)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """All events in the order of time, those of one moment in the order given."""
        together = list(parts)
        joined = cls(
            *(
                np.concatenate([getattr(part, column) for part in together])
                for column in ("name", "session", "at", "about")
            )
        )
        return joined.where(np.argsort(joined.at, kind="stable"))

    def where(self, chosen: Ints | Bools) -> Self:
        """The chosen events, by number or by mask."""
        return type(self)(self.name[chosen], self.session[chosen], self.at[chosen], self.about[chosen])

    def is_named(self, name: str) -> Bools:
        """Which events have the name."""
        same: Bools = self.name == _CODES[name]
        return same

    def sendable(self, is_v1: Bools) -> Self:
        """The events without those that version 1 sessions have no name for."""
        return self.where(~(is_v1[self.session] & (self.name >= _SINCE_VERSION_2)))
