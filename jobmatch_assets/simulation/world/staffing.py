"""Placements of those who were hired, and of those who work already; their weekly timesheets."""

from dataclasses import dataclass

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.randomness import choose
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.companies import company_ids
from jobmatch_assets.simulation.world.places import CURRENCIES
from jobmatch_assets.simulation.world.tables import PLACEMENT, TIMESHEET
from jobmatch_assets.simulation.world.values import (
    DAY,
    HOUR,
    choices,
    dates,
    moments,
    money,
    numbers,
    same,
    spread,
    when,
)

KINDS = ("direct_hire", "contract", "temporary", "contract_to_hire")
_MONDAY = 4 * DAY
_WEEK = 7 * DAY


@dataclass(frozen=True)
class Hired:
    """Those who start to work; arrays run over them. Amounts are hundredths of the currency."""

    placement: Texts
    application: Texts
    job: Ints
    candidate: Texts
    company: Ints
    at: Ints
    kind: Ints
    starts: Ints
    ends: Ints
    bill: Ints
    fee: Ints

    @property
    def currency(self) -> Ints:
        """Index into CURRENCIES."""
        return self.company % len(CURRENCIES)

    def __len__(self) -> int:
        """Number of placements."""
        return len(self.job)


def draw_hired(
    rng: np.random.Generator,
    placement: Texts,
    application: Texts,
    job: Ints,
    candidate: Texts,
    company: Ints,
    at: Ints,
) -> Hired:
    """When they work, and what is paid for it."""
    size = len(job)
    starts = at - at % DAY + rng.integers(1, 5, size) * DAY
    kind = choose(rng, size, (0.3, 0.4, 0.2, 0.1))
    yen = np.where(company % len(CURRENCIES) == CURRENCIES.index("JPY"), 150, 1)
    return Hired(
        *(placement, application, job, candidate, company, at, kind, starts),
        ends=starts + rng.integers(20, 180, size) * DAY,
        bill=rng.integers(25, 90, size) * 100 * yen,
        fee=rng.integers(4_000, 15_000, size) * 100 * yen,
    )


def placement_history(rng: np.random.Generator, period: Period, hired: Hired) -> History:
    """What becomes of placements."""
    size = len(hired)
    direct = hired.kind == 0
    currency = choices(CURRENCIES)[hired.currency]
    created = Edits(
        np.arange(size),
        hired.at + 60_000_000,
        {
            "placement_id": hired.placement,
            "application_id": hired.application,
            "job_id": texts(f'"job_{n:05d}"' for n in hired.job.tolist()),
            "candidate_id": hired.candidate,
            "company_id": company_ids(hired.company),
            "kind": choices(KINDS)[hired.kind],
            "status": same("accepted", size),
            "placed_at": moments(hired.at),
            "starts_on": dates(hired.starts),
            "ends_on": when(~direct, dates(hired.ends)),
            "pay_rate": when(~direct, money(hired.bill * 7 // 10)),
            "bill_rate": when(~direct, money(hired.bill)),
            "rate_period": when(~direct, same("hour", size)),
            "currency": currency,
            "fee_amount": when(direct, money(hired.fee)),
            "fee_currency": when(direct, currency),
            "end_reason": same(None, size),
        },
    )
    every = np.arange(size)
    ending = every[~direct]
    early = ending[rng.random(len(ending)) < 0.05]
    end = hired.starts[early] + spread(rng, len(early), DAY, 20 * DAY)
    terminated = {"status": same("terminated", len(early)), "ends_on": dates(end)}
    terminated["end_reason"] = same("left", len(early))
    done = np.setdiff1d(ending, early)
    edits = [
        Edits(every, hired.starts + 8 * HOUR, {"status": same("active", size)}),
        Edits(done, hired.ends[done] + 18 * HOUR, {"status": same("completed", len(done))}),
        Edits(early, end + 18 * HOUR, terminated),
    ]
    return history_of(PLACEMENT, created, edits, period)


@dataclass(frozen=True)
class Worked:
    """Weeks of work; arrays run over them.

    Attributes:
        placement: Number within Hired.
        week: Its Monday, in microseconds.
        regular: Hundredths of hours.
        overtime: The same.
    """

    placement: Ints
    week: Ints
    regular: Ints
    overtime: Ints


def draw_worked(rng: np.random.Generator, period: Period, hired: Hired) -> Worked:
    """The weeks from two before the period to its end in which somebody works by the hour."""
    first = period.start - 2 * _WEEK
    monday = first - (first - _MONDAY) % _WEEK
    weeks = np.arange(monday, period.end, _WEEK)
    works: Bools = (hired.starts[:, None] < weeks + 5 * DAY) & (hired.ends[:, None] >= weeks)
    works &= (hired.kind != 0)[:, None]
    placement, week = np.nonzero(works)
    size = len(placement)
    regular = rng.integers(96, 160, size, endpoint=True) * 25
    overtime = np.where(rng.random(size) < 0.15, rng.integers(1, 32, size) * 25, 0)
    return Worked(placement.astype(np.int64), weeks[week], regular, overtime)


def timesheet_history(rng: np.random.Generator, period: Period, hired: Hired, worked: Worked) -> History:
    """Timesheets are begun on Monday, sent on Friday, approved and paid in the week after."""
    size = len(worked.week)
    expenses = rng.random(size) < 0.1
    created = Edits(
        np.arange(size),
        worked.week + 9 * HOUR + spread(rng, size, 0, 8 * HOUR),
        {
            "timesheet_id": texts(
                f'"ts-{hired.placement[p][1:-1]}-{w // _WEEK}"'
                for p, w in zip(worked.placement.tolist(), worked.week.tolist(), strict=True)
            ),
            "placement_id": hired.placement[worked.placement],
            "week_starting": dates(worked.week),
            "regular_hours": money(worked.regular // 2),
            "overtime_hours": numbers(np.zeros(size, dtype=np.int64)),
            "expenses_amount": when(expenses, money(rng.integers(5, 200, size) * 100)),
            "currency": choices(CURRENCIES)[hired.currency[worked.placement]],
            "status": same("draft", size),
            "submitted_at": same(None, size),
            "approved_at": same(None, size),
        },
    )
    sent = worked.week + 4 * DAY + 15 * HOUR + spread(rng, size, 0, 6 * HOUR)
    approved = worked.week + _WEEK + 8 * HOUR + spread(rng, size, 0, DAY)
    every = np.arange(size)
    hours = {"regular_hours": money(worked.regular), "overtime_hours": money(worked.overtime)}
    edits = [
        Edits(every, sent, {**hours, "status": same("submitted", size), "submitted_at": moments(sent)}),
        Edits(every, approved, {"status": same("approved", size), "approved_at": moments(approved)}),
        Edits(every, approved + 3 * DAY, {"status": same("paid", size)}),
    ]
    return history_of(TIMESHEET, created, edits, period)
