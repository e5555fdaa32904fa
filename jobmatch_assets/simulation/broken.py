"""Lines that the event contract rejects, one maker for each reason of quarantine."""

import json
from collections.abc import Callable, Iterator
from typing import Any

Fields = dict[str, Any]
_LONGEST_LINE = 1024 * 1024


def _dumped(fields: Fields) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode()


def _with(**changes: Any) -> Callable[[Fields], bytes]:
    return lambda good: _dumped(good | changes)


def _without(field: str, **changes: Any) -> Callable[[Fields], bytes]:
    return lambda good: _dumped({k: v for k, v in (good | changes).items() if k != field})


_MAKERS: dict[str, tuple[Callable[[Fields], bytes], ...]] = {
    "line_too_long": (lambda good: _dumped(good | {"search_query": "x" * _LONGEST_LINE}),),
    "not_utf8": (
        lambda good: _dumped(good | {"search_query": "caf#"}).replace(b"#", b"\xe9"),
        lambda good: _dumped(good | {"search_query": "#"}).replace(b"#", b"\xff\xfe"),
    ),
    "not_json": (
        lambda good: _dumped(good)[:-9],
        lambda good: _dumped(good | {"bid": float("nan")}),
        lambda good: _dumped(good) * 2,
    ),
    "not_an_object": (
        lambda good: b"[" + _dumped(good) + b"]",
        lambda good: json.dumps(good["event_id"]).encode(),
    ),
    "unsupported_schema_version": (_with(schema_version=3), _with(schema_version="2")),
    "missing_event_id": (_without("event_id"), _with(event_id=""), _with(event_id="x" * 129)),
    "unknown_event_name": (_with(event_name="Click"), _without("event_name")),
    "bad_event_ts": (
        _without("event_ts"),
        lambda good: _dumped(good | {"event_ts": good["event_ts"].removesuffix("Z")}),
        _with(event_ts="yesterday"),
    ),
    "event_ts_in_future": (_with(event_ts="9999-12-31T23:59:59Z"),),
    "event_ts_too_old": (_with(event_ts=0), _with(event_ts="1999-12-31T23:59:59Z")),
    "missing_identity": (_without("user_id"), _with(user_id=None, anonymous_id="")),
    "missing_job_id": (_without("job_id"), _without("job_id", event_name="bookmark")),
    "missing_search_id": (
        _without("search_id", event_name="search"),
        _without("search_id", event_name="impression", surface="search"),
    ),
    "bad_rank_position": (
        _with(rank_position=0),
        _with(rank_position=2.5),
        _without("rank_position", event_name="impression"),
    ),
    "incomplete_experiment": (
        _with(experiment_id="ranker_v2"),
        _with(experiments=[{"variant": "control"}]),
    ),
    "bad_application_status": (
        _with(event_name="application_status", application_id="a-1", application_status="hired"),
        _with(event_name="application_status", application_status="reviewed"),
    ),
    "bad_field_type": (_with(surface="billboard"), _with(bid=-1), _with(results_count="12")),
}

REASONS = tuple(_MAKERS)
"""The reasons of quarantine, in the order in which they are looked for."""


def broken_line(reason: str, turn: int, event_id: str, event_ts: str, unit: int) -> bytes:
    """A line that is quarantined for this reason and no other.

    Args:
        reason: One of REASONS.
        turn: Chooses among the ways to break it.
        event_id: Of the click that would have been.
        event_ts: A valid time of it, ending in `Z`.
        unit: Number of the user who sent it.
    """
    good: Fields = {
        "event_id": event_id,
        "schema_version": 2,
        "event_name": "click",
        "event_ts": event_ts,
        "user_id": f"user_{unit:06d}",
        "job_id": "job_00000",
        "search_id": f"q-{event_id}",
        "surface": "search",
        "rank_position": 1,
    }
    makers = _MAKERS[reason]
    return makers[turn % len(makers)](good)


def rotation(start: int) -> Iterator[tuple[str, int]]:
    """Reasons in turn, without end, each with the number of the round.

    Only the first round has a line that is too long, because a megabyte for every few
    thousand events would outweigh them all.

    Args:
        start: Shifts the beginning, so that days with few broken lines differ in their reasons.
    """
    turn = 0
    while True:
        for n in range(len(REASONS)):
            reason = REASONS[(start + n) % len(REASONS)]
            if reason != "line_too_long" or turn == 0:
                yield reason, turn
        turn += 1
