"""A small world with a case of everything: matches, two sources, ties of statuses, circles of reposts."""

from collections.abc import Iterator
from typing import Any

from jobmatch_assets.contracts.entities.tables import (
    APPLICATION,
    CAMPAIGN,
    CANDIDATE,
    COMPANY,
    INVOICE,
    JOB,
    JOB_GROUP,
    PLACEMENT,
    PUBLISHER,
    TIMESHEET,
    USER,
)
from jobmatch_assets_tests.models.entities.planted import event, history

MARCH = {day: f"2026-03-{day:02}T00:00:00Z" for day in range(1, 32)}


def versions() -> Iterator[dict[str, Any]]:
    """All versions."""
    # Job j holds on 2 March, 3 March, not on the 4th, and again since the 5th.
    yield from history(
        JOB,
        "j",
        (MARCH[2], MARCH[3], {"company_id": "c", "title": "first"}),
        (MARCH[3], MARCH[4], {"company_id": "d", "title": "second"}),
        (MARCH[5], None, {"company_id": "c", "title": "third"}),
    )
    yield from history(JOB, "ended", (MARCH[2], MARCH[3]), title="ended")
    # Told of by three sources, of which `product` answers; and by two without it.
    for source in ("ats", "product", "zoo"):
        yield from history(JOB, "shared", (MARCH[2], None), source=source, title=source)
    for source in ("zoo", "ats"):
        yield from history(JOB, "imported", (MARCH[2], None), source=source, title=source)
    yield from reposts()
    yield from history(COMPANY, "c", (MARCH[1], MARCH[3]), (MARCH[3], None))
    yield from history(CANDIDATE, "p", (MARCH[1], None))
    yield from history(USER, "u", (MARCH[1], None))
    yield from history(CAMPAIGN, -1, (MARCH[1], None), name="odd id")
    yield from history(JOB_GROUP, 7, (MARCH[1], None))
    yield from history(PUBLISHER, 8, (MARCH[1], None))
    yield from applications()
    yield from history(
        PLACEMENT, "w", (MARCH[2], MARCH[3]), placed_at=MARCH[2], job_id="j", candidate_id="p", company_id="d"
    )
    yield from history(
        PLACEMENT,
        "now",
        (MARCH[2], None),
        placed_at=MARCH[6],
        job_id="j",
        candidate_id="p",
        application_id="x",
    )
    yield from history(
        TIMESHEET, "t", (MARCH[9], None), placement_id="w", week_starting="2026-03-02", regular_hours=40
    )
    yield from history(TIMESHEET, "lost", (MARCH[9], None), placement_id="none", week_starting="2026-03-02")
    yield from history(
        INVOICE, "i", (MARCH[9], None), company_id="c", issued_on="2026-03-01", kind="invoice", total=1
    )
    yield from history(INVOICE, "undated", (MARCH[9], None), company_id="c", kind="invoice", total=1)
    yield from history(INVOICE, "gone", (MARCH[9], MARCH[10]), company_id="c", total=1)


def reposts() -> Iterator[dict[str, Any]]:
    """Chains of jobs that were posted again."""
    chain = {"r2": "r1", "r1": "r0", "o": "c2", "c2": "c3", "c3": "c1", "c1": "c2", "me": "me", "n": "named"}
    for job, origin in chain.items():
        yield from history(JOB, job, (MARCH[2], None), title=job, reposted_from=origin)
    yield from history(
        JOB,
        "named",
        (MARCH[2], None),
        company_id="c",
        requisition_id="r-9",
        reposted_from="r2",
        title="named",
    )
    # Of another source, where r1 is not known.
    yield from history(JOB, "r2", (MARCH[2], None), source="ats", title="r2", reposted_from="r1")
    for number in range(60):
        origin = f"long-{number - 1:02}" if number else None
        yield from history(JOB, f"long-{number:02}", (MARCH[2], None), title="long", reposted_from=origin)


def applications() -> Iterator[dict[str, Any]]:
    """Applications that the table tells of."""
    yield from history(
        APPLICATION,
        "a",
        (MARCH[6], MARCH[8], {"status": "interview"}),
        (MARCH[8], None, {"status": "rejected", "valid_from_is_bound": True}),
        **{"job_id": "j", "candidate_id": "p", "campaign_id": -1, "user_id": "u", "channel": "referral"},
        **{"applied_at": "2026-03-03T12:00:00Z", "reviewed_at": "2026-03-04T11:59:59Z"},
    )
    # Nobody knows when it was made.
    yield from history(APPLICATION, "silent", (MARCH[7], None), job_id="nowhere")
    yield from history(APPLICATION, "both", (MARCH[2], None), source="ats", status="placed", job_id="j")
    yield from history(APPLICATION, "both", (MARCH[2], None), source="product", status="offered", job_id="j")
    # Seen in the dump of the 8th as placed, which an event says exactly, earlier and later.
    yield from history(
        APPLICATION,
        "late",
        (MARCH[8], None, {"status": "placed", "valid_from_is_bound": True}),
        job_id="j",
    )
    yield from history(
        APPLICATION,
        "early",
        (MARCH[8], None, {"status": "placed", "valid_from_is_bound": True}),
        job_id="j",
    )
    yield from history(APPLICATION, "torn", (MARCH[8], None, {"status": "placed"}), job_id="j")
    yield from history(APPLICATION, "gone", (MARCH[8], MARCH[9], {"status": "reviewed"}), job_id="j")


def events() -> Iterator[dict[str, Any]]:
    """Events of jobs, and of applications."""
    for job, day in (
        *(("j", 1), ("j", 2), ("j", 3), ("j", 4), ("j", 5), ("ended", 9)),
        *(("shared", 9), ("imported", 9), ("nowhere", 9), (None, 9)),
    ):
        yield event(
            "click", f"2026-03-{day:02}T00:00:00", job_id=job, event_id=f"{job} {day}", campaign_id=-1
        )
    yield event("search", "2026-03-02T00:00:00")
    yield event(
        "application_status", "2026-03-07T00:00:00", application_id="late", application_status="placed"
    )
    yield event(
        "application_status", "2026-03-09T00:00:00", application_id="early", application_status="placed"
    )
    yield event(
        "application_status", "2026-03-06T00:00:00", application_id="torn", application_status="offered"
    )
    # At one time, the later status counts; of events at one time, the first identity.
    for status in ("reviewed", "shortlisted", "disqualified"):
        yield event(
            "application_status",
            "2026-03-04T10:00:00",
            event_id=f"tie {status}",
            application_id="tie",
            application_status=status,
            job_id=f"j of {status}",
        )
    # The first apply speaks for the application, although a status came before it.
    yield event(
        "application_status",
        "2026-03-04T09:00:00",
        application_id="event",
        application_status="qualified",
        job_id="other",
        unit_id="other",
    )
    for hour in (11, 10):
        yield event(
            "apply",
            f"2026-03-04T{hour}:00:00",
            application_id="event",
            job_id="j",
            unit_id=f"unit {hour}",
            search_id="s",
            surface="email",
            campaign_id=3,
        )
