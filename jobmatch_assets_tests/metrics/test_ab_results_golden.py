"""The golden events through the statistics, against the golden results."""

import csv
import datetime as dt
import json
import math
import operator
from pathlib import Path

from jobmatch_assets.metrics.ab_results import compute_ab_results
from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS, AB_RESULTS_KEY
from jobmatch_assets.metrics.experiment_registry import read_registry
from jobmatch_assets_tests.metrics.sums import Stamp, sums_of_stamps

GOLDEN = Path(__file__).parent.parent / "golden"
READ = {"date": dt.date.fromisoformat, "string": str, "integer": int, "float": float}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same(expected: object, actual: object) -> bool:
    if isinstance(expected, float) and isinstance(actual, float):
        return math.isclose(expected, actual, rel_tol=1e-9)
    return expected == actual


def test_every_golden_row_comes_out_and_no_other() -> None:
    stamps = [
        Stamp(
            dt.date.fromisoformat(event["event_date"]),
            experiment["experiment_id"],
            experiment["variant"],
            event["unit_id"],
            event["event_name"],
        )
        for event in rows_of(GOLDEN / "expected" / "silver_events.csv")
        for experiment in json.loads(event["experiments"])
    ]
    expected = {
        tuple(row[name] for name in AB_RESULTS_KEY): {
            column.name: READ[column.type](row[column.name]) if row[column.name] else None
            for column in AB_RESULTS_COLUMNS
        }
        for row in map(
            operator.or_,
            rows_of(GOLDEN / "expected" / "ab_results.csv"),
            rows_of(GOLDEN / "expected_pages" / "ab_results.csv"),
        )
    }

    results = compute_ab_results(
        sums_of_stamps(stamps), read_registry(GOLDEN / "experiments.csv")
    ).to_pylist()

    actual = {tuple(str(row[name]) for name in AB_RESULTS_KEY): row for row in results}
    assert len(actual) == len(results)
    assert actual.keys() == expected.keys()
    differences = [
        (key, name, value, actual[key][name])
        for key, row in expected.items()
        for name, value in row.items()
        if not same(value, actual[key][name])
    ]
    assert differences == []
