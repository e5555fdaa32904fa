"""The section of hiring says what the copy holds, and is not there where the copy holds nothing of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.bench.published_hiring import fill_hiring, with_hiring
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import DAYS, full

Maker = Callable[..., Made]

WHOLE = "company_id = '__all__' and category = '__all__' and channel = '__all__'"


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return full(tmp_path / "gold.duckdb")


def test_its_numbers_are_those_of_the_tables(copy: Copy, make: Maker) -> None:
    fill_hiring(with_hiring(copy), DAYS)
    text = make(copy).text
    ((now, before),) = copy.ask(
        "select sum(placed) filter (date >= '2026-03-09'), sum(placed) filter (date < '2026-03-09') "
        f"from hiring_activity_daily where {WHOLE} and date <= '2026-03-15'"
    )
    assert f"Placed {wording.count(now)} {wording.count(before)}" in text
    ((hits, n),) = copy.ask(
        f"select sum(responded_7d), sum(applications) from hiring_funnel_daily where {WHOLE} "
        "and applied_date between '2026-03-02' and '2026-03-08'"
    )
    assert (
        f"Answered within 7 days {100 * hits / n:.1f} % of {n:,.0f}, 2 to 8 March 2026 {wording.NONE}" in text
    )
    assert "Interview within 30 days" not in text.split("What the numbers mean")[0]
    ((share, earlier),) = copy.ask(
        "select max(filled_share_60) filter (as_of_date = '2026-03-15'), "
        "max(filled_share_60) filter (as_of_date = '2026-03-08') from time_to_fill where category = '__all__'"
    )
    assert f"Filled within 60 days {100 * share:.1f} % {100 * earlier:.1f} %" in text
    assert "Median days to fill 20 20" in text
    assert f"Median days to hire 9.5 of 5 hires {wording.NONE} too few for a median, of 4 hires" in text


@pytest.mark.parametrize("state", ["no tables", "no rows", "an older table"])
def test_without_hiring_there_is_no_section(state: str, copy: Copy, make: Maker) -> None:
    if state != "no tables":
        with_hiring(copy)
    if state == "an older table":
        fill_hiring(copy, DAYS).change("alter table time_to_fill drop column still_open")
    assert "Hiring" not in make(copy).text
