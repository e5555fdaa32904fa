"""What the doctor says of one part of an instance."""

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """What was found.

    Attributes:
        part: What was looked at, in a word or two.
        state: well; note: worth knowing, and nothing is broken; wrong: somebody has to do something.
        what: What it is like.
        remedy: What to do; empty where nothing is.
    """

    part: str
    state: State
    what: str
    remedy: str = ""


def well(part: str, what: str) -> Finding:
    """Nothing to do."""
    return Finding(part, "well", what)


def note(part: str, what: str, remedy: str = "") -> Finding:
    """Worth knowing."""
    return Finding(part, "note", what, remedy)


def wrong(part: str, what: str, remedy: str) -> Finding:
    """Something to do."""
    return Finding(part, "wrong", what, remedy)
