"""The walk through an entity's records: what each does, and the versions that they make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

from jobmatch_assets_tests.replay.order import Observed
from jobmatch_assets_tests.replay.salaries import judged_salary
from jobmatch_assets_tests.replay.tables import Table

Effect = Literal["opened", "delete", "unchanged", "superseded"]


@dataclass
class Version:
    """A period in which the tracked columns stayed the same.

    Attributes:
        valid_from: When it begins.
        opener: What opened it.
        values: Columns as in its last record.
        invalid: Names of those that could not be read, as in its last record.
        properties: What else was sent, as in its last record.
        valid_to: When it ends.
        ended_by: What ends it.
    """

    valid_from: int
    opener: Observed
    values: Mapping[str, Any]
    invalid: Sequence[str]
    properties: Mapping[str, Any]
    valid_to: int | None = None
    ended_by: Literal["version", "delete"] | None = None


@dataclass
class Walk:
    """What became of an entity's records."""

    versions: list[Version] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    is_deleted: bool = False


@dataclass
class _Period:
    """What begins with a record that changes something, and those after it that change nothing."""

    valid_from: int
    tracked: tuple[Any, ...] | None
    first: int
    last: int


@dataclass(frozen=True)
class _State:
    values: Mapping[str, Any]
    invalid: Sequence[str]
    properties: Mapping[str, Any]


def walk(table: Table, ordered: Sequence[Observed]) -> Walk:
    """Walk through records in their order."""
    states = list(_states(table, ordered))
    effects: list[Effect] = ["unchanged"] * len(ordered)
    periods: list[_Period] = []
    before: tuple[Any, ...] | None = None
    for number, (one, state) in enumerate(zip(ordered, states, strict=True)):
        tracked = None if state is None else _tracked(table, state)
        if tracked == before:
            if periods:
                periods[-1].last = number
            continue
        observed_before = ordered[number - 1].observed_at if number else None
        periods.append(_Period(_valid_from(one, observed_before), tracked, number, number))
        before = tracked
    left = []
    for period, following in zip_longest(periods, periods[1:]):
        if following is not None and following.valid_from == period.valid_from:
            effects[period.first] = "superseded"
        else:
            left.append(period)
    kept: list[_Period] = []
    for period in left:
        if period.tracked == (kept[-1].tracked if kept else None):
            if kept:
                kept[-1].last = period.last
            continue
        effects[period.first] = "delete" if period.tracked is None else "opened"
        kept.append(period)
    found = Walk(effects=effects, is_deleted=bool(ordered) and ordered[-1].op == "delete")
    for period, next_one in zip_longest(kept, kept[1:]):
        last = states[period.last]
        if last is not None:
            end = next_one and ("delete" if next_one.tracked is None else "version")
            found.versions.append(
                Version(
                    period.valid_from,
                    ordered[period.first],
                    *(last.values, last.invalid, last.properties),
                    valid_to=next_one.valid_from if next_one else None,
                    ended_by=end or None,  # type: ignore[arg-type]
                )
            )
    return found


def _states(table: Table, ordered: Sequence[Observed]) -> Iterator[_State | None]:
    carried: Mapping[str, Any] = {}
    for one in ordered:
        if one.op == "delete":
            carried = {}
            yield None
            continue
        record = one.record
        assert record is not None
        carried = {name: carried.get(name) for name in record.unchanged} | dict(record.values)
        values, refused = judged_salary(table, carried, record.source.currency)
        if "openings" in table.by_name and values["openings"] is None:
            values["openings"] = 1
        sent = {name: record.sent[name] for name in refused if name not in record.unchanged}
        yield _State(values, sorted({*record.invalid, *refused}), {**record.properties, **sent})


def _tracked(table: Table, state: _State) -> tuple[Any, ...]:
    return tuple(state.values[column.name] for column in table.others if column.is_tracked)


def _valid_from(one: Observed, observed_before: int | None) -> int:
    claim = one.claimed_at
    if claim is not None and (observed_before is None or claim > observed_before):
        return claim
    return one.observed_at
