"""Odd experiments and bad input through the whole pipeline: right statuses, no crash, no NaN."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jobmatch_assets_tests.bench.events import event, stamped
from jobmatch_assets_tests.bench.tables import GOLD_TABLES, Row
from jobmatch_assets_tests.bench.workbench import Workbench

USERS = 240
LONG = "long-" * 60
QUOTES = """it's "quoted"; -- ${x} {{ y }} \\ 100% | `z`"""
UNICODE = "naïve-実験 🧪"
ODD_NAMES = (LONG, QUOTES, UNICODE, "__all__", "(none)", "(unknown)", "NULL", " ", "nan")

Pairs = list[tuple[str, str]]


def pairs_of(n: int) -> Pairs:
    """The experiments of a user; each half of the users is an arm unless said otherwise."""
    arm = ("control", "treatment")[n % 2]
    pairs = [
        ("fine", arm),
        ("without_control", "ab"[n % 2]),
        # 70 of 240 in the treatment
        ("split_badly", "treatment" if n < 70 else "control"),
        ("one_variant", "control"),
        ("one_variant_not_control", "blue"),
        ("registered_control", ("old", "new")[n % 2]),
        ("ten_variants", "control" if n % 10 == 0 else f"v{n % 10}"),
        ("one_unit", "lonely" if n == 7 else arm),
        *((name, arm) for name in ODD_NAMES),
        *(("odd_variants", name) for name in [("control", *ODD_NAMES)[n % 10]]),
        # as in the rolled-up row and in that of no experiment
        ("__all__", "__all__"),
        ("(none)", "(none)"),
    ]
    if n < 20:
        pairs.append(("too_small", arm))
    # Two of 200 are 1 %, three are more.
    if n < 200:
        pairs += [("few_in_both", arm), ("many_in_both", arm)]
        pairs += [("few_in_both", "treatment")] if n in (0, 2) else []
        pairs += [("many_in_both", "treatment")] if n in (0, 2, 4) else []
    return [pair for pair in pairs if not (pair[0] in ("__all__", "(none)") and n % 3 and pair[1] == pair[0])]


def events() -> Iterator[dict[str, Any]]:
    """A list of two items per user; some click, some apply, one experiment has neither."""
    for n in range(USERS):
        user = f"u{n}"
        shown = {**stamped(*pairs_of(n)), "search_id": f"s{n}", "surface": "search"}
        yield event("search", user, "2026-03-01T10:00:00", results_count=2, **shown)
        for rank in (1, 2):
            yield event(
                "impression", user, "2026-03-01T10:00:01", job_id=f"j{rank}", rank_position=rank, **shown
            )
        if n % 3:
            yield event("click", user, "2026-03-01T10:00:02", job_id=f"j{n % 2 + 1}", **shown)
        if n % 5 == 0:
            yield event("apply", user, "2026-03-01T10:00:03", job_id="j2", **shown)
        quiet = {
            **stamped(("no_clicks", ("control", "treatment")[n % 2])),
            "search_id": f"q{n}",
            "job_id": "j1",
            "rank_position": 1,
        }
        yield event("impression", user, "2026-03-01T11:00:00", **quiet)
        nothing = stamped(("nothing_shown", ("control", "treatment")[n % 2]))
        yield event("login", user, "2026-03-01T12:00:00", **nothing)
        # Nothing happens on 2, 3 and 4 March.
        again = {**stamped(("fine", ("control", "treatment")[n % 2])), "job_id": "j1"}
        yield event("click", user, "2026-03-05T10:00:00", **again)
    # A list in no experiment.
    yield event("impression", "zoe", "2026-03-01T10:00:00", job_id="j1", rank_position=1, search_id="s")


@pytest.fixture(scope="module")
def built(new_platform: Callable[..., Workbench]) -> Workbench:
    platform = new_platform()
    platform.register("registered_control,old,", "split_badly,control,control=0.5;treatment=0.5")
    platform.land("dt=2026-03-05/a.ndjson", events())
    platform.run()
    return platform


@pytest.fixture(scope="module")
def results(built: Workbench) -> dict[tuple[str, str, str], Row]:
    return built.results()


def test_statuses(results: dict[tuple[str, str, str], Row]) -> None:
    statuses = {(experiment, variant): row["status"] for (experiment, variant, _), row in results.items()}
    assert statuses == {
        ("fine", "treatment"): "ok",
        ("without_control", "a"): "no_control",
        ("without_control", "b"): "no_control",
        ("split_badly", "treatment"): "invalid_srm",
        ("one_variant_not_control", "blue"): "no_control",
        ("registered_control", "new"): "ok",
        **{("ten_variants", f"v{n}"): "insufficient" for n in range(1, 10)},
        ("one_unit", "treatment"): "invalid_srm",
        ("one_unit", "lonely"): "invalid_srm",
        ("too_small", "treatment"): "insufficient",
        ("few_in_both", "treatment"): "insufficient",
        ("many_in_both", "treatment"): "invalid_multiple_variants",
        ("no_clicks", "treatment"): "ok",
        ("nothing_shown", "treatment"): "ok",
        **{("odd_variants", name): "insufficient" for name in ODD_NAMES},
        **{(name, "treatment"): "ok" for name in ODD_NAMES if name not in ("__all__", "(none)")},
        # 80 of the 240 show this variant, too.
        **{
            (name, variant): "invalid_multiple_variants"
            for name in ("__all__", "(none)")
            for variant in ("treatment", name)
        },
    }


def test_no_status_but_ok_publishes_an_effect(results: dict[tuple[str, str, str], Row]) -> None:
    effects = (
        *("effect", "relative_effect", "std_error", "ci_low", "ci_high", "p_value"),
        *("seq_ci_low", "seq_ci_high", "adjusted_p_value"),
    )
    for row in results.values():
        if row["status"] == "ok":
            # no_clicks has applies per click of nothing, nothing_shown has no rate at all.
            assert (row["effect"] is None) == (row["value_control"] is None)
        else:
            assert [row[column] for column in effects] == [None] * len(effects)
    assert {row["status"] for row in results.values()} == {
        *("ok", "no_control", "invalid_multiple_variants", "invalid_srm", "insufficient")
    }


def test_no_clicks_at_all(results: dict[tuple[str, str, str], Row]) -> None:
    row = results["no_clicks", "treatment", "ctr"]
    assert (row["value_control"], row["value_treatment"], row["effect"]) == (0, 0, 0)
    assert (row["relative_effect"], row["ci_low"], row["p_value"]) == (None, None, None)
    assert results["no_clicks", "treatment", "apply_per_click"]["value_control"] is None
    assert results["nothing_shown", "treatment", "ctr"]["value_treatment"] is None


def test_days_without_events_repeat_what_is_known(built: Workbench) -> None:
    rows = built.rows(
        "select * from job_matching_gold.ab_results where experiment_id = 'fine' order by metric, as_of_date"
    )
    assert len(rows) == 5 * 5
    for start in range(0, 25, 5):
        days = [{**row, "as_of_date": None} for row in rows[start : start + 5]]
        assert days[0] == days[1] == days[2] == days[3]
    first, last = (
        {row["metric"]: row["value_control"] for row in rows if row["as_of_date"].day == day}
        for day in (1, 5)
    )
    assert last["clicks_per_user"] == pytest.approx(first["clicks_per_user"] + 1)


@pytest.mark.parametrize("table", GOLD_TABLES)
def test_no_number_is_nan_or_infinite(built: Workbench, golden: Workbench, table: str) -> None:
    for platform in (built, golden):
        rows = platform.rows(f"select * from job_matching_gold.{table}")
        assert rows or table == "quarantine_daily"
        assert [
            (column, row)
            for row in rows
            for column, value in row.items()
            if isinstance(value, float) and not math.isfinite(value)
        ] == []


def test_names_come_out_as_they_went_in(built: Workbench) -> None:
    names = {
        row["experiment_id"]
        for row in built.rows("select distinct experiment_id from job_matching_gold.ab_metrics_daily")
    }
    assert names >= set(ODD_NAMES)


def test_an_experiment_called_all_does_not_mix_with_all(built: Workbench) -> None:
    """No list counts twice, and the row of all lists holds all."""
    rows = built.rows(
        "select variant, lists from job_matching_gold.ranking_metrics_daily "
        "where event_date = '2026-03-01' and surface = '__all__' and experiment_id = '__all__' and k = 1"
    )
    assert rows == [{"variant": "__all__", "lists": 2 * USERS + 1}]
