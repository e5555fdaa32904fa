"""What is written is what the event contract allows, and what truth.json says."""

import datetime as dt
import json
from collections import Counter, defaultdict

import pytest

from jobmatch_assets.simulation.scenario import LONGEST_LIST
from jobmatch_assets_tests.golden import oracle

DAY = 24 * 3600 * 1_000_000


def midnight_of(day):
    return (dt.datetime.combine(day, dt.time()) - oracle.EPOCH) // oracle.ONE_US


def test_broken_lines_are_quarantined_for_the_planted_reason(judged):
    planted = {
        (reason, dt.date.fromisoformat(day)): count
        for day, reasons in judged.document["broken_by_date"].items()
        for reason, count in reasons.items()
    }
    assert Counter(judged.rejected) == planted
    assert {reason for reason, _ in judged.rejected} == set(oracle.REASONS)


def test_lines_are_counted(judged):
    lines = judged.document["lines"]
    assert lines["total"] == judged.lines == sum(judged.document["lines_by_day"].values())
    assert lines["events"] == Counter(row["event_name"] for row in judged.silver)
    assert lines["repeated"] + lines["corrected"] == len(judged.valid) - len(judged.silver)
    assert lines["repeated"] == len(judged.valid) - len({row["raw"] for row in judged.valid})
    assert lines["not_landed"] > 0
    by_day = Counter(row["file_dt"] for row in judged.valid)
    by_day.update(partition for _, partition in judged.rejected)
    assert judged.document["lines_by_day"] == {str(day): n for day, n in by_day.items()}


def test_every_file_is_loaded(judged):
    assert {file["outcome"] for file in judged.files} == {"loaded"}
    assert {file["dt"].isoformat() for file in judged.files} == set(judged.document["lines_by_day"])


def test_corrections_win(judged):
    copies = defaultdict(set)
    for row in judged.valid:
        copies[row["event_id"]].add(row["source"])
    corrected = {event_id for event_id, sources in copies.items() if "replay" in sources}
    assert len(corrected) == judged.document["lines"]["corrected"]
    winners = {row["event_id"]: row["source"] for row in judged.silver}
    assert {winners[event_id] for event_id in corrected} == {"replay"}


def test_late_lines_land_on_later_days(judged):
    first_landed = {}
    for row in judged.valid:
        lateness = (row["file_dt"] - row["event_date"]).days
        first_landed[row["event_id"]] = min(lateness, first_landed.get(row["event_id"], lateness))
    late = Counter(days for days in first_landed.values() if days)
    assert judged.document["lines"]["late"] == {str(days): n for days, n in late.items()}
    assert set(late) == {1, 2}


def test_the_backend_takes_a_line_on_the_day_that_it_lands(judged):
    minute = 60_000_000
    for row in judged.valid:
        taken, midnight = row["ingested_us"], midnight_of(row["file_dt"])
        assert row["ingested_us"] > row["event_us"]
        if row["source"] == "app" and not row["duplicate"]:
            assert midnight - DAY <= taken < midnight + DAY + minute


def test_every_kind_of_event_and_traffic_is_there(judged):
    def values(field):
        return {row[field] for row in judged.silver}

    assert values("event_name") == oracle.EVENT_NAMES
    assert values("surface") == oracle.SURFACES
    assert values("schema_version") == {1, 2}
    assert values("platform") == {*oracle.PLATFORMS, "other", None}
    assert values("device_type") == {*oracle.DEVICE_TYPES, "other", None}
    assert values("is_exploration") == {True, False}
    assert {None, "EUR", "USD", "JPY"} == values("currency")
    assert len(values("application_status")) > 5
    assert 0 in values("results_count")
    assert max(row["rank_position"] or 0 for row in judged.silver) == LONGEST_LIST
    anonymous = [row for row in judged.silver if row["user_id"] is None]
    assert 0 < len(anonymous) < len(judged.silver)


def test_version_1_lines_have_version_1_fields_only(judged):
    flat = {
        *("event_id", "schema_version", "event_name", "event_ts", "ingested_at", "user_id"),
        *("session_id", "search_query", "rank_position", "experiment_id", "variant", "job_id"),
        *("platform", "device_type", "source"),
    }
    lines = [json.loads(row["raw"]) for row in judged.silver if row["schema_version"] == 1]
    assert {field for line in lines for field in line} == flat
    assert {line["event_name"] for line in lines} <= {
        *("session_start", "search", "impression", "click", "apply", "signup")
    }


def test_some_sessions_cross_midnight(judged):
    dates = defaultdict(set)
    for row in judged.silver:
        if row["event_name"] != "application_status":
            dates[row["session_id"]].add(row["event_date"])
    assert {1, 2} == {len(days) for days in dates.values()}


def test_result_lists_are_whole(judged):
    ranks, jobs = defaultdict(set), defaultdict(list)
    for row in judged.valid:
        if row["event_name"] == "impression" and row["search_id"] and not row["duplicate"]:
            ranks[row["search_id"]].add(row["rank_position"])
            jobs[row["search_id"]].append(row["job_id"])
    assert all(len(set(of_list)) == len(of_list) for of_list in jobs.values())
    whole = sum(max(of_list) == len(of_list) for of_list in ranks.values())
    assert whole > len(ranks) / 3
    assert {10, 20, 30} & {len(of_list) for of_list in ranks.values()} == {10, 20, 30}


@pytest.mark.parametrize("number", range(3))
def test_units_are_counted_by_variant(judged, number):
    planted = judged.document["experiments"][number]
    seen = defaultdict(set)
    for row in judged.silver:
        for experiment_id, variant in row["experiments"]:
            if experiment_id == planted["experiment_id"]:
                seen[row["unit_id"]].add(variant)
    multiple = sum(len(variants) > 1 for variants in seen.values())
    single = Counter(next(iter(v)) for v in seen.values() if len(v) == 1)
    assert planted["multiple_variant_units"] == multiple > 0
    assert {v["variant"]: v["units"] for v in planted["variants"]} == single


def test_the_registry_promises_what_truth_says(judged):
    for planted in judged.document["experiments"]:
        weights = {v["variant"]: v["registered_weight"] for v in planted["variants"]}
        assert judged.registry[planted["experiment_id"]] == (planted["control_variant"], weights)
