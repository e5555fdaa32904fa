import gzip

import pytest

from jobmatch_assets.simulation import OutputError, Scenario, write_landing
from jobmatch_assets_tests.golden import oracle
from jobmatch_assets_tests.simulation.conftest import contents


def test_another_generation_is_left_alone(scenario, tmp_path):
    write_landing(scenario(), tmp_path)
    before = contents(tmp_path)
    with pytest.raises(OutputError, match="holds another generation"):
        write_landing(scenario(seed=6), tmp_path)
    assert contents(tmp_path) == before


def test_overwriting_removes_only_what_was_generated(scenario, tmp_path):
    out = tmp_path / "out"
    write_landing(scenario(days=3), out)
    foreign = [
        out / "landing" / "events" / "dt=2026-03-01" / "mine.ndjson",
        out / "landing" / "notes.txt",
        out / "notes.txt",
    ]
    for path in foreign:
        path.write_text("mine")
    write_landing(scenario(seed=6, days=2), out, overwrite=True)
    left = contents(out)
    for path in foreign:
        assert left.pop(path.relative_to(out).as_posix()) == b"mine"
    write_landing(scenario(seed=6, days=2), tmp_path / "fresh")
    assert left == contents(tmp_path / "fresh")
    assert not (out / "landing" / "events" / "dt=2026-03-03").exists()


@pytest.mark.parametrize(
    "name", ["truth.json", "experiments.csv", "landing/events/dt=2026-03-02/part-000.ndjson"]
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_foreign_file_is_never_replaced(scenario, tmp_path, name, overwrite):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(OutputError, match="was not generated"):
        write_landing(scenario(), tmp_path, overwrite=overwrite)
    assert path.read_text() == "mine"


def test_a_manifest_cannot_name_files_elsewhere(scenario, tmp_path):
    (tmp_path / "mine").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "generated-files.txt").write_text("../mine\n")
    with pytest.raises(OutputError, match="outside of the folder"):
        write_landing(scenario(), out, overwrite=True)
    assert (tmp_path / "mine").exists()


class StopError(Exception):
    pass


def test_an_interrupted_generation_leaves_whole_days_and_can_be_overwritten(scenario, tmp_path):
    def stop_after_first_day(day, _lines):
        raise StopError(day)

    out = tmp_path / "out"
    with pytest.raises(StopError):
        write_landing(scenario(), out, on_day=stop_after_first_day)
    assert not (out / "truth.json").exists()
    with pytest.raises(OutputError, match="holds another generation"):
        write_landing(scenario(), out)
    write_landing(scenario(), out, overwrite=True)
    write_landing(scenario(), tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")


@pytest.mark.parametrize("packed", [False, True])
def test_files_appear_when_they_are_complete(scenario, tmp_path, monkeypatch, packed):
    def fail(*_arguments):
        visible = [file for file, _ in oracle.landing_files(tmp_path / "landing")]
        hidden = {path.name for path in tmp_path.rglob(".*.tmp")}
        assert visible == []
        assert ".part-000.ndjson" + (".gz" if packed else "") + ".tmp" in hidden
        raise StopError

    monkeypatch.setattr("jobmatch_assets.simulation.run._write_broken", fail)
    with pytest.raises(StopError):
        write_landing(scenario(gzip=packed), tmp_path)
    assert not list((tmp_path / "landing").rglob("*.ndjson*"))


@pytest.mark.parametrize("layout", ["dt", "flat"])
def test_both_layouts_have_the_same_lines(scenario, tmp_path, layout):
    def lines(planted: Scenario, folder: str) -> list[tuple[object, bytes]]:
        write_landing(planted, tmp_path / folder)
        _, found = oracle.read_landing(tmp_path / folder / "landing")
        return sorted((file_dt, raw) for _, _, raw, file_dt in found)

    split = scenario(layout=layout, gzip=True, files_per_day=3, late_rate=0.1)
    assert lines(split, "split") == lines(scenario(late_rate=0.1), "plain")
    names = {path.name for path in (tmp_path / "split").rglob("*part*")}
    prefix = "01032026_" if layout == "flat" else ""
    assert {f"{prefix}part-00{n}.ndjson.gz" for n in range(3)} <= names


def test_packed_bytes_carry_no_time_and_no_name(scenario, tmp_path):
    write_landing(scenario(gzip=True), tmp_path)
    data = (tmp_path / "landing/events/dt=2026-03-01/part-000.ndjson.gz").read_bytes()
    assert data[3:8] == b"\0" * 5
    assert gzip.decompress(data).endswith(b"\n")


def test_a_quiet_product_writes_no_files(scenario, tmp_path):
    truth = write_landing(scenario(sessions_per_user=0), tmp_path)
    assert truth.lines == 0
    assert not list((tmp_path / "landing").rglob("*.ndjson"))
    assert (tmp_path / "truth.json").exists()
