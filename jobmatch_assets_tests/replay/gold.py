"""Dimensions, facts of hiring and billing, and references to what is not there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.as_of import NO_KEY, Entities, Match, member_key
from jobmatch_assets_tests.replay.events import Event
from jobmatch_assets_tests.replay.facts import Row, application_facts, company_of, joined
from jobmatch_assets_tests.replay.openings import openings
from jobmatch_assets_tests.replay.silver import Silver
from jobmatch_assets_tests.replay.statuses import histories
from jobmatch_assets_tests.replay.tables import DIMENSIONS, TABLES
from jobmatch_assets_tests.replay.versions import Version

Rows = dict[tuple[Any, ...], Row]
"""{key of a row: its other columns}"""

_ORPHANS = {
    "fact_event": ("job_id", "campaign_id"),
    "fact_application": ("job_id", "candidate_id", "campaign_id"),
    "fact_placement": ("application_id", "job_id", "candidate_id", "company_id"),
    "fact_timesheet": ("placement_id",),
    "fact_invoice": ("company_id", "placement_id"),
}


@dataclass(frozen=True)
class _Known:
    """What facts are joined with."""

    silver: Silver
    entities: dict[str, Entities]


def gold_tables(silver: Silver, events: Sequence[Event]) -> dict[str, Rows]:
    """{table: rows} of gold, and of silver what is made of versions and events."""
    entities = {name: Entities(silver, name) for name in TABLES}
    known = _Known(silver, entities)
    told = histories(entities["application"], events)
    facts: dict[str, Rows] = {
        "fact_event": {
            (event.event_id,): _event(known, event) for event in events if event.name != "application_status"
        },
        "fact_application": {(key,): row for key, row in application_facts(entities, events, told).items()},
        "fact_placement": dict(_current(known, "placement", _placement)),
        "fact_timesheet": dict(_current(known, "timesheet", _timesheet)),
        "fact_invoice": dict(_current(known, "invoice", _invoice)),
    }
    return {
        "application_status_history": {
            (application, one.status, one.at): {"precision": one.precision, "origin": one.origin}
            for application, observed in told.items()
            for one in observed
        },
        "openings": {of: {"opening_id": opening} for of, opening in openings(silver).items()},
        **{f"dim_{name}": dict(_dimension(silver, name)) for name in DIMENSIONS},
        **facts,
        "entity_orphans_daily": _orphans(known, facts),
    }


def _event(known: _Known, event: Event) -> Row:
    job = known.entities["job"].as_of(event.job_id, event.at)
    matches = {
        "job": job,
        "company": company_of(known.entities, job, event.at),
        "campaign": known.entities["campaign"].as_of(event.campaign_id, event.at),
    }
    said = {"job_id": event.job_id, "campaign_id": event.campaign_id, "event_date": times.date_of(event.at)}
    return {**said, **joined(matches)}


def _current(known: _Known, table: str, join: Any) -> Iterator[tuple[tuple[str, str], Row]]:
    for (name, source, key), walk in known.silver.walks.items():
        if name == table and walk.versions and walk.versions[-1].valid_to is None:
            values = dict(walk.versions[-1].values)
            yield (source, key), {**values, **joined(join(known.entities, values))}


def _placement(entities: dict[str, Entities], values: Row) -> dict[str, Match]:
    at = values["placed_at"]
    return {name: entities[name].as_of(values[f"{name}_id"], at) for name in ("job", "candidate", "company")}


def _timesheet(entities: dict[str, Entities], values: Row) -> dict[str, Match]:
    at = None if values["week_starting"] is None else times.begin_of(values["week_starting"])
    walk = entities["placement"].walk_of(values["placement_id"])
    placed: Row = dict(walk.versions[-1].values) if walk else {}
    return {
        name: entities[name].as_of(placed.get(f"{name}_id"), at) for name in ("job", "candidate", "company")
    }


def _invoice(entities: dict[str, Entities], values: Row) -> dict[str, Match]:
    at = None if values["issued_on"] is None else times.begin_of(values["issued_on"])
    return {"company": entities["company"].as_of(values["company_id"], at)}


def _dimension(silver: Silver, name: str) -> Iterator[tuple[tuple[str], Row]]:
    table = TABLES[name]
    shown = [column.name for column in table.others if column.is_tracked and not column.is_hashed]
    for (of, source, key), walk in silver.walks.items():
        for number, version in enumerate(walk.versions if of == name else (), 1):
            yield (
                (member_key(name, source, key, version.valid_from),),
                {
                    "source": source,
                    table.key.name: int(key) if table.key.kind == "integer_id" else key,
                    "version": number,
                    **_period(version),
                    "is_deleted": walk.is_deleted,
                    **{column: version.values[column] for column in shown},
                },
            )
    unknown = None if table.key.kind == "integer_id" else "(unknown)"
    yield (NO_KEY,), {table.key.name: unknown}


def _period(version: Version) -> Row:
    return {
        "valid_from": version.valid_from,
        "valid_to": version.valid_to,
        "is_current": version.valid_to is None,
    }


def _orphans(known: _Known, facts: dict[str, Rows]) -> Rows:
    rows, orphans = Counter[Any](), Counter[Any]()
    for fact, columns in _ORPHANS.items():
        for row in facts[fact].values():
            date = _date_of_keys(fact, row)
            for column in columns:
                if date is not None and row[column] is not None:
                    rows[fact, column, date] += 1
                    table = column.removesuffix("_id")
                    orphans[fact, column, date] += str(row[column]) not in known.entities[table]
    return {of: {"rows": count, "orphans": orphans[of]} for of, count in rows.items()}


def _date_of_keys(fact: str, row: Row) -> Any:
    if fact == "fact_placement":
        return None if row["placed_at"] is None else times.date_of(row["placed_at"])
    column = {
        "fact_event": "event_date",
        "fact_application": "applied_date",
        "fact_timesheet": "week_starting",
        "fact_invoice": "issued_on",
    }[fact]
    return row[column]
