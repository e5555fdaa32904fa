"""The dates that a chart shows: four weeks up to the end of the one that is reported, if data go so far."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobmatch_assets.charts.over_time import FIRST, HELD_BACK, LAST, ROWS, TICKS
from jobmatch_assets.dates import ONE_DAY, DateRange, ranges_of
from jobmatch_assets.metrics.ratios import Interval
from jobmatch_assets.reports.parts import Chart, Paragraph
from jobmatch_assets.reports.state import WeekState
from jobmatch_assets.reports.wording import day as shown_day

_DAYS = 28
_EVERY_DAY = 9
_MILLISECONDS = 86_400_000


class TimeAxis:
    """The dates of a chart, and what is drawn of each.

    Attributes:
        first: The first date.
        last: The Sunday of the week.
        days: All dates.
    """

    def __init__(self, state: WeekState) -> None:
        self._state = state
        week = state.week
        self.first = min(week.monday, max(week.sunday - ONE_DAY * (_DAYS - 1), state.published.dates.first))
        self.last = week.sunday
        self.days = DateRange(self.first, self.last).days

    @property
    def legend(self) -> str:
        """How dates that are not final are drawn; empty where all are."""
        words = []
        if self._state.incomplete:
            words.append("Hollow points: not complete.")
        if self._state.held_back:
            words.append("Shaded: held back.")
        return " ".join(words)

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the chart's parameters."""
        ticks = self.days if len(self.days) <= _EVERY_DAY else [day for day in self.days if not day.weekday()]
        half = _MILLISECONDS // 2
        return {
            TICKS: [_moment(day) for day in ticks],
            FIRST: _moment(self.first) - half,
            LAST: _moment(self.last) + half,
        }

    def row(self, day: dt.date, value: Interval | None, series: str = "") -> dict[str, Any]:
        """What is drawn of a date."""
        return {
            "date": _moment(day),
            "day": day.isoformat(),
            "series": series,
            "value": value and value.value,
            "low": value and value.low,
            "high": value and value.high,
            "incomplete": day in self._state.incomplete or day > self._state.published.dates.last,
        }

    def data(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The chart's data."""
        half = _MILLISECONDS // 2
        return {
            ROWS: rows,
            HELD_BACK: [
                {
                    "start": _moment(held.first) - half,
                    "end": _moment(held.last) + half,
                    "label": "held back",
                }
                for held in ranges_of(self._state.held_back_dates)
            ],
        }

    def drawn(self, chart: Chart) -> Chart | Paragraph:
        """The chart, or a sentence where no date has a value."""
        if any(row["value"] is not None for row in chart.rows[ROWS]):
            return chart
        return Paragraph(f"{chart.title}: no date has a value, so nothing is drawn.")

    def summary(self, rows: Sequence[Mapping[str, Any]], form: Callable[[float | None], str]) -> str:
        """The drawing in words, for who does not see it: of each series both ends, and its range."""
        sentences = []
        for series in dict.fromkeys(row["series"] for row in rows):
            known = [row for row in rows if row["series"] == series and row["value"] is not None]
            named = f"{series}: " if series else ""
            if not known:
                sentences.append(f"{named}no date has a value.")
                continue
            values = [row["value"] for row in known]
            first, last = (shown_day(dt.date.fromisoformat(row["day"])) for row in (known[0], known[-1]))
            sentences.append(
                f"{named}{form(values[0])} on {first}, {form(values[-1])} on {last}, "
                f"between {form(min(values))} and {form(max(values))}."
            )
        return " ".join(sentences)


def _moment(day: dt.date) -> int:
    """Midnight (UTC) of a date in milliseconds, as Vega counts them."""
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * _MILLISECONDS
