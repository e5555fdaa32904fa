"""The report of the golden set: built from files by the platform, its numbers those of the oracle."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.reports import built_weekly
from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.golden import GOLDEN
from jobmatch_assets_tests.bench.workbench import Workbench

MONDAY, DATES = "2026-02-23", ("2026-02-23", "2026-03-01")


@pytest.fixture(scope="module")
def text(golden: Workbench, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the report of its last complete week says."""
    out = tmp_path_factory.mktemp("report") / "week.pdf"
    made = built_weekly(Platform.of(golden.settings), out=out)
    assert (str(made.week), made.path) == ("2026-W09", out)
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(out).pages)


def expected(table: str) -> Iterator[dict[str, str]]:
    with Path(GOLDEN, "expected_pages", f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_the_funnel_is_the_oracles(text: str) -> None:
    (week,) = (
        row
        for row in expected("funnel_weekly")
        if row["week_start"] == MONDAY
        and {row["platform"], row["device_type"], row["surface"]} == {"__all__"}
    )
    entered, applied = int(week["entered"]), int(week["reached_apply"])
    assert f"Search to application {100 * applied / entered:.1f} %" in text
    assert f"{wording.count(applied)} of {wording.count(int(week['reached_click']))}" in text
    assert f"Users who search {wording.count(int(week['users_search']))} each counted once" in text


def test_lines_are_the_oracles(text: str) -> None:
    days = [row for row in expected("data_health_daily") if DATES[0] <= row["date"] <= DATES[1]]
    lines, events, duplicates, quarantined = (
        sum(int(row[column]) for row in days) for column in ("lines", "events", "duplicates", "quarantined")
    )
    assert f"Week {lines:,} {events:,} {duplicates:,} {quarantined:,} 0 " in text


def test_each_status_of_its_experiments_is_told(text: str) -> None:
    for said in (
        "(invalid_multiple_variants)", "(insufficient)", "(no_control)", "(invalid_srm)", "no difference found",
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", ""), said
