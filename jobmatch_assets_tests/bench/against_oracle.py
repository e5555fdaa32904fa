"""What the platform made of a landing folder, line by line, beside what the oracle says."""

import datetime as dt
import decimal
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jobmatch_assets_tests.bench.workbench import Workbench
from jobmatch_assets_tests.golden import oracle

Place = tuple[str, int]

TYPED_COLUMNS = (
    "event_id",
    "event_name",
    "schema_version",
    "user_id",
    "anonymous_id",
    "session_id",
    "search_id",
    "search_query",
    "results_count",
    "surface",
    "rank_position",
    "is_exploration",
    "ranker_version",
    "job_id",
    "publisher_id",
    "campaign_id",
    "group_id",
    "bid",
    "application_id",
    "application_status",
    "platform",
    "device_type",
    "source",
)


def judged_by_platform(bench: Workbench) -> dict[Place, dict[str, Any]]:
    """Every staged line by file and line number: reason and partition, and the columns where it is valid."""
    judged = {}
    rows = bench.query(
        "select _source_file, _source_line, reason, event_date, epoch_us(event_ts), epoch_us(ingested_at), "
        "experiments, properties, currency, raw_line, "
        f"{', '.join(TYPED_COLUMNS)} from job_matching_silver.stg_events"
    )
    for file, number, reason, date, us, ingested_us, experiments, properties, currency, raw, *typed in rows:
        assert (file, number) not in judged
        judged[file, number] = {"reason": reason, "event_date": date, "raw": raw}
        if reason is None:
            judged[file, number] |= dict(zip(TYPED_COLUMNS, typed, strict=True)) | {
                "event_us": us,
                "ingested_us": ingested_us,
                "experiments": [(pair["experiment_id"], pair["variant"]) for pair in experiments],
                "properties": None if properties is None else _json(properties),
                "currency": currency,
            }
    return judged


def judged_by_oracle(
    landing: Path, partitions_start: dt.date = dt.date(2019, 1, 1), currency: str = "EUR"
) -> dict[Place, dict[str, Any]]:
    """The same from the contract."""
    judged = {}
    for file, number, raw, day in oracle.read_landing(landing)[1]:
        with decimal.localcontext(prec=1000):  # digits are cut, never rounded
            row, reason, date = oracle.judge(raw, day, partitions_start, currency)
        judged[file, number] = {"reason": reason, "event_date": date, "raw": raw.decode("utf-8", "replace")}
        if row is not None:
            properties = row["properties"]
            judged[file, number] |= {column: row[column] for column in TYPED_COLUMNS} | {
                "event_us": row["event_us"],
                "ingested_us": row["ingested_us"],
                "experiments": row["experiments"],
                "properties": None if properties is None else _json(properties),
                "currency": row["currency"],
            }
    return judged


def differences(expected: dict[Place, dict[str, Any]], actual: dict[Place, dict[str, Any]]) -> Iterator[str]:
    """A text for each column of each line that differs."""
    for place in sorted(expected.keys() | actual.keys()):
        want, got = expected.get(place, {}), actual.get(place, {})
        for column in sorted((want.keys() | got.keys()) - {"raw"}):
            if want.get(column) != got.get(column):
                line = str(want.get("raw", got.get("raw")))[:400]
                yield f"{place}: {column} is {got.get(column)!r}, expected {want.get(column)!r}: {line}"
                break


def _json(text: str) -> Any:
    """The value of a JSON text, or the text itself where it is none."""
    try:
        return json.loads(text, parse_int=_number)
    except ValueError:
        return text


def _number(digits: str) -> int | float:
    """Numbers of unknown keys are kept to the precision of a double."""
    return int(digits) if len(digits) <= 15 else float(digits)
