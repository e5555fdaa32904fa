"""What somebody asks for: which metrics, of which dates, split and filtered by what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jobmatch_assets.dates import DateRange
from jobmatch_assets.errors import RequestError

Grain = Literal["day", "week", "month", "all"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "all")


class QuestionError(RequestError):
    """A question that gold does not answer; the message says why, and what to ask in its place."""


@dataclass(frozen=True)
class Condition:
    """A condition on a dimension.

    Attributes:
        column: The dimension.
        operator: =, !=, <, <=, >, >=, `is null` or `is not null`.
        text: The value, as it was typed; empty where the operator needs none.
    """

    column: str
    operator: str
    text: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        metrics: Names of metrics.
        by: Dimensions that each answer is split by.
        grain: What dates are put together to; None for what the tables have, a day, a week or a month.
        dates: The dates that count; None for all that there are.
        conditions: Conditions that all hold.
    """

    metrics: Sequence[str]
    by: Sequence[str] = ()
    grain: Grain | None = None
    dates: DateRange | None = None
    conditions: Sequence[Condition] = ()
