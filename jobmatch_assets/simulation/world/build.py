"""The world as a whole: who is made after whom, and what truth.json says of it."""

import datetime as dt
import tempfile
from collections import Counter
from dataclasses import asdict
from typing import IO, Any

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, texts
from jobmatch_assets.simulation.jobs import Jobs
from jobmatch_assets.simulation.output import Output
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.world import fates
from jobmatch_assets.simulation.world.advertising import Advertising, Budgets, advertising_histories
from jobmatch_assets.simulation.world.billing import invoice_history
from jobmatch_assets.simulation.world.broken_records import BAD_CSV, broken_lines
from jobmatch_assets.simulation.world.changes import History, Period
from jobmatch_assets.simulation.world.clock import steps_of
from jobmatch_assets.simulation.world.companies import company_history
from jobmatch_assets.simulation.world.delivery import Delivery
from jobmatch_assets.simulation.world.files import EntityFiles
from jobmatch_assets.simulation.world.hiring import HOURS, TRANSITIONS, Chain, application_history
from jobmatch_assets.simulation.world.options import WorldOptions
from jobmatch_assets.simulation.world.people import (
    candidate_ids,
    hiring_users,
    people_histories,
    working_candidates,
)
from jobmatch_assets.simulation.world.postings import companies_of, posting_histories
from jobmatch_assets.simulation.world.record import MEANING, VersionBook, document
from jobmatch_assets.simulation.world.seen import Seen
from jobmatch_assets.simulation.world.staffing import (
    Hired,
    draw_hired,
    draw_worked,
    placement_history,
    timesheet_history,
)
from jobmatch_assets.simulation.world.tables import JOB
from jobmatch_assets.simulation.world.values import DAY, quoted, share_of, spread, start_of

_BLOCK = 5000
_JOBS_PER_WORKER = 40
_NO_JOB, _NO_CANDIDATE, _NO_PLACEMENT = 3, 4, 5
_WORKERS = 2**31


class World:
    """Makes the world of a generation and writes it.

    Args:
        scenario: What is simulated.
        options: How it is delivered.
        jobs: The catalogue of the events.
        seen: What the events said.
        output: Where it is written.
    """

    def __init__(
        self, scenario: Scenario, options: WorldOptions, jobs: Jobs, seen: Seen, output: Output
    ) -> None:
        self._scenario = scenario
        self._options = options
        self._seen = seen
        self._paid = Advertising.of(jobs)
        start = start_of(scenario.start)
        steps = steps_of(scenario.seed, scenario.start, scenario.days)
        self._period = Period(start, start + scenario.days * DAY, steps)
        self._company = companies_of(scenario, self._paid)
        self._files = EntityFiles(scenario, output)
        self._delivery = Delivery(scenario, options, self._period, self._files)
        self._orphans: Counter[str] = Counter()
        self._chain = Chain()
        self._broken: dict[str, int] = {}

    def write(self, out: IO[bytes]) -> None:
        """Write the entity files, and to `out` what truth.json says of them, a JSON object."""
        with tempfile.TemporaryFile() as spool:
            self._book = VersionBook(spool)
            try:
                budgets = self._make()
                self._files.publish()
            finally:
                self._files.discard()
            out.write(document(self._planted(budgets), self._book).encode())
            self._book.copy_to(out)
            out.write(b"\n}")

    def _make(self) -> Budgets:
        scenario, period = self._scenario, self._period
        paid = self._paid
        histories, budgets = advertising_histories(scenario, self._options, period, paid, self._seen.clicks)
        for history in histories:
            self._deliver(history)
        filled = self._hire()
        hazards = self._options.hazards
        for number, history in posting_histories(scenario, period, paid, self._company, filled, hazards):
            self._deliver(history, number, _NO_JOB)
        self._deliver(company_history(scenario, period))
        for number, users, candidates in people_histories(scenario, period):
            self._deliver(users)
            self._deliver(candidates, number, _NO_CANDIDATE)
        self._deliver(hiring_users(scenario, period))
        self._break()
        return budgets

    def _hire(self) -> tuple[Ints, Ints]:
        """Applications and all that follows; the jobs that are filled by it, and when."""
        jobs, times = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        self._staff(self._working(), _WORKERS)
        for first in range(0, len(self._seen), _BLOCK):
            sent = self._seen.applications(first, first + _BLOCK)
            rng = generator(self._scenario.seed, Stream.HIRING, first // _BLOCK)
            history, placed, at = application_history(rng, self._period, sent, self._paid, self._chain)
            self._deliver(history)
            self._count_applications(sent, history)
            is_known = sent.user_id[placed] != "null"
            placed, at = placed[is_known], at[is_known]
            names = texts(f'"p-{name[1:]}' for name in sent.application[placed].tolist())
            job = sent.job[placed]
            hired = draw_hired(
                *(rng, names, sent.application[placed], job),
                *(candidate_ids(sent.user[placed]), self._company[job], at),
            )
            self._staff(hired, first // _BLOCK)
            jobs.append(job)
            times.append(at)
        return np.concatenate(jobs), np.concatenate(times)

    def _working(self) -> Hired:
        """Those who were hired before; nobody remembers their applications."""
        size = max(3, self._scenario.jobs // _JOBS_PER_WORKER)
        rng = generator(self._scenario.seed, Stream.STAFFING, _WORKERS)
        job = rng.integers(0, self._scenario.jobs, size)
        at = self._period.start - spread(rng, size, 6 * DAY, 40 * DAY)
        names = quoted(f"p-{n:05d}" for n in range(size))
        nothing = texts(["null"] * size)
        number, history = working_candidates(self._scenario, self._period, size)
        self._deliver(history, number, _NO_CANDIDATE)
        return draw_hired(rng, names, nothing, job, candidate_ids(number), self._company[job], at)

    def _staff(self, hired: Hired, block: int) -> None:
        scenario, period = self._scenario, self._period
        rng = generator(scenario.seed, Stream.STAFFING, block, 1)
        number = np.arange(len(hired)) + (block + 1) * _BLOCK
        lost = self._lost(number, _NO_PLACEMENT)
        placements = placement_history(rng, period, hired)
        self._deliver(placements, number, _NO_PLACEMENT)
        there = np.unique(placements.entity)
        there = there[~lost[there]]
        self._orphans["placements"] += len(there)
        self._orphans["placements_of_jobs_not_delivered"] += int(self._lost(hired.job[there], _NO_JOB).sum())
        people = np.array([int(name[6:-1]) for name in hired.candidate[there]], dtype=np.int64)
        self._orphans["placements_of_candidates_not_delivered"] += int(
            self._lost(people, _NO_CANDIDATE).sum()
        )
        worked = draw_worked(rng, period, hired)
        timesheets = timesheet_history(rng, period, hired, worked)
        self._deliver(timesheets)
        sheets = worked.placement[np.unique(timesheets.entity)]
        self._orphans["timesheets"] += len(sheets)
        self._orphans["timesheets_of_placements_not_delivered"] += int(lost[sheets].sum())
        rng = generator(scenario.seed, Stream.BILLING, block)
        rate = self._options.credit_note_rate
        self._deliver(invoice_history(rng, period, hired, worked, rate))

    def _deliver(self, history: History, number: Ints | None = None, purpose: int = 0) -> None:
        """Write a history, without the entities that never arrive."""
        if number is not None and len(history):
            lost = self._lost(number, purpose)
            self._orphans[f"{history.table.name}_not_delivered"] += int(lost[np.unique(history.entity)].sum())
            history = history.where(~lost[history.entity])
        if len(history):
            self._delivery.write(history)
            self._book.add(history)

    def _lost(self, number: Ints, purpose: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        lost: np.ndarray[Any, np.dtype[np.bool_]] = (
            share_of(number, self._scenario.seed, purpose) < self._options.orphan_rate
        )
        return lost

    def _count_applications(self, sent: Any, history: History) -> None:
        there = np.unique(history.entity)
        known = sent.user_id[there] != "null"
        self._orphans["applications"] += len(there)
        self._orphans["applications_of_jobs_not_delivered"] += int(self._lost(sent.job[there], _NO_JOB).sum())
        self._orphans["applications_of_candidates_not_delivered"] += int(
            (self._lost(sent.user[there], _NO_CANDIDATE) & known).sum()
        )

    def _break(self) -> None:
        day: dt.date = self._scenario.start
        lines = broken_lines(self._period.start)
        data = b"\n".join(lines.values()) + b"\n"
        self._files.append(self._files.path(JOB.name, day, "broken.ndjson"), data)
        self._files.append(self._files.path(JOB.name, day, "broken.csv"), BAD_CSV)
        self._broken = {**dict.fromkeys(lines, 1), "bad_csv_row": 1}

    def _planted(self, budgets: Budgets) -> dict[str, Any]:
        delivery, hazards = self._delivery, self._options.hazards
        return {
            "meaning": MEANING | (fates.MEANING if hazards else {}),
            "options": self._options.as_planted(),
            "records": dict(delivery.records),
            "repeated": delivery.repeated,
            "late_rows": {str(days): n for days, n in sorted(delivery.late.items())},
            "broken": self._broken,
            "clock_steps": [asdict(step) for step in self._period.steps],
            "orphans": dict(self._orphans),
            "truncated_dump": dict(delivery.truncated),
            "transitions": TRANSITIONS,
            "hours_to_next_status": HOURS,
            "drawn_transitions": [
                {"from": before, "to": after, "applications": n}
                for (before, after), n in sorted(self._chain.drawn.items())
            ],
            **(hazards.planted() if hazards else {}),
            "campaigns": [
                {"campaign_id": c, "currency": m, "budget": b / 100, "spent": s / 100, "overspends": o}
                for c, m, b, s, o in zip(
                    budgets.campaign.tolist(),
                    budgets.currency.tolist(),
                    budgets.budget.tolist(),
                    budgets.spent.tolist(),
                    budgets.overspends.tolist(),
                    strict=True,
                )
            ],
        }
