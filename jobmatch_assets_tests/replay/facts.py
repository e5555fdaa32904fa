"""Facts about applications: one row for each that is known from the table or from events."""

from collections.abc import Sequence
from typing import Any

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.as_of import Entities, Match
from jobmatch_assets_tests.replay.events import Event, of_applications
from jobmatch_assets_tests.replay.statuses import Observation
from jobmatch_assets_tests.replay.tables import STATUSES

Row = dict[str, Any]

_STAGES = ("submitted", "reviewed", "shortlisted", "interview", "offered", "placed")
_IMPLYING = {"qualified": "reviewed", "disqualified": "reviewed"}
_CLOSED = ("placed", "rejected", "withdrawn", "disqualified")
_SILENT = ("submitted", "withdrawn")


def application_facts(
    entities: dict[str, Entities], events: Sequence[Event], histories: dict[str, list[Observation]]
) -> dict[str, Row]:
    """{application_id: its row}"""
    told = list(of_applications(events))
    return {
        application: _fact(
            entities, application, [event for event in told if event.application_id == application], observed
        )
        for application, observed in histories.items()
    }


def joined(names: dict[str, Match]) -> Row:
    """The columns of dimensions in a fact."""
    return {
        column: value
        for name, match in names.items()
        for column, value in ((f"{name}_key", match.key), (f"{name}_match", match.how))
    }


def company_of(entities: dict[str, Entities], job: Match, at: int | None) -> Match:
    """The company that a job is of."""
    company = None if job.version is None else job.version.values["company_id"]
    return entities["company"].as_of(company, at)


def _fact(
    entities: dict[str, Entities], application: str, events: list[Event], observed: list[Observation]
) -> Row:
    walk = entities["application"].walk_of(application)
    own = walk.versions[-1].values if walk else {}
    said = _said_by_events(events)
    row: Row = {
        column: said.get(column) if own.get(sent) is None else own[sent]
        for column, sent in (
            *(("job_id", "job_id"), ("unit_id", "user_id"), ("campaign_id", "campaign_id")),
            *(("channel", "channel"), ("search_id", "search_id")),
        )
    }
    row["candidate_id"] = own.get("candidate_id")
    submitted = [one.at for one in observed if one.status == "submitted"]
    applied_at = own.get("applied_at")
    if applied_at is None:
        applied_at = min(submitted or [one.at for one in observed], default=None)
    at = walk.versions[0].valid_from if applied_at is None and walk else applied_at
    job = entities["job"].as_of(row["job_id"], at)
    row |= joined(
        {
            "job": job,
            "company": company_of(entities, job, at),
            "candidate": entities["candidate"].as_of(row["candidate_id"], at),
            "campaign": entities["campaign"].as_of(row["campaign_id"], at),
        }
    )
    row |= {"applied_at": applied_at, "applied_date": None if at is None else times.date_of(at)}
    current = own.get("status") if walk and walk.versions[-1].valid_to is None else None
    return {
        **row,
        **_of_statuses(observed),
        **_durations(observed, applied_at),
        **_conflict(observed, current),
    }


def _said_by_events(events: list[Event]) -> Row:
    in_order = sorted(events, key=lambda event: (event.at, event.event_id))
    applies = [event for event in in_order if event.name == "apply"]
    if not in_order:
        return {}
    first = (applies or in_order)[0]
    return {
        "job_id": first.job_id,
        "unit_id": first.unit_id,
        "campaign_id": first.campaign_id,
        "channel": first.surface if applies else None,
        "search_id": first.search_id,
    }


def _of_statuses(observed: list[Observation]) -> Row:
    row: Row = {
        f"{status}_at": min((one.at for one in observed if one.status == status), default=None)
        for status in STATUSES
    }
    seen = {_IMPLYING.get(one.status, one.status) for one in observed} & set(_STAGES)
    furthest = max(map(_STAGES.index, seen), default=-1)
    row |= {f"reached_{stage}": number <= furthest for number, stage in enumerate(_STAGES) if number}
    last = max(observed, key=lambda one: one.order, default=None)
    row |= {"status": last and last.status, "status_at": last and last.at}
    return {**row, "is_open": None if last is None else last.status not in _CLOSED}


def _durations(observed: list[Observation], applied_at: int | None) -> Row:
    response = min((one.at for one in observed if one.status not in _SILENT), default=None)
    placed = min((one.at for one in observed if one.status == "placed"), default=None)
    return {
        "first_response_at": response,
        "days_to_response": _days(applied_at, response),
        "days_to_placed": _days(applied_at, placed),
    }


def _days(begin: int | None, end: int | None) -> int | None:
    return None if begin is None or end is None else (end - begin) // times.DAY


def _conflict(observed: list[Observation], current: str | None) -> Row:
    by_events = max(
        (one for one in observed if one.origin == "event"), key=lambda one: one.order, default=None
    )
    return {
        "status_by_events": by_events and by_events.status,
        "status_by_entity": current,
        "status_conflict": None if by_events is None or current is None else by_events.status != current,
    }
