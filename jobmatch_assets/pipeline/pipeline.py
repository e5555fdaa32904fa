"""All stages in one go: load what has landed, then build exactly the dates that it touches.

What is to be done comes from the landing root and from the rebuild queue, so that a run which was killed is
made good by the next one, and late data needs nothing of its own.
"""

import datetime as dt
import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from jobmatch_assets.checks.memory import held_back
from jobmatch_assets.checks.outcome import CheckOutcome
from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.experiment_tables import AB_RESULTS, AB_UNITS_DAILY
from jobmatch_assets.contracts.feed import EVENTS, FEEDS, Feed
from jobmatch_assets.contracts.registry import table_named
from jobmatch_assets.dates import DateRange, shown
from jobmatch_assets.interruption import stop_where_asked
from jobmatch_assets.landing.root import LandedFile
from jobmatch_assets.metrics.experiment_registry import RegistryError
from jobmatch_assets.pipeline.early_dates import withdraw_early_rows
from jobmatch_assets.pipeline.entity_sources import renew_sources
from jobmatch_assets.pipeline.held_back_check import HELD_BACK_CHECKS, check_held_back
from jobmatch_assets.pipeline.landed import Landed, LandingLook, with_day_before
from jobmatch_assets.pipeline.landing_checks import landing_outcomes, look
from jobmatch_assets.pipeline.landing_root import admit_landing_root
from jobmatch_assets.pipeline.plan import daily_columns
from jobmatch_assets.pipeline.publish import Readers
from jobmatch_assets.pipeline.renewed_tables import renew_tables
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, EXPERIMENTS, SILVER, STAGES, Stage
from jobmatch_assets.pipeline.step_events import StepEvent
from jobmatch_assets.pipeline.steps.build import build_stage, dates_looked_at, everything, held_back_message
from jobmatch_assets.pipeline.steps.compare_variants import compare_variants, experiment_plan
from jobmatch_assets.pipeline.steps.load import load_files
from jobmatch_assets.pipeline.work import find_work
from jobmatch_assets.warehouse.control.queue import QueuedDate
from jobmatch_assets.warehouse.port import PLANNING, DateColumn

_log = logging.getLogger(__name__)

# One after the other, feed by feed; what names experiments in the queue is planned apart.
_FROM_SILVER_ON = [stage for stage in STAGES if stage != BRONZE and not stage.is_scoped]


class Pipeline:
    """Runs the stages one after the other.

    Attributes:
        problems: After a run: why nothing may be built from some dates that were built, a paragraph a stage.
    """

    def __init__(self, session: Session, readers: Readers | None = None) -> None:
        self.session = session
        self.readers = readers or Readers()
        self.problems: list[str] = []

    def run(
        self,
        forced: DateRange | None = None,
        other_files: bool = True,
        again: Collection[dt.date] = (),
    ) -> Iterator[StepEvent]:
        """Load new files and build every date that they touch.

        Args:
            forced: Load the files of these days, and build these dates, changed or not.
            other_files: Load new files of other days, too.
            again: Dates of silver to build and look at, changed or not.

        Yields:
            Every table and every check, as they are done.

        Raises:
            LandingError: The landing root cannot be read.
            WarehouseError: The warehouse cannot be used.
            DbtError: A model cannot be built.
            RegistryError: The experiment registry is not as it should be.
            SourceRegistryError: The registry of sources is not as it should be.
        """
        session = self.session
        seen = look(session.platform)
        yield from landing_outcomes(seen, session.settings.landing)
        if seen.problem:
            raise seen.problem
        session.prepare()
        admit_landing_root(session)
        renew_sources(session)
        renew_tables(session)
        withdraw_early_rows(session)
        restaged = {
            feed: self._forced_files(feed, seen.landed[feed], forced) if forced else set() for feed in FEEDS
        }
        days = self._days_to_load(seen, restaged, other_files)
        for feed in FEEDS:
            if days[feed]:
                files = [file for file, _ in seen.landed[feed].files]
                yield from self._step(
                    self._name(BRONZE, [feed]),
                    days[feed],
                    self._load_and_stage(feed, days[feed], files, restaged[feed]),
                )
        session.warehouse.charge(PLANNING, ())
        all_again = {
            feed: self._dates_with_rows(feed, forced) | set(again if feed == EVENTS else ()) for feed in FEEDS
        }
        for stage in _FROM_SILVER_ON:
            yield from self._of_all_feeds(stage, all_again)
        try:
            yield from self._experiments(set(forced.days) if forced else set())
        except RegistryError:
            # The other tables do not depend on the registry, and readers wait for them.
            self.readers.publish(session)
            raise
        yield from check_held_back(session, HELD_BACK_CHECKS)
        self.readers.publish(session)

    def _of_all_feeds(self, stage: Stage, again: Mapping[Feed, set[dt.date]]) -> Iterator[StepEvent]:
        """A stage, feed by feed; tables without dates once, for all feeds of which something waits."""
        self.session.warehouse.charge(PLANNING, ())
        there = self.session.feeds_there()
        dates = {
            feed: self._dates_of(stage, feed, again[feed])
            for feed in FEEDS
            if stage == SILVER or stage in self.session.plan.follows(feed, there)
        }
        changed = [feed for feed, found in dates.items() if found]
        for feeds in [changed] if stage.is_whole and changed else [[feed] for feed in changed]:
            days = {day for feed in feeds for day in dates[feed]}
            built = self._build(stage, feeds, days, every_entity=any(again[feed] for feed in feeds))
            yield from self._step(self._name(stage, feeds), dates_looked_at(stage, days), built)

    def _dates_of(self, stage: Stage, feed: Feed, again: set[dt.date]) -> set[dt.date]:
        """The dates that a stage is built for now: those that wait, and of `again` those that can be."""
        ready = self.session.ready()
        dates = {entry.event_date for entry in ready.ready(stage, feed)}
        if stage == SILVER:
            return dates | again
        if stage.is_whole:
            return dates | (again if not ready.unsettled(stage, feed) else set())
        if stage.since:
            return self._since(stage, feed, dates | again)
        blocking = ready.blocking(stage, feed)
        return dates | {date for date in again if blocking.isdisjoint(ready.days_read(stage, feed, date))}

    def _since(self, stage: Stage, feed: Feed, dates: set[dt.date]) -> set[dt.date]:
        """The first of the dates and all that follow, up to the last with rows; short of what is unsound."""
        unsound = self.session.ready().first_unsound_date(stage, feed)
        if not dates:
            return set()
        first, last = min(dates), self.session.partitions.last
        tables = [
            table
            for table in self.session.plan.tables.values()
            if feed in self.session.plan.feeds_of(table.name)
            and (table.stage == stage or isinstance(table.contract.clock, By))
            and table.stage != BRONZE
        ]
        columns = [DateColumn(table.contract, str(table.contract.date_column)) for table in tables]
        there = self.session.warehouse.dates_between(columns, first, last)
        if unsound is not None and any(day >= unsound for day in there | dates):
            self._queue_rest(stage, feed, unsound)
        days = DateRange(first, max(there | dates)).days
        return {day for day in days if unsound is None or day < unsound}

    def _queue_rest(self, stage: Stage, feed: Feed, unsound: dt.date) -> None:
        """What cannot be counted yet waits for the date that is unsound."""
        entry = QueuedDate(unsound, unsound, "unsound", feed.name)
        if entry not in self.session.queue.entries(stage.name):
            self.session.queue.add([(stage.name, entry)])

    def _experiments(self, forced: set[dt.date]) -> Iterator[StepEvent]:
        """A change counts on all later dates of an experiment, and so does a date that must not be used."""
        session, plan = self.session, experiment_plan(self.session, forced)
        if dates := plan.dates_now:
            yield from self._step(EXPERIMENTS.name, dates, self._compare(dates))
            return
        if plan:
            plan.finish(session, ())
        if session.warehouse.has_table(AB_UNITS_DAILY.key) and not session.warehouse.has_table(
            AB_RESULTS.key
        ):
            # Readers find the tables, and no rows, where there is no experiment; no date of them was built.
            made = self._compare({session.partitions.first})
            yield from (event for event in made if isinstance(event, CheckOutcome))

    def _step(self, name: str, days: Collection[dt.date], events: Iterator[StepEvent]) -> Iterator[StepEvent]:
        """Run a step to its end, and note what it holds back."""
        _log.info("%s: %s", name, shown(days))
        started = time.monotonic()
        outcomes = []
        for event in events:
            yield event
            stop_where_asked()
            if isinstance(event, CheckOutcome):
                outcomes.append(event)
        _log.info("%s: done in %.1f s", name, time.monotonic() - started)
        if problem := held_back_message(outcomes, days):
            self.problems.append(problem)

    @staticmethod
    def _name(stage: Stage, feeds: Collection[Feed]) -> str:
        """What log lines call a step: of a feed that need not be there, they say which it is."""
        others = [feed.name for feed in feeds if not feed.is_required]
        return f"{stage.name} of {' and '.join(others)}" if others else stage.name

    def _days_to_load(
        self, seen: LandingLook, forced: Mapping[Feed, set[dt.date]], other_files: bool
    ) -> dict[Feed, set[dt.date]]:
        waiting = find_work(seen, self.session).days if other_files else {}
        return {feed: waiting.get(feed, set()) | forced[feed] for feed in FEEDS}

    def _forced_files(self, feed: Feed, landed: Landed, forced: DateRange) -> set[dt.date]:
        """Days of files that are here, or are in bronze or an archive and gone from here by now."""
        forced = with_day_before(forced, self.session.partitions)
        table = table_named(feed.raw.name)
        in_bronze = self.session.warehouse.rows_by_date(table, forced.first, forced.last)
        archived = {entry.dt for entry in self.session.archived.retained(feed) if entry.dt in forced}
        return in_bronze.keys() | archived | {day for _, day in landed.files if day in forced}

    def _load_and_stage(
        self, feed: Feed, days: set[dt.date], files: Collection[LandedFile], again: set[dt.date]
    ) -> Iterator[StepEvent]:
        """Load the files of these days; stage those days that have lines to stage, and those of `again`."""
        sound = set(days)
        for event in load_files(self.session, feed, days, files, again):
            if isinstance(event, CheckOutcome):
                sound -= event.held_back
            yield event
        if not self.session.plan.is_staged(feed):
            return
        if sound := sound & (again | set(self.session.ledger.unstaged_days(feed))):
            yield from self._build(BRONZE, [feed], sound, restaged=again)

    def _dates_with_rows(self, feed: Feed, forced: DateRange | None) -> set[dt.date]:
        """Those of the forced dates that have lines, or rows that must go; the others hold nothing."""
        plan = self.session.plan
        if forced is None or not plan.is_staged(feed):
            return set()
        staged = DateColumn(table_named(feed.staged.name), plan.staged_date(feed), lag=1)
        daily = daily_columns(table for table in plan.tables.values() if feed in plan.feeds_of(table.name))
        return self.session.warehouse.dates_between([staged, *daily], forced.first, forced.last)

    def _compare(self, dates: set[dt.date]) -> Iterator[StepEvent]:
        sound = True
        for event in self._build(EXPERIMENTS, [EVENTS], dates):
            sound = sound and not (isinstance(event, CheckOutcome) and held_back([event], dates))
            yield event
        if sound:
            yield from compare_variants(self.session, dates)

    def _build(
        self,
        stage: Stage,
        feeds: Sequence[Feed],
        dates: set[dt.date],
        every_entity: bool = False,
        restaged: Collection[dt.date] = (),
    ) -> Iterator[StepEvent]:
        selection = replace(
            everything(self.session, stage, feeds), every_entity=every_entity, restaged=restaged
        )
        return build_stage(self.session, stage, feeds, dates, selection, to_the_end=True)
