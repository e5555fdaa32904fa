"""Records that the entity contract rejects, one for each reason of quarantine."""

import json
from typing import Any

from jobmatch_assets.simulation.world.values import SECOND

_LONGEST_RECORD = 4 * 1024 * 1024


def _dumped(record: dict[str, Any]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()


def broken_lines(day_start: int) -> dict[str, bytes]:
    """Lines of NDJSON files of jobs, by reason.

    Args:
        day_start: Beginning of the day of their file, in microseconds.
    """
    at = day_start // SECOND

    def row(key: str, **changes: Any) -> dict[str, Any]:
        return {"job_id": f"broken-{key}", "title": "t", "updated_at": at, **changes}

    def change(key: str, **changes: Any) -> dict[str, Any]:
        source = {"ts_us": day_start, "name": "broken"}
        return {"op": "u", "before": None, "after": row(key), "source": source, **changes}

    return {
        "record_too_long": _dumped(row("too-long", title="x" * _LONGEST_RECORD)),
        "not_utf8": _dumped(row("not-utf8", title="#")).replace(b"#", b"\xe9"),
        "not_json": _dumped(row("not-json"))[:-3],
        "not_an_object": b"[" + _dumped(row("not-an-object")) + b"]",
        "unsupported_op": _dumped(change("unsupported-op", op="t")),
        "bad_envelope": _dumped(change("bad-envelope", after=None)),
        "missing_key": _dumped({"title": "t", "updated_at": at}),
        "bad_change_time": _dumped(change("bad-change-time", source={"name": "broken"})),
        "changed_in_future": _dumped(row("future", updated_at="9999-01-01T00:00:00Z")),
        "changed_too_early": _dumped(row("early", updated_at="1969-12-31T23:59:59Z")),
        "bad_required_field": _dumped(row("no-title", title=None)),
    }


BAD_CSV = b"job_id,title\r\nbroken-csv-row\r\n"
"""A file of jobs with one row, which lacks a cell: bad_csv_row."""
