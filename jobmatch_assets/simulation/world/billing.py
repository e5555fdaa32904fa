"""Invoices in three currencies, for hours and for direct hires, and the credit notes that some need."""

import numpy as np

from jobmatch_assets.simulation.arrays import texts
from jobmatch_assets.simulation.world.changes import Edits, History, Period, history_of
from jobmatch_assets.simulation.world.companies import company_ids
from jobmatch_assets.simulation.world.places import CURRENCIES
from jobmatch_assets.simulation.world.staffing import Hired, Worked
from jobmatch_assets.simulation.world.tables import INVOICE
from jobmatch_assets.simulation.world.values import (
    DAY,
    HOUR,
    choices,
    dates,
    moments,
    money,
    same,
    spread,
)

_WEEK = 7 * DAY
_DUE = 14 * DAY


def invoice_history(
    rng: np.random.Generator, period: Period, hired: Hired, worked: Worked, credit_note_rate: float
) -> History:
    """An invoice for each week of work and for each direct hire; credit notes take a part of some back."""
    direct = np.nonzero(hired.kind == 0)[0]
    hours = worked.regular + worked.overtime * 3 // 2
    weekly = hired.bill[worked.placement] * hours // 100
    placement = np.concatenate([worked.placement, direct])
    subtotal = np.concatenate([weekly, hired.fee[direct]])
    at = np.concatenate([worked.week + _WEEK + 2 * DAY, hired.starts[direct] + 9 * HOUR])
    name = [
        *(f"{p}-{w // _WEEK}" for p, w in zip(worked.placement.tolist(), worked.week.tolist(), strict=True)),
        *(f"{p}-fee" for p in direct.tolist()),
    ]
    credited = np.nonzero(rng.random(len(at)) < credit_note_rate)[0]
    share = rng.integers(10, 100, len(credited), endpoint=True)
    later = spread(rng, len(credited), DAY, 4 * DAY)
    names = [f"inv-{text}" for text in name] + [f"cn-{name[n]}" for n in credited.tolist()]
    is_note = np.arange(len(names)) >= len(name)
    at = np.concatenate([at, at[credited] + later])
    subtotal = np.concatenate([subtotal, -(subtotal[credited] * share // 100)])
    placement = np.concatenate([placement, placement[credited]])
    currency = hired.currency[placement]
    whole = np.where(currency == CURRENCIES.index("JPY"), 100, 1)  # yen have no hundredths
    subtotal = subtotal // whole * whole
    tax = subtotal * np.array([19, 0, 10])[currency] // 100 // whole * whole
    size = len(names)
    ids = [
        f"{hired.placement[p][1:-1]}-{text.rpartition('-')[2]}"
        for p, text in zip(placement.tolist(), names, strict=True)
    ]
    kinds = np.where(is_note, "cn", "inv")
    created = Edits(
        np.arange(size),
        at,
        {
            "invoice_id": texts(f'"{kind}-{text}"' for kind, text in zip(kinds.tolist(), ids, strict=True)),
            "invoice_number": texts(
                f'"{kind.upper()}/{text}"' for kind, text in zip(kinds.tolist(), ids, strict=True)
            ),
            "company_id": company_ids(hired.company[placement]),
            "placement_id": hired.placement[placement],
            "kind": choices(("invoice", "credit_note"))[is_note.astype(np.int64)],
            "subtotal": money(subtotal),
            "tax_amount": money(tax),
            "total": money(subtotal + tax),
            "currency": choices(CURRENCIES)[currency],
            "status": same("draft", size),
            "issued_on": dates(at),
            "due_on": dates(at + _DUE),
            "sent_at": same(None, size),
            "paid_at": same(None, size),
        },
    )
    every = np.arange(size)
    sent = at + spread(rng, size, HOUR, 10 * HOUR)
    edits = [Edits(every, sent, {"status": same("sent", size), "sent_at": moments(sent)})]
    read = every[rng.random(size) < 0.6]
    edits.append(Edits(read, sent[read] + HOUR, {"status": same("viewed", len(read))}))
    is_paid = rng.random(size) < 0.75
    paid, unpaid = every[is_paid], every[~is_paid & ~is_note]
    paid_at = sent[paid] + spread(rng, len(paid), DAY, 12 * DAY)
    edits.append(Edits(paid, paid_at, {"status": same("paid", len(paid)), "paid_at": moments(paid_at)}))
    edits.append(Edits(unpaid, at[unpaid] + _DUE + DAY, {"status": same("overdue", len(unpaid))}))
    return history_of(INVOICE, created, edits, period)
