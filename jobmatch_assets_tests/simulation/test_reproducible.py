import hashlib
import os
import subprocess
import sys

import pytest

from jobmatch_assets.simulation import demo_experiments, write_landing
from jobmatch_assets.simulation.randomness import Stream, generator
from jobmatch_assets_tests.simulation.conftest import contents


@pytest.mark.parametrize("changes", [{}, {"gzip": True, "v1_rate": 0.5, "layout": "flat"}])
def test_the_same_arguments_write_the_same_bytes(scenario, tmp_path, changes):
    write_landing(scenario(**changes), tmp_path / "a")
    write_landing(scenario(**changes), tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_bytes_of_given_arguments_never_change(scenario, tmp_path):
    write_landing(scenario(broken_rate=0.1, late_rate=0.1, v1_rate=0.2), tmp_path)
    digest = hashlib.sha256()
    for path, data in contents(tmp_path).items():
        digest.update(path.encode() + b"\0" + data)
    assert digest.hexdigest() == "f38c81c342fe492db9c7ce70a43c51f19f8fdd47a6c7ae9f69d1783afb325615"


def test_another_seed_writes_other_bytes(scenario, tmp_path):
    write_landing(scenario(seed=5), tmp_path / "a")
    write_landing(scenario(seed=6), tmp_path / "b")
    a, b = contents(tmp_path / "a" / "landing"), contents(tmp_path / "b" / "landing")
    assert a.keys() == b.keys()
    assert all(a[path] != b[path] for path in a)


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path):
    for hash_seed in ("1", "2"):
        subprocess.run(
            [
                *(sys.executable, "-m", "jobmatch_assets.simulation.command"),
                *("--out", str(tmp_path / hash_seed), "--start", "2026-03-01"),
                *("--days", "1", "--users", "50", "--broken-rate", "0.1"),
            ],
            env={
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            check=True,
            capture_output=True,
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_more_days_add_files_and_change_none(scenario, tmp_path):
    write_landing(scenario(days=2, late_rate=0.2), tmp_path / "short")
    write_landing(scenario(days=4, late_rate=0.2), tmp_path / "long")
    short, long = contents(tmp_path / "short" / "landing"), contents(tmp_path / "long" / "landing")
    assert {path: long[path] for path in short} == short
    added = {path.split("/")[1] for path in long.keys() - short.keys()}
    assert added == {"dt=2026-03-03", "dt=2026-03-04"}


def test_a_day_does_not_depend_on_the_first_day(scenario, tmp_path):
    early = scenario()
    write_landing(early, tmp_path / "early")
    write_landing(scenario(start=early.last_day, days=1), tmp_path / "late")
    path = "landing/events/dt=2026-03-02/part-000.ndjson"
    assert contents(tmp_path / "early")[path] == contents(tmp_path / "late")[path]


def test_what_goes_wrong_on_the_way_does_not_change_what_happened(scenario, tmp_path):
    calm = {"late_rate": 0, "repeat_rate": 0, "corrected_rate": 0, "broken_rate": 0}
    a = write_landing(scenario(**calm), tmp_path / "a")
    b = write_landing(scenario(**calm | {"repeat_rate": 0.5, "broken_rate": 0.1}), tmp_path / "b")
    assert a.events == b.events


def test_lifts_do_not_change_who_visits_and_what_is_shown(scenario, tmp_path):
    lifted = write_landing(
        scenario(late_rate=0, experiments=demo_experiments(click_lift=1.0)), tmp_path / "a"
    )
    level = write_landing(scenario(late_rate=0, experiments=demo_experiments(click_lift=0.0)), tmp_path / "b")
    for name in ("session_start", "search", "impression"):
        assert lifted.events[name] == level.events[name]
    assert lifted.events["click"] > level.events["click"]


def test_every_stream_and_place_has_draws_of_its_own():
    places = [(stream, day, block) for stream in Stream for day in range(3) for block in range(3)]
    draws = {generator(1, stream, *place).integers(2**62) for stream, *place in places}
    assert len(draws) == len(places)
