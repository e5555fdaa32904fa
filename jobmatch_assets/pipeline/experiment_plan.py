"""Which dates of A/B results are not as they should be, experiment by experiment.

Results are cumulative, and run from an experiment's first event to its last. So a changed date changes all
later ones, and an event that comes, moves or goes also changes where the rows begin and end.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

from jobmatch_assets.contracts.experiment_tables import AB_CUMULATIVE_SUMS, AB_RESULTS, AB_UNITS_DAILY
from jobmatch_assets.contracts.feed import EVENTS
from jobmatch_assets.dates import DateRange
from jobmatch_assets.metrics.experiment_registry import Experiment, entry_text
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import EXPERIMENTS, PUBLICATION
from jobmatch_assets.warehouse.control.queue import QueuedDate
from jobmatch_assets.warehouse.control.traces import Traces

_OF_THE_REGISTRY = "registry"


@dataclass(frozen=True)
class ExperimentPlan:
    """What is to be built.

    Attributes:
        entries: Entries of the rebuild queue that ask for it.
        dates: {experiment: its dates that are to be built, or to be emptied}; those that nothing asks for are
            left out.
        unsound: The first date that nothing may be built from; None where there is none.
        registered: {experiment: its entry of the registry in force}.
    """

    entries: list[QueuedDate] = field(default_factory=list)
    dates: Mapping[str, Set[dt.date]] = field(default_factory=dict)
    unsound: dt.date | None = None
    registered: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.dates)

    @property
    def dates_now(self) -> set[dt.date]:
        """All dates that can be built."""
        return {
            day for days in self.dates.values() for day in days if self.unsound is None or day < self.unsound
        }

    def finish(self, session: Session, built: Collection[dt.date]) -> None:
        """Take off the queue what was built, and put what must wait for an unsound date in its place."""
        left = {name: days - set(built) for name, days in self.dates.items()}
        waits = {name for name, days in left.items() if days and self._waits(days)}
        open_ = {name for name, days in left.items() if days} - waits
        finished = [entry for entry in self.entries if not self._asks_for(entry) & open_]
        rest = []
        if self.unsound is not None:
            asked = dict.fromkeys(waits, _OF_THE_REGISTRY)
            asked |= {name: entry.request_id for entry in finished for name in self._asks_for(entry) & waits}
            rest = [
                QueuedDate(self.unsound, self.unsound, request, EVENTS.name, name)
                for name, request in asked.items()
            ]
        session.queue.finish(EXPERIMENTS.name, finished, rest, PUBLICATION)
        traces = Traces(session.warehouse)
        compared = traces.experiments_compared()
        traces.note_compared(
            {
                name: entry
                for name, entry in self.registered.items()
                if name not in open_ and compared.get(name) != entry
            }
        )

    def _waits(self, days: Set[dt.date]) -> bool:
        return self.unsound is not None and min(days) >= self.unsound

    def _asks_for(self, entry: QueuedDate) -> set[str]:
        return self.dates.keys() & {entry.experiment_id} if entry.experiment_id else set(self.dates)


def changed_entries(session: Session, registry: Mapping[str, Experiment]) -> dict[str, str | None]:
    """{experiment whose results are of another entry of the registry: that one; None: not known}."""
    return {
        name: entry
        for name, entry in Traces(session.warehouse).experiments_compared().items()
        if entry != entry_text(registry, name)
    }


def plan_experiments(
    session: Session, registry: Mapping[str, Experiment], forced: Collection[dt.date] = ()
) -> ExperimentPlan:
    """Compare what results there should be with what there is.

    Args:
        session: The tables, and what waits.
        registry: The experiment registry in force.
        forced: Dates whose experiments are built from there on, changed or not.

    Raises:
        WarehouseError: The warehouse cannot be used.
    """
    partitions, ready = session.partitions, session.ready()
    entries = ready.ready(EXPERIMENTS, EVENTS)
    changed = changed_entries(session, registry)
    if not (entries or changed or forced):
        return ExperimentPlan()
    asked = {entry.experiment_id for entry in entries}
    # A date without a name concerns every experiment that reaches over it.
    unnamed = {*forced, *(entry.event_date for entry in entries if entry.experiment_id is None)}
    names = None if unnamed else {name for name in (*asked, *changed) if name}
    found = [
        session.warehouse.dates_by_value(table, "experiment_id", first, partitions.last, names)
        for table, first in (
            (AB_UNITS_DAILY, partitions.first),
            # Rows before the first partition are of a time when that was earlier.
            (AB_CUMULATIVE_SUMS, dt.date.min),
            (AB_RESULTS, dt.date.min),
        )
    ]
    dates = {}
    for name in sorted(changed.keys() | set().union(*found)):
        units, sums, results = (days.get(name, set()) for days in found)
        span = set(DateRange(min(units), max(units)).days) if units else set()
        there = span | sums | results
        since = {entry.event_date for entry in entries if entry.experiment_id == name} | (unnamed & there)
        if name in changed:
            # Where it is not known whether the entry has changed, only what is missing is built.
            since.add(min(there, default=dt.date.max) if changed[name] else max(there, default=dt.date.max))
        if since:
            dates[name] = _not_as_they_should_be(span, sums, results, min(since))
    return ExperimentPlan(
        entries,
        dates,
        ready.first_unsound_date(EXPERIMENTS, EVENTS),
        {name: entry_text(registry, name) for name in dates},
    )


def _not_as_they_should_be(
    span: Set[dt.date], sums: Set[dt.date], results: Set[dt.date], since: dt.date
) -> set[dt.date]:
    """Dates of one experiment that are to be built, or to be emptied.

    Args:
        span: Every date from its first units to its last.
        sums: Those that have sums.
        results: Those that have results; they begin with the first variant that is not the control.
        since: The first date that has changed.
    """
    there = sums | results
    changed = {day for day in span | there if day >= since}
    begun = {day for day in span if results and day > min(results)}
    return changed | (span - sums) | (begun - results) | (there - span)
