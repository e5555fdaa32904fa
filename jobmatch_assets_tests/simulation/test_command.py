import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner

from jobmatch_assets.simulation.command import generate
from jobmatch_assets_tests.golden import oracle
from jobmatch_assets_tests.simulation.conftest import contents

SMALL = ("--start", "2026-03-01", "--days", "2", "--users", "60")


def run(out, *options):
    return CliRunner().invoke(generate, ["--out", str(out), *SMALL, *options])


def planted(out):
    document = json.loads((out / "truth.json").read_text())
    return {experiment["experiment_id"]: experiment for experiment in document["experiments"]}


def shares(experiment):
    return [variant["assignment_probability"] for variant in experiment["variants"]]


def test_it_says_what_was_written_and_how_to_use_it(tmp_path):
    out = tmp_path / "my data"
    result = run(out)
    assert result.exit_code == 0
    assert "2026-03-02: " in result.output
    assert "impressions" in result.output
    assert f"JOBMATCH_LANDING='{out}/landing'" in result.output
    assert f"JOBMATCH_EXPERIMENTS='{out}/experiments.csv'" in result.output


def test_options_reach_the_scenario(tmp_path):
    result = run(
        tmp_path,
        *("--seed", "9", "--gzip", "--layout", "flat", "--files-per-day", "2"),
        *("--v1-rate", "0.5", "--click-lift", "0.3", "--apply-lift", "-0.2"),
    )
    assert result.exit_code == 0
    options = json.loads((tmp_path / "truth.json").read_text())["options"]
    assert (options["seed"], options["gzip"], options["layout"]) == (9, True, "flat")
    assert (options["files_per_day"], options["v1_rate"]) == (2, 0.5)
    effects = {
        name: experiment["variants"][1]["expected_relative_effect"]
        for name, experiment in planted(tmp_path).items()
    }
    assert effects["ranker_v2"]["ctr"] == 0.3
    assert effects["ranker_v2"]["applies_per_user"] is None
    assert effects["apply_button"]["apply_per_click"] == -0.2
    assert set(effects["aa_check"].values()) == {0.0}


def test_a_split_is_planted_in_one_experiment_or_in_all(tmp_path):
    run(tmp_path / "one", "--split", "aa_check=60/40")
    one = planted(tmp_path / "one")
    assert shares(one["aa_check"]) == [0.6, 0.4]
    assert shares(one["ranker_v2"]) == [0.5, 0.5]
    run(tmp_path / "all", "--split", "3/1")
    assert all(shares(e) == [0.75, 0.25] for e in planted(tmp_path / "all").values())
    registry = oracle.read_registry(tmp_path / "all" / "experiments.csv")
    assert registry["aa_check"] == ("control", {"control": 0.5, "treatment": 0.5})


def test_users_in_two_variants_are_planted_in_one_experiment_or_in_all(tmp_path):
    run(tmp_path, "--multiple-variant-rate", "0.2", "--multiple-variant-rate", "aa_check=0")
    experiments = planted(tmp_path)
    assert experiments["ranker_v2"]["multiple_variant_units"] > 0
    assert experiments["aa_check"]["multiple_variant_units"] == 0


def test_entities_are_written_on_demand_and_with_their_rates(tmp_path):
    result = run(tmp_path, "--entities", "dumps", "--orphan-rate", "0.5", "--truncated-dump")
    assert result.exit_code == 0
    assert f"Entities:    {tmp_path}/landing/entities" in result.output.replace("\n", "")
    planted = json.loads((tmp_path / "truth.json").read_text())["entities"]["planted"]
    assert planted["options"]["delivery"] == "dumps"
    assert planted["options"]["orphan_rate"] == 0.5
    assert planted["truncated_dump"]["missing"] > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--late-rate", "1.5"), "late_rate must be between 0 and 1, got 1.5."),
        (("--days", "0"), "days must be between 1"),
        (("--start", "yesterday"), "'yesterday' is not a date like 2026-03-01"),
        (("--split", "60"), "a split is a ratio like 60/40, got '60'"),
        (("--split", "0/0"), "a split is a ratio like 60/40"),
        (("--split", "ranker_v3=60/40"), "there is no experiment 'ranker_v3'"),
        (("--split", "-10/110"), "must be shares that add up to 1"),
        (("--multiple-variant-rate", "some"), "a multiple variant rate is a number"),
        (("--click-rate", "0.5"), "none exceeds 1"),
        (("--entities", "all"), "'all' is not one of"),
        (("--entities", "cdc", "--truncated-dump"), "a truncated dump needs entities delivered as dumps"),
        (("--truncated-dump",), "a truncated dump needs entities delivered as dumps"),
        (("--close-rate", "0.1"), "fill_rate and close_rate are about jobs, which come with entities"),
    ],
)
def test_bad_values_are_refused_in_one_paragraph(tmp_path, options, message):
    result = run(tmp_path / "out", *options)
    assert result.exit_code != 0
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


def test_another_generation_is_overwritten_only_on_demand(tmp_path):
    run(tmp_path)
    before = contents(tmp_path)
    refused = run(tmp_path, "--seed", "3")
    assert refused.exit_code == 1
    assert "holds another generation" in refused.stderr
    assert contents(tmp_path) == before
    assert run(tmp_path, "--seed", "3", "--overwrite").exit_code == 0


def test_a_folder_that_cannot_be_written_is_an_error_of_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    result = run(tmp_path / "file" / "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Cannot write to")
    assert result.stderr.count("\n") == 1


def test_a_terminal_gets_a_progress_bar(tmp_path):
    ours, theirs = pty.openpty()
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "jobmatch_assets.simulation.command",
            "--out",
            str(tmp_path),
            *SMALL,
        ],
        env={**os.environ, "TERM": "xterm", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    assert b"Days" in os.read(ours, 1 << 16)
    os.close(ours)
    assert b"impressions" in finished.stdout
