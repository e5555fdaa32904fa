"""The four deliveries of a world tell the same, and it fits the events."""

import dataclasses
import datetime as dt
import gzip
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise

import pytest

from jobmatch_assets.contracts.entities.personal import PERSONAL_NAMES
from jobmatch_assets.contracts.entities.quarantine import ENTITY_REASONS
from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES
from jobmatch_assets.simulation import ScenarioError, WorldOptions, write_landing
from jobmatch_assets.simulation.world.broken_records import broken_lines
from jobmatch_assets.simulation.world.options import DELIVERIES
from jobmatch_assets.simulation.world.tables import TABLES
from jobmatch_assets_tests.simulation import worlds
from jobmatch_assets_tests.simulation.conftest import contents

SMALL = {"days": 8, "users": 250, "jobs": 400, "broken_rate": 0, "apply_rate": 0.3}
LAST = "2026-03-08"


@pytest.fixture(scope="session")
def deliveries(scenario, tmp_path_factory):
    """The files of one world by the way in which they are delivered."""
    folder = tmp_path_factory.mktemp("worlds")
    for name in DELIVERIES:
        options = WorldOptions(name, orphan_rate=0.1, late_row_rate=0.2)
        write_landing(scenario(**SMALL), folder / name, world=options)
    return {name: contents(folder / name) for name in DELIVERIES}


@pytest.fixture(scope="session")
def entities(deliveries):
    """What truth.json says of the world."""
    return json.loads(deliveries["cdc"]["truth.json"])["entities"]


@pytest.fixture(scope="session")
def states(deliveries):
    return worlds.states_of_changes(deliveries["cdc"])


def test_the_tables_have_the_contracts_keys_and_tracked_columns():
    ours = {t.name: (t.plural, t.key, {*t.tracked, *([t.hashed] if t.hashed else [])}) for t in TABLES}
    assert ours == {t.name: (t.plural, t.key.name, {c.name for c in t.tracked}) for t in ENTITY_TABLES}


def test_rows_have_every_column_of_the_contract_and_few_others(deliveries):
    allowed = set(PERSONAL_NAMES)
    seen = set()
    for table, _, _, _, data in worlds.files_of(deliveries["dumps"]):
        for row in worlds.lines(data)[:1]:
            names = {column.name for column in table.columns}
            assert names - set(row) == set()
            assert set(row) - names <= allowed
            seen.add(table.name)
    assert seen == {table.name for table in ENTITY_TABLES}


@pytest.mark.parametrize("name", DELIVERIES)
def test_the_same_arguments_write_the_same_world(scenario, tmp_path, deliveries, name):
    options = WorldOptions(name, orphan_rate=0.1, late_row_rate=0.2)
    write_landing(scenario(**SMALL), tmp_path, world=options)
    assert contents(tmp_path) == deliveries[name]


def test_a_world_changes_no_byte_of_the_events(scenario, tmp_path, deliveries):
    write_landing(scenario(**SMALL), tmp_path)
    alone = contents(tmp_path)
    assert not [path for path in alone if "entities" in path]
    for path in alone.keys() - {"truth.json", "generated-files.txt"}:
        assert deliveries["cdc"][path] == alone[path]
    planted = json.loads(deliveries["cdc"]["truth.json"])
    del planted["entities"]
    assert planted == json.loads(alone["truth.json"])


def test_four_deliveries_end_in_one_state(deliveries, states):
    expected = worlds.current(states)
    assert len(expected) > 1000
    assert worlds.current(worlds.states_of_rows(deliveries["upserts"])) == expected
    assert worlds.last_dumps(deliveries["dumps"], LAST) == expected
    assert worlds.last_csv_rows(deliveries["csv"]) == expected


def test_changes_and_rows_tell_the_same_versions_as_the_truth(deliveries, states, entities):
    told = worlds.versions(states)
    assert worlds.versions(worlds.states_of_rows(deliveries["upserts"])) == told
    counts = Counter(table for (table, _), found in told.items() for _ in found)
    assert counts == Counter(entities["counts"]["versions"])
    truth = {}
    for table in TABLES:
        for version in entities["versions"][table.name]:
            truth.setdefault((table.name, str(version[table.key])), []).append(
                version["ended_by"] == "delete"
            )
    assert truth == {entity: [ended for _, ended in found] for entity, found in told.items() if found}


def test_versions_of_the_truth_follow_one_another(entities):
    for table in TABLES:
        for before, after in pairwise(entities["versions"][table.name]):
            assert before["valid_to"] is None or before["valid_from"] < before["valid_to"]
            if before[table.key] == after[table.key]:
                assert before["valid_to"] == after["valid_from"]


def test_the_log_holds_what_a_log_of_a_database_with_a_bad_clock_holds(deliveries, entities):
    changes, later_and_earlier = [], 0
    for _, _, _, _, data in worlds.files_of(deliveries["cdc"]):
        found = worlds.lines(data)
        changes += found
        times = [c["source"]["ts_us"] for c in sorted(found, key=lambda c: c["source"]["lsn"])]
        later_and_earlier += sum(a > b for a, b in pairwise(times))
    assert {change["op"] for change in changes} == {"r", "c", "u", "d"}
    assert later_and_earlier
    assert sum(entities["counts"]["superseded"].values())
    told = Counter(json.dumps(change) for change in changes)
    assert sum(n - 1 for n in told.values()) == entities["planted"]["repeated"]
    assert any("__debezium_unavailable_value" in text for text in told)


def test_rows_come_late_and_never_after_the_last_day(deliveries, entities):
    late = Counter()
    for _, date, _, _, data in worlds.files_of(deliveries["upserts"]):
        for row in worlds.lines(data):
            late[row.get("updated_at", date)[:10] < date] += 1
        assert date <= LAST
    assert late[True]
    planted = json.loads(deliveries["upserts"]["truth.json"])["entities"]["planted"]
    assert planted["late_rows"].keys() == {"1", "2", "3"}


def test_applications_are_those_of_the_events(deliveries, states):
    sent = {}
    for path, data in deliveries["cdc"].items():
        if "/events/" in path:
            for line in data.splitlines():
                event = json.loads(line)
                if event["event_name"] == "apply":
                    sent[event["application_id"]] = event
    rows = {
        key: found[-1][1] or found[0][1] for (table, key), found in states.items() if table == "application"
    }
    assert len(rows) > 50
    assert sent.keys() <= rows.keys()
    for name, event in sent.items():
        row = rows[name]
        assert row["job_id"] == event["job_id"]
        assert row.get("user_id") == (str(event["user_id"]) if "user_id" in event else None)
        assert row.get("search_id") == event.get("search_id")
        assert row["applied_at"].startswith(event["event_ts"].removesuffix("Z"))


def test_users_campaigns_publishers_and_groups_of_the_events_are_there(deliveries, states):
    found = {"user": set(), "campaign": set(), "publisher": set(), "job_group": set()}
    for path, data in deliveries["cdc"].items():
        if "/events/" in path:
            for name, field in (
                *(("user", "user_id"), ("campaign", "campaign_id")),
                *(("publisher", "publisher_id"), ("job_group", "group_id")),
            ):
                found[name].update(t.decode() for t in re.findall(rf'"{field}":"?(\w+)'.encode(), data))
    for name, ids in found.items():
        assert ids
        assert ids <= {key for table, key in states if table == name}


def test_orphans_are_planted_at_their_rate(states, entities):
    jobs = [key for table, key in states if table == "job"]
    planted = entities["planted"]["orphans"]
    assert len(jobs) + planted["job_not_delivered"] <= 400
    assert abs(planted["job_not_delivered"] / 400 - 0.1) < 0.06
    applied = [found for (table, _), found in states.items() if table == "application"]
    unknown = sum((found[0][1])["job_id"] not in set(jobs) for found in applied)
    assert unknown == planted["applications_of_jobs_not_delivered"] > 0
    placements = [found[0][1] for (table, _), found in states.items() if table == "placement"]
    people = {key for table, key in states if table == "candidate"}
    assert planted["placements_of_candidates_not_delivered"] == sum(
        row["candidate_id"] not in people for row in placements
    )
    known = {row["placement_id"] for row in placements}
    sheets = [found[0][1]["placement_id"] for (table, _), found in states.items() if table == "timesheet"]
    assert planted["timesheets"] == len(sheets)
    assert planted["timesheets_of_placements_not_delivered"] == sum(p not in known for p in sheets)


def test_campaigns_overspend_where_it_is_planted(entities, states):
    campaigns = entities["planted"]["campaigns"]
    assert {c["overspends"] for c in campaigns} == {True, False}
    for campaign in campaigns:
        assert (campaign["spent"] > campaign["budget"]) == campaign["overspends"]
        row = worlds.current(states)["campaign", str(campaign["campaign_id"])]
        assert float(row["budget_amount"]) == campaign["budget"]


def test_bids_stay_between_the_limits_of_the_publisher(states):
    publishers = {key: found[0][1] for (table, key), found in states.items() if table == "publisher"}
    campaigns = [(key, found) for (table, key), found in states.items() if table == "campaign"]
    assert any(len({row["bid_amount"] for _, row in found}) > 1 for _, found in campaigns)
    for key, found in campaigns:
        publisher = publishers[str(int(key) // 10)]
        for _, row in found:
            assert row["budget_currency"] == publisher["currency"]
            assert float(publisher["min_bid"]) <= float(row["bid_amount"]) <= float(publisher["max_bid"])


def test_statuses_follow_the_planted_chain(scenario, tmp_path):
    planted = scenario(**SMALL | {"users": 2500, "days": 2})
    write_landing(planted, tmp_path, world=WorldOptions("cdc"))
    found = json.loads((tmp_path / "truth.json").read_text())["entities"]["planted"]
    drawn = {(d["from"], d["to"]): d["applications"] for d in found["drawn_transitions"]}
    for before, following in found["transitions"].items():
        total = sum(n for (status, _), n in drawn.items() if status == before)
        for after, share in following.items():
            spread = (total * share * (1 - share)) ** 0.5
            assert abs(drawn.get((before, after), 0) - total * share) < 4.5 * spread + 1


def test_jobs_live_in_all_ways(states):
    jobs = [found for (table, _), found in states.items() if table == "job"]
    rows = [row for found in jobs for _, row in found if row]
    assert {row["status"] for row in rows} >= {"open", "paused", "closed"}
    assert {row.get("close_reason") for row in rows} >= {"expired", "cancelled"}
    assert any(row.get("reposted_from") for row in rows)
    assert any(row["is_evergreen"] == "true" for row in rows)
    assert any(len({row["posted_at"] for _, row in found if row}) > 1 for found in jobs)
    assert any(found[-1][1] is None for found in jobs)


def test_few_companies_have_most_jobs(states):
    jobs = Counter(
        found[-1][1]["company_id"] for (t, _), found in states.items() if t == "job" and found[-1][1]
    )
    assert jobs["company_00000"] == max(jobs.values()) > 3 * sorted(jobs.values())[len(jobs) // 2]


def test_invoices_have_three_currencies_and_credit_notes_take_back(states):
    rows = [found[0][1] for (table, _), found in states.items() if table == "invoice"]
    assert {row["currency"] for row in rows} <= {"EUR", "USD", "JPY"}
    for row in rows:
        total = float(row["total"])
        assert total == pytest.approx(float(row["subtotal"]) + float(row["tax_amount"]))
        assert (total < 0) == (row["kind"] == "credit_note")


def test_each_reason_of_quarantine_is_planted_once(entities):
    assert entities["planted"]["broken"] == dict.fromkeys(ENTITY_REASONS, 1)
    assert list(broken_lines(0)) == [reason for reason in ENTITY_REASONS if reason != "bad_csv_row"]


def test_the_last_dump_of_jobs_is_cut_on_demand(scenario, tmp_path, deliveries):
    options = WorldOptions("dumps", orphan_rate=0.1, truncated_dump=True)
    write_landing(scenario(**SMALL), tmp_path, world=options)
    cut = contents(tmp_path)
    planted = json.loads(cut["truth.json"])["entities"]["planted"]["truncated_dump"]
    whole = deliveries["dumps"]
    (path,) = {p for p in whole if p.startswith("landing/") and whole[p] != cut[p]}
    assert path == f"landing/entities/job/dt={LAST}/jobs.snapshot.ndjson"
    rows = len(worlds.lines(cut[path]))
    assert planted == {"rows": rows, "missing": len(worlds.lines(whole[path])) - rows}
    assert planted["missing"] > 100


def test_overwriting_removes_the_files_and_folders_of_a_world(scenario, tmp_path):
    write_landing(scenario(days=1), tmp_path, world=WorldOptions("csv"))
    assert (tmp_path / "landing" / "entities").exists()
    write_landing(scenario(days=1), tmp_path, overwrite=True)
    assert not (tmp_path / "landing" / "entities").exists()


@pytest.mark.parametrize("layout", ["dt", "flat"])
def test_names_and_compression_follow_the_scenario(scenario, tmp_path, layout):
    write_landing(scenario(days=1, gzip=True, layout=layout), tmp_path, world=WorldOptions("dumps"))
    date = "dt=2026-03-01/" if layout == "dt" else "01032026_"
    dumps = {
        path.relative_to(tmp_path / "landing" / "entities").as_posix(): path.read_bytes()
        for path in (tmp_path / "landing" / "entities").rglob("*.gz")
    }
    assert f"company/{date}companies.snapshot.ndjson.gz" in dumps
    parts = {f"application/{date}applications.snapshot-0{n}-of-03.ndjson.gz" for n in (1, 2, 3)}
    assert parts <= dumps.keys()
    rows = worlds.lines(gzip.decompress(dumps[f"company/{date}companies.snapshot.ndjson.gz"]))
    assert rows[0]["company_id"] == "company_00000"


def test_the_bytes_of_a_given_world_never_change(scenario, tmp_path):
    write_landing(scenario(), tmp_path, world=WorldOptions("upserts"))
    digest = hashlib.sha256()
    for path, data in contents(tmp_path).items():
        digest.update(path.encode() + b"\0" + data)
    assert digest.hexdigest() == "4dd94f0db600658db3d76acd575d676dc17fba258dce7b138ae33ceb9a8b7a02"


def test_jobs_end_by_the_planted_hazards_and_by_nothing_else(scenario, tmp_path):
    planted = scenario(days=60, users=1, jobs=3000, apply_rate=0)
    options = WorldOptions("cdc", orphan_rate=0, fill_rate=0.02, close_rate=0.01)
    write_landing(planted, tmp_path, world=options)
    jobs = worlds.states_of_changes(contents(tmp_path))
    fates = Counter()
    for (table, _), states in jobs.items():
        if table == "job":
            row = states[-1][1]
            posted, closed = (
                row.get(name) and dt.datetime.fromisoformat(row[name]) for name in ("posted_at", "closed_at")
            )
            assert "expires_at" not in row
            assert {state["status"] for _, state in states} <= {"open", row["status"]}
            if posted < dt.datetime(2026, 3, 30, tzinfo=dt.UTC):
                fates["all"] += 1
                fates[row["status"]] += closed is not None and (closed - posted).days <= 30
    incidence = json.loads((tmp_path / "truth.json").read_text())["entities"]["planted"]["incidence"]["30"]
    assert incidence["filled"] == pytest.approx(2 * incidence["closed"])
    assert incidence["filled"] + incidence["closed"] == pytest.approx(1 - 0.97**31)
    for status, share in incidence.items():
        error = (share * (1 - share) / fates["all"]) ** 0.5
        assert abs(fates[status] / fates["all"] - share) < 4 * error < 0.06


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"delivery": "post"}, "entities must be one of cdc, upserts, dumps, csv, got 'post'"),
        ({"delivery": "cdc", "orphan_rate": 1.5}, "orphan_rate must be between 0 and 1, got 1.5"),
        ({"delivery": "csv", "truncated_dump": True}, "a truncated dump needs entities delivered as dumps"),
        (
            {"delivery": "csv", "fill_rate": 0.7, "close_rate": 0.4},
            "fill_rate and close_rate must add up to 1 at most, got 0.7 and 0.4",
        ),
    ],
)
def test_a_world_that_cannot_be_made_is_refused(changes, message):
    with pytest.raises(ScenarioError, match=re.escape(message)):
        WorldOptions(**changes)
    assert dataclasses.replace(WorldOptions("cdc"), orphan_rate=1.0).orphan_rate == 1
