"""A week against the week before, in the words that the interval of the difference allows."""

from collections.abc import Callable
from dataclasses import dataclass

from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.reports.parts import Cell, Tile
from jobmatch_assets.reports.state import WeekState
from jobmatch_assets.reports.wording import NONE, between, count, percent, signed, signed_between

Form = Callable[[float | None], str]


@dataclass(frozen=True)
class Comparing:
    """How a week is compared.

    Attributes:
        state: The week.
    """

    state: WeekState

    @property
    def obstacle(self) -> str:
        """Why it is not compared; empty where it is."""
        if not self.state.is_whole(self.state.week):
            return "Not compared with the week before: not all seven days of this one are in the data."
        if not self.state.is_whole(self.state.week.before):
            return "Not compared with the week before: not all of its seven days are in the data."
        return ""

    @property
    def _so_far(self) -> str:
        return "" if self.state.is_final else " so far"

    def word(self, change: Interval | None) -> str:
        """Up, down or no difference found, `so far` where the week is not final; empty without either."""
        return "" if self.obstacle or change is None else f"{change.change}{self._so_far}"

    def against(self, change: Interval | None, form: Form) -> str:
        """The change in numbers, or why there is none; empty where weeks are not compared."""
        if self.obstacle:
            return ""
        if change is None:
            return "no value in the week before"
        return f"{signed(change.value, form)} ({signed_between(change, form)})"

    def relative(self, now: float | None, before: float | None) -> str:
        """The change of a count as a share of what it was; a count has no interval, so no word."""
        if self.obstacle:
            return ""
        if self.state.held_back:
            return "dates are held back, so counts are not compared"
        if now is None or not before:
            return "no value in the week before"
        return f"{signed(now / before - 1, percent)} against {count(before)}{self._so_far}"

    def cell(self, change: Interval | None, form: Form) -> Cell:
        """The change as a cell of a table."""
        word = self.word(change)
        is_sure = word.startswith(("up", "down"))
        return Cell(word or NONE, self.against(change, form), strong=is_sure)

    def tile(
        self,
        label: str,
        value: Interval | None,
        of: str,
        change: Interval | None,
        *,
        form: Form,
        change_form: Form,
    ) -> Tile:
        """A value with its interval, and what became of it."""
        if value is None:
            return Tile(label, form(None), "nothing to measure", "", self.against(None, change_form))
        detail = f"{between(value, form)}, {of}"
        return Tile(label, form(value.value), detail, self.word(change), self.against(change, change_form))

    def count_tile(self, label: str, now: float | None, before: float | None, detail: str) -> Tile:
        """A count, and what became of it."""
        return Tile(label, count(now), detail, "", self.relative(now, before))
