"""What the simulation plants comes back out of the whole pipeline."""

import datetime as dt
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets.simulation import Experiment, Scenario, Variant, write_landing
from jobmatch_assets_tests.bench.tables import GOLD_TABLES, HEALTH_TABLES, Row
from jobmatch_assets_tests.bench.workbench import Workbench

START = dt.date(2026, 3, 1)
MONTH_SEED = 1
WEEK_SEEDS = (2, 3, 4, 5)
MONTH: dict[str, Any] = {"days": 31, "users": 900, "sessions_per_user": 0.25}
WEEK: dict[str, Any] = {"days": 5, "users": 500, "sessions_per_user": 0.6}
CLICK_LIFT = 0.3
APPLY_LIFT = 0.5
NO_EFFECT_COLUMNS = (
    *("effect", "relative_effect", "std_error", "ci_low", "ci_high", "p_value"),
    *("seq_ci_low", "seq_ci_high", "adjusted_p_value"),
)


def experiments(seed: int) -> tuple[Experiment, ...]:
    """Two lifts, none, a split that is not the registered one, and users in two variants."""

    def halves(control: float = 0.5, **lifts: float) -> tuple[Variant, ...]:
        return Variant("control", 0.5, control), Variant("treatment", 0.5, 1 - control, **lifts)

    skew = 0.6 if seed == MONTH_SEED else 0.65
    return (
        Experiment(f"clicks_{seed}", halves(click_lift=CLICK_LIFT)),
        Experiment(f"applies_{seed}", halves(apply_lift=APPLY_LIFT)),
        Experiment(f"nothing_{seed}", halves()),
        Experiment(f"skewed_{seed}", halves(control=skew, click_lift=CLICK_LIFT)),
        Experiment(f"few_twice_{seed}", halves(), multiple_variant_rate=0.004),
        Experiment(f"many_twice_{seed}", halves(click_lift=CLICK_LIFT), multiple_variant_rate=0.05),
    )


@dataclass
class Planted:
    """Generations that landed side by side, and what the platform says of them.

    Attributes:
        truths: truth.json by seed.
        results: The last rows of ab_results by experiment, variant and metric.
        built: The platform.
    """

    truths: dict[int, dict[str, Any]]
    results: dict[tuple[str, str, str], Row]
    built: Workbench

    def experiments(self, kind: str) -> Iterator[tuple[dict[str, Any], str]]:
        for truth in self.truths.values():
            for experiment in truth["experiments"]:
                if experiment["experiment_id"].rsplit("_", 1)[0] == kind:
                    yield experiment, experiment["experiment_id"]


@pytest.fixture(scope="module")
def planted(new_platform: Callable[..., Workbench], tmp_path_factory: pytest.TempPathFactory) -> Planted:
    built = new_platform()
    truths = {}
    registry: list[str] = []
    for seed in (MONTH_SEED, *WEEK_SEEDS):
        folder = tmp_path_factory.mktemp(f"seed{seed}")
        scenario = Scenario(
            start=START,
            seed=seed,
            experiments=experiments(seed),
            **(MONTH if seed == MONTH_SEED else WEEK),
        )
        write_landing(scenario, folder)
        truths[seed] = json.loads((folder / "truth.json").read_text())
        for path in (folder / "landing" / "events").rglob("*.ndjson"):
            target = built.landing / "events" / path.parent.name / f"seed{seed}-{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        header, *lines = (folder / "experiments.csv").read_text().splitlines()
        registry += lines if registry else [header, *lines]
    built.registry.write_text("\n".join(registry) + "\n")
    built.run()
    return Planted(truths, built.results(), built)


def test_every_event_is_there_once(planted: Planted) -> None:
    silver = planted.built.rows(
        "select event_name, count(*) as events, count(distinct event_id) as ids "
        "from job_matching_silver.events group by event_name"
    )
    written: dict[str, int] = defaultdict(int)
    for truth in planted.truths.values():
        for name, count in truth["lines"]["events"].items():
            written[name] += count
    assert {row["event_name"]: row["events"] for row in silver} == written
    assert all(row["events"] == row["ids"] for row in silver)
    assert all(
        truth["lines"]["repeated"] and truth["lines"]["corrected"] for truth in planted.truths.values()
    )


def covered(row: Row, lift: float) -> bool:
    """Whether the interval of the effect holds this lift of the value without it.

    Both arms together tell that value; the control alone would add its own chance to that of the effect.
    """
    units = row["units_control"] + row["units_treatment"]
    without = (
        row["units_control"] * row["value_control"]
        + row["units_treatment"] * row["value_treatment"] / (1 + lift)
    ) / units
    return bool(row["ci_low"] <= lift * without <= row["ci_high"])


def test_intervals_hold_the_planted_lifts(planted: Planted) -> None:
    """Of every metric with a closed form: in 4 of 5 generations at least, and in 9 of 10 of all."""
    found = defaultdict(list)
    for kind in ("clicks", "applies", "nothing"):
        for experiment, name in planted.experiments(kind):
            for metric, lift in experiment["variants"][1]["expected_relative_effect"].items():
                if lift is not None:
                    row = planted.results[name, "treatment", metric]
                    assert row["status"] == "ok"
                    found[kind, metric].append(covered(row, lift))
    assert len(found) == 11
    assert all(len(generations) == 5 for generations in found.values())
    assert {key: generations for key, generations in found.items() if sum(generations) < 4} == {}
    everything = [holds for generations in found.values() for holds in generations]
    assert sum(everything) >= 0.9 * len(everything)


@pytest.mark.parametrize(
    ("experiment", "metric"),
    [
        *(("clicks", metric) for metric in ("ctr", "clicks_per_user")),
        *(("applies", metric) for metric in ("applies_per_user", "apply_per_click", "apply_user_rate")),
    ],
)
def test_a_month_shows_what_was_planted(planted: Planted, experiment: str, metric: str) -> None:
    """The intervals are narrow enough to leave out 0."""
    row = planted.results[f"{experiment}_{MONTH_SEED}", "treatment", metric]
    assert row["as_of_date"] >= START + dt.timedelta(days=30)
    assert row["ci_low"] > 0
    assert row["adjusted_p_value"] < 0.05


def test_looking_every_day_finds_no_difference_where_there_is_none(planted: Planted) -> None:
    rows = planted.built.rows(
        "select * from job_matching_gold.ab_results where experiment_id = ? and status = 'ok'",
        f"nothing_{MONTH_SEED}",
    )
    assert len({row["as_of_date"] for row in rows}) > 25
    assert [row for row in rows if row["seq_ci_low"] > 0 or row["seq_ci_high"] < 0] == []


def test_a_split_that_was_not_registered_is_found(planted: Planted) -> None:
    for _, name in planted.experiments("skewed"):
        row = planted.results[name, "treatment", "ctr"]
        assert row["status"] == "invalid_srm"
        assert row["srm_p_value"] < 0.001
        assert [row[column] for column in NO_EFFECT_COLUMNS] == [None] * len(NO_EFFECT_COLUMNS)
        assert row["value_treatment"] > row["value_control"]
    for kind in ("clicks", "applies", "nothing"):
        for _, name in planted.experiments(kind):
            assert planted.results[name, "treatment", "ctr"]["srm_p_value"] >= 0.001


@pytest.mark.parametrize(
    ("kind", "status"), [("nothing", "ok"), ("few_twice", "ok"), ("many_twice", "invalid_multiple_variants")]
)
def test_users_in_two_variants_are_found_and_left_out(planted: Planted, kind: str, status: str) -> None:
    for experiment, name in planted.experiments(kind):
        row = planted.results[name, "treatment", "ctr"]
        control, treatment = (variant["units"] for variant in experiment["variants"])
        assert row["status"] == status
        assert row["multiple_variant_units"] == experiment["multiple_variant_units"]
        assert (row["units_control"], row["units_treatment"]) == (control, treatment)
    left_out = sum(experiment["multiple_variant_units"] for experiment, _ in planted.experiments(kind))
    assert (left_out > 0) == (kind != "nothing")


CLEAN = Scenario(
    start=START,
    days=6,
    users=300,
    seed=8,
    sessions_per_user=0.8,
    experiments=experiments(8),
    late_rate=0.0,
    repeat_rate=0.0,
    corrected_rate=0.0,
    broken_rate=0.0,
)
NOISY = replace(
    CLEAN, late_rate=0.2, late_days=2, repeat_rate=0.1, corrected_rate=0.1, broken_rate=0.05, files_per_day=2
)
COMPLETE_UNTIL = CLEAN.start + dt.timedelta(days=2)
"""All lines of this date and of the next have landed: their sessions began by then, and they are 2 days late
at the most."""


@pytest.fixture(scope="module")
def clean_and_noisy(
    new_platform: Callable[..., Workbench], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Workbench, Workbench]:
    def build(scenario: Scenario) -> Workbench:
        folder: Path = tmp_path_factory.mktemp("generation")
        write_landing(scenario, folder)
        built = new_platform(folder / "landing", folder / "experiments.csv")
        built.run()
        return built

    return build(CLEAN), build(NOISY)


def test_the_noise_is_there(clean_and_noisy: tuple[Workbench, Workbench]) -> None:
    for table in ("events_duplicates", "events_quarantine"):
        clean, noisy = (
            built.rows(f"select count(*) as rows from job_matching_silver.{table}")[0]["rows"]
            for built in clean_and_noisy
        )
        assert clean == 0
        assert noisy > 200
    late = "select count(*) as rows from job_matching_silver.events where event_date < _source_dt"
    assert clean_and_noisy[0].rows(late)[0]["rows"] == 0
    assert clean_and_noisy[1].rows(late)[0]["rows"] > 1000


def test_late_repeated_corrected_and_broken_lines_change_no_event(
    clean_and_noisy: tuple[Workbench, Workbench],
) -> None:
    """A correction says when it was sent and by whom; all else is as it was."""
    query = """
        select columns(c -> not starts_with(c, '_source') and c not in ('ingested_at', 'source'))
        from job_matching_silver.events where event_date <= ? order by event_id
    """
    clean, noisy = (built.rows(query, COMPLETE_UNTIL) for built in clean_and_noisy)
    assert len(clean) > 5000
    assert clean == noisy


@pytest.mark.parametrize("table", [table for table in GOLD_TABLES if table not in HEALTH_TABLES])
def test_late_repeated_corrected_and_broken_lines_change_no_number(
    clean_and_noisy: tuple[Workbench, Workbench], table: str
) -> None:
    is_weekly = table == "funnel_weekly"
    last = COMPLETE_UNTIL - dt.timedelta(days=6 if is_weekly else 0)
    clean, noisy = (
        {key: rows for key, rows in built.gold_by_date([table]).items() if key[1] <= str(last)}
        for built in clean_and_noisy
    )
    assert len(clean) == (1 if is_weekly else 3)
    assert clean == noisy
