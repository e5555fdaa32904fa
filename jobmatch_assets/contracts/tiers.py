"""The tiers of marts: words for a number, each from a threshold on.

tiers.csv has a line per tier: the word, the column of a mart that it stands in, and from which number on it
holds. `(enough)` is the least amount of evidence for any word of the column. Thresholds are fixed, so that
nobody changes the tier because others do.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ENOUGH = "(enough)"

INSUFFICIENT = "insufficient"
"""The word where there is too little evidence."""

SILENT = "silent"
"""The word for who has enough applications, and answers less than half of them."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A line of the file.

    Attributes:
        tier: The word.
        column: The column that it stands in.
        least: The number from which on it holds.
    """

    tier: str
    column: str
    least: Decimal


def _read(path: Path) -> tuple[Tier, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Tier(line["tier"], line["column"], Decimal(line["from"])) for line in csv.DictReader(lines)
        )


TIERS = _read(Path(__file__).parents[1] / "tiers.csv")


def steps_of(column: str) -> tuple[tuple[str, float, float | None], ...]:
    """The tiers of a column, the highest first: the word, from which number on, and below which one."""
    tiers = [tier for tier in TIERS if tier.column == column and tier.tier != ENOUGH]
    ends = [None, *(float(tier.least) for tier in tiers)]
    return tuple((tier.tier, float(tier.least), end) for tier, end in zip(tiers, ends, strict=False))


def words_of(column: str) -> tuple[str, ...]:
    """The words for a column's numbers."""
    return tuple(word for word, _, _ in steps_of(column))


def least_evidence(column: str) -> int:
    """How much it takes for any of the words."""
    return next(int(tier.least) for tier in TIERS if tier.column == column and tier.tier == ENOUGH)
