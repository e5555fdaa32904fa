"""Records as statements about entities: what they say and when, or why they are rejected."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.files import Source
from jobmatch_assets_tests.replay.formats import Raw
from jobmatch_assets_tests.replay.forms import Form, Op, form_of
from jobmatch_assets_tests.replay.properties import kept_properties
from jobmatch_assets_tests.replay.tables import TABLES, Column, Table
from jobmatch_assets_tests.replay.values import InvalidError, Where, is_unchanged, read

Key = tuple[str, str, str]
"""Table, source and id of an entity."""


@dataclass(frozen=True)
class Record:
    """A statement about an entity.

    Attributes:
        raw: How it came.
        entity: Whom it is about.
        rank: Rows of dumps and reads of connectors 1, other rows 2, changes 3.
        op: What it does.
        own_time: source_ts of changes and reads, observed_at of rows.
        claimed_at: Since when it says that it holds.
        is_bound: Whether it says what was there then, not since when.
        stream: The log that it comes from.
        position: The place in it.
        values: Columns that are not unchanged.
        unchanged: Columns that are.
        invalid: Columns whose values cannot be read.
        properties: What else was sent.
        sent: What was sent for each column.
        source: What is known about its source.
    """

    raw: Raw
    entity: Key
    rank: int
    op: Op
    own_time: int
    claimed_at: int | None
    is_bound: bool
    stream: str
    position: tuple[int, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    unchanged: frozenset[str] = frozenset()
    invalid: frozenset[str] = frozenset()
    properties: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    source: Source = field(default_factory=Source)


@dataclass(frozen=True)
class Rejected:
    """A record in quarantine; `entity` where its key could be read."""

    raw: Raw
    reason: str
    entity: Key | None = None


def judge(raw: Raw, source: Source) -> Record | Rejected:
    """What becomes of a record."""
    if raw.reason is not None:
        return Rejected(raw, raw.reason)
    if not isinstance(raw.content, dict):
        return Rejected(raw, "not_an_object")
    in_cell = raw.file.format in ("csv", "xml")
    form = form_of(raw.content, in_cell)
    if form.op is None:
        return Rejected(raw, "unsupported_op")
    if form.state is None:
        return Rejected(raw, "bad_envelope")
    table = TABLES[raw.file.table]
    where = Where(in_cell, form.is_change, source.zone)
    key = _key(table, form.state, where)
    if key is None:
        return Rejected(raw, "missing_key")
    return _timed(raw, form, table, where, source, (table.name, raw.file.source, key))


def _key(table: Table, state: Mapping[str, Any], where: Where) -> str | None:
    sent = state.get(table.key.name)
    if is_unchanged(sent):
        return None
    try:
        value = read(table.key, sent, where).value
    except InvalidError:
        return None
    return None if value is None else str(value)


def _timed(
    raw: Raw, form: Form, table: Table, where: Where, source: Source, entity: Key
) -> Record | Rejected:
    assert form.op is not None
    assert form.state is not None
    taken_at = raw.file.taken_at
    updated_at, readable = _updated_at(table, form.state, where)
    is_dumped = not form.is_change and raw.file.dump is not None
    if form.is_change:
        own_time = form.source_ts
    elif is_dumped or updated_at is None:
        own_time = taken_at
    else:
        own_time = updated_at
    if own_time is None or not (readable or form.is_change):
        return Rejected(raw, "bad_change_time", entity)
    if times.date_of(own_time) > raw.file.day + dt.timedelta(days=1):
        return Rejected(raw, "changed_in_future", entity)
    if own_time < 0:
        return Rejected(raw, "changed_too_early", entity)
    attests = form.is_read or is_dumped
    claims = attests and form.op == "upsert" and updated_at is not None and updated_at <= own_time
    record = Record(
        raw=raw,
        entity=entity,
        rank=1 if attests else 3 if form.is_change else 2,
        op=form.op,
        own_time=own_time,
        claimed_at=updated_at if claims else None,
        is_bound=attests or not (form.is_change or updated_at is not None),
        stream=form.stream,
        position=form.position,
    )
    return record if form.op == "delete" else _filled(record, form, table, where, source)


def _updated_at(table: Table, state: Mapping[str, Any], where: Where) -> tuple[int | None, bool]:
    sent = state.get("updated_at")
    if is_unchanged(sent):
        return None, True
    try:
        return read(table.by_name["updated_at"], sent, where).value, True
    except InvalidError:
        return None, False


def _filled(record: Record, form: Form, table: Table, where: Where, source: Source) -> Record | Rejected:
    assert form.state is not None
    values: dict[str, Any] = {}
    invalid, unchanged, kept = set(), set(), {}
    for column in table.others:
        sent = form.state.get(column.name)
        if _is_unchanged(column, form, record.raw) or is_unchanged(sent):
            unchanged.add(column.name)
            continue
        try:
            found = read(column, sent, where)
        except InvalidError:
            invalid.add(column.name)
            kept[column.name] = sent
            values[column.name] = None
        else:
            values[column.name] = found.value
            if found.is_other:
                kept[column.name] = sent
        if column.is_required and values[column.name] is None:
            return Rejected(record.raw, "bad_required_field", record.entity)
    unknown = {name: sent for name, sent in form.state.items() if name not in table.by_name}
    return Record(
        **{
            **record.__dict__,
            "values": values,
            "unchanged": frozenset(unchanged),
            "invalid": frozenset(invalid),
            "properties": kept_properties(table, kept, unknown, where),
            "sent": {name: sent for name, sent in form.state.items() if name in table.by_name},
            "source": source,
        }
    )


def _is_unchanged(column: Column, form: Form, raw: Raw) -> bool:
    """Whether what is not there is unchanged."""
    assert form.state is not None
    return column.name not in form.state and (form.is_change or raw.file.format == "csv")
