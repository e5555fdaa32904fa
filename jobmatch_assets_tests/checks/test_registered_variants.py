"""Units in variants that the registry does not know give a warning, and take nothing away from the results."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets_tests.bench.workbench import Workbench

pytestmark = pytest.mark.rebuilds

DAY = "2026-03-02"
UNITS = {"control": 600, "treatment": 300}


def lines(units: dict[str, int]) -> list[dict[str, object]]:
    return [
        {
            "event_id": f"{variant}-{number}",
            "event_name": "impression",
            "event_ts": f"{DAY}T10:00:00Z",
            "user_id": f"{variant}-{number}",
            "job_id": "j",
            "experiment_id": "half",
            "variant": variant,
        }
        for variant, count in units.items()
        for number in range(count)
    ]


def bench_with(
    workbench: Callable[..., Workbench], folder: Path, weights: str, units: dict[str, int]
) -> Workbench:
    registry = folder / "registry.csv"
    registry.write_text(f"experiment_id,control_variant,weights\nhalf,control,{weights}\n")
    bench = workbench(JOBMATCH_EXPERIMENTS=str(registry))
    bench.land(f"dt={DAY}/all.ndjson", map(json.dumps, lines(units)))
    bench.run()
    return bench


@pytest.mark.parametrize(
    ("weights", "stray"),
    [("control=0.5;treatment=0.5", {"stray": 1}), ("control=0.5;treatment=0.5;old=0", {"old": 3})],
)
def test_a_stray_unit_is_told_and_the_split_is_tested_all_the_same(
    workbench: Callable[..., Workbench], tmp_path: Path, weights: str, stray: dict[str, int]
) -> None:
    bench = bench_with(workbench, tmp_path, weights, UNITS | stray)
    ((name, count),) = stray.items()
    [(description, is_blocking, date)] = bench.query(
        "select description, is_blocking, partition_date from job_matching_bronze.failing_checks "
        "where check_name = 'variants_are_registered'"
    )
    assert f"'{name}' of 'half' with {count} units by {DAY}" in description
    assert (is_blocking, date) == (False, dt.date.fromisoformat(DAY))
    assert bench.query("select distinct status, p_value from job_matching_gold.ab_results") == [
        ("invalid_srm", None)
    ]


def test_registered_variants_and_experiments_without_weights_pass(
    workbench: Callable[..., Workbench], tmp_path: Path
) -> None:
    bench = bench_with(workbench, tmp_path, "", UNITS | {"stray": 1})
    assert bench.query("select * from job_matching_bronze.failing_checks where stage = 'experiments'") == []
