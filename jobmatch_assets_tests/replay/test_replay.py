"""The replay itself: the contract's own examples, and that histories try what they are there for."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from jobmatch_assets_tests.replay import times
from jobmatch_assets_tests.replay.__main__ import main
from jobmatch_assets_tests.replay.histories import SEEDS
from jobmatch_assets_tests.replay.histories.pack import pack, write
from jobmatch_assets_tests.replay.silver import Silver, replayed

REASONS = {
    *("record_too_long", "not_utf8", "not_json", "not_an_object", "bad_csv_row", "unsupported_op"),
    *("bad_envelope", "missing_key", "bad_change_time", "changed_in_future", "changed_too_early"),
    "bad_required_field",
}

CLOSE = "23:59:59.999999"


def of_files(landing: Path, files: dict[str, list[dict[str, Any]]]) -> Silver:
    for path, records in files.items():
        file = landing / "entities" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return replayed(landing)


def periods(silver: Silver, table: str, key: str, column: str) -> list[tuple[Any, str, str | None]]:
    return [
        (
            version.values[column],
            _shown(version.valid_from),
            _shown(version.valid_to) if version.valid_to else None,
        )
        for version in silver.walks[table, "product", key].versions
    ]


def _shown(micros: int) -> str:
    """Day and time, as the examples have them."""
    return times.written(micros)[8:].replace("T", " ").removesuffix("Z").removesuffix(".000000")


def _change(title: str, lsn: int, at: str) -> dict[str, Any]:
    moment = dt.datetime.fromisoformat(f"2026-03-01T{at}:00+00:00")
    source = {"lsn": lsn, "ts_ms": int(moment.timestamp() * 1000)}
    return {"op": "u", "before": None, "after": {"job_id": "7", "title": title}, "source": source}


def test_a_clock_that_was_set_back_and_a_dump_without_the_job(tmp_path: Path) -> None:
    silver = of_files(
        tmp_path,
        {
            "job/dt=2026-03-01/cdc.ndjson": [_change("A", 50, "09:00"), _change("B", 60, "08:59")],
            "job/dt=2026-03-01/all.snapshot.ndjson": [
                {"job_id": "7", "title": "B", "updated_at": "2026-03-01T08:59:00Z"}
            ],
            "job/dt=2026-03-02/all.snapshot.ndjson": [{"job_id": "8", "title": "other"}],
        },
    )
    assert silver.walks["job", "product", "7"].effects == ["superseded", "opened", "unchanged", "delete"]
    assert periods(silver, "job", "7", "title") == [("B", "01 09:00:00", f"02 {CLOSE}")]


def test_a_late_row(tmp_path: Path) -> None:
    def row(category: str, at: str) -> dict[str, Any]:
        return {"job_id": "8", "title": "t", "category": category, "updated_at": f"2026-03-01T{at}Z"}

    silver = of_files(
        tmp_path,
        {
            "job/dt=2026-03-01/a.ndjson": [row("nurse", "10:00:00")],
            "job/dt=2026-03-08/b.ndjson": [row("care", "09:00:00")],
        },
    )
    assert periods(silver, "job", "8", "category") == [
        ("care", "01 09:00:00", "01 10:00:00"),
        ("nurse", "01 10:00:00", None),
    ]


@pytest.mark.parametrize(
    ("claim", "begin"), [("2026-03-02T12", "02 12:00:00"), ("2026-02-28T12", f"03 {CLOSE}")]
)
def test_a_claim(tmp_path: Path, claim: str, begin: str) -> None:
    later = {"company_id": "5", "size_bucket": "51-200", "updated_at": f"{claim}:00:00Z"}
    silver = of_files(
        tmp_path,
        {
            "company/dt=2026-03-01/all.snapshot.ndjson": [{"company_id": "5", "size_bucket": "11-50"}],
            "company/dt=2026-03-03/all.snapshot.ndjson": [later],
        },
    )
    assert periods(silver, "company", "5", "size_bucket") == [
        ("11-50", f"01 {CLOSE}", begin),
        ("51-200", begin, None),
    ]


def test_the_same_seed_writes_the_same_bytes() -> None:
    first, second = ({file.path: file.content for file in pack([3, 4]).files} for _ in range(2))
    assert first == second
    of_one = {file.path: file.content for file in pack([4]).entities}
    assert of_one.items() <= first.items()


def test_histories_try_everything(tmp_path: Path) -> None:
    histories = pack(SEEDS)
    write(histories.files, tmp_path)
    silver = replayed(tmp_path, histories.write_registry(tmp_path / "sources.csv"))
    assert {one.reason for one in silver.rejected} == REASONS
    effects = Counter[str](effect for walk in silver.walks.values() for effect in walk.effects)
    assert min(effects[effect] for effect in ("opened", "delete", "unchanged", "superseded")) > 50
    ordered = [one for of_entity in silver.ordered.values() for one in of_entity]
    assert sum(one.record is None for one in ordered) > 30
    assert sum(one.record is not None and one.observed_at > one.record.own_time for one in ordered) > 50
    assert silver.duplicates.total() > 50
    assert silver.refused
    versions = [version for walk in silver.walks.values() for version in walk.versions]
    assert sum(version.valid_from < version.opener.observed_at for version in versions) > 10
    assert sum(bool(version.invalid) for version in versions) > 20
    formats = {(file.format, file.dump is not None) for file in silver.files}
    assert len(formats) == 8


def test_a_history_can_be_written_and_looked_at_by_its_seed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["7", str(tmp_path)])
    silver = replayed(tmp_path / "landing", tmp_path / "sources.csv")
    entity = max(silver.walks, key=lambda of: len(silver.walks[of].effects))
    main(["7", str(tmp_path), *entity])
    told = capsys.readouterr().out.splitlines()[2:]
    assert len(told) == len(silver.walks[entity].effects) + len(silver.walks[entity].versions)
    assert told[-1].startswith(f"version {len(silver.walks[entity].versions)}: ")
