"""Weeks that are not as they should be, and names that are not, are told as what they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jobmatch_assets.errors import RequestError
from jobmatch_assets.published.copy import CopyError
from jobmatch_assets.reports import wording
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import WEEK, experiment, full

Maker = Callable[..., Made]


def test_a_held_back_date_is_named_on_top_and_marked_on_each_page(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change(
        "insert into held_back values (date '2026-03-11', 'silver', 'quarantine_share', now(), 'too many lines')"
    )
    found = make(copy)
    assert not found.report.is_final
    assert "Not final: 2026-03-11." in found.pages[0]
    assert "Held back: 2026-03-11, by the check quarantine_share. too many lines" in found.pages[0]
    assert all("not final" in page for page in found.pages)
    assert "counts are not compared" in found.pages[0]
    assert "so far" in found.text


def test_a_date_that_waits_for_another_names_no_check(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change(
        "insert into held_back values (date '2026-03-11', 'gold', null, null, 'silver is not built yet')"
    )
    assert "Held back: 2026-03-11. silver is not built yet" in make(copy).pages[0]


def test_incomplete_dates_are_named_and_their_week_is_not_final(tmp_path: Path, make: Maker) -> None:
    found = make(full(tmp_path / "gold.duckdb", complete=12), WEEK)
    assert "Not final: 2026-03-14…2026-03-15." in found.pages[0]
    assert "Who entered on these dates may still click or apply" in found.pages[0]
    assert all("not final" in page for page in found.pages)


def test_a_week_that_began_before_the_data_is_not_compared(tmp_path: Path, make: Maker) -> None:
    found = make(full(tmp_path / "gold.duckdb", days=9), "2026-W10")
    assert found.report.is_final
    assert "Not compared with the week before" in found.pages[0]
    assert "no difference found" not in found.pages[0].replace("No difference found:", "")


def test_one_day_is_a_report_of_a_part(tmp_path: Path, make: Maker) -> None:
    found = make(full(tmp_path / "gold.duckdb", days=1), "2026-W10")
    assert "The data end on 2026-03-02: later dates of the week are not in it." in found.pages[0]
    assert "Not final: 2026-03-02…2026-03-08." in found.pages[0]


def test_a_week_without_applications_has_zeros_and_dashes(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change(
        "update funnel_weekly set applies = 0, reached_click = 0, reached_apply = 0",
        "update ranking_metrics_daily set interacted_lists = 0, interacted_units = 0, interacted_nn = 0, "
        "ndcg_sum = 0, ndcg_ss = 0, ndcg_sn = 0",
    )
    found = make(copy)
    assert "Search to application 0.0 % 0.0 to" in found.text
    assert f"Click to application {wording.NONE} nothing to measure" in found.pages[0]
    assert f"NDCG@10 {wording.NONE} nothing to measure" in found.pages[0]
    assert "No list was interacted with" in found.text


UGLY = (
    "<script>alert(1)</script>", '#set text(fill: red)', "$x$", "=1+1", "*bold* _it_ `raw`", "@ref <label>",
    "\\#panic()", "#read(\"/etc/passwd\")", "// no comment", "x" * 200, "实验", "\u202eabc\x07", "(none)", "__all__",
)  # fmt: skip


def test_names_are_text_whatever_they_hold(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb")
    for name in UGLY:
        experiment(copy, name)
    text = make(copy).text
    for name in UGLY[:9]:
        assert name.replace(" ", "") in text.replace(" ", ""), name
    assert "\u200b" not in text, "what is copied is what is shown"
    assert "\\u5b9e\\u9a8c" in text
    assert "\\u202eabc\\x07" in text
    assert "root:" not in text
    assert "x" * 31 not in text.replace(" ", "")
    assert "…" in text


def test_forty_experiments_all_have_their_row(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb")
    for number in range(40):
        experiment(copy, f"exp-{number:02}", status="ok" if number % 2 else "insufficient")
    text = make(copy).text
    assert all(f"exp-{number:02}" in text for number in range(40))
    assert text.count("Wait: nothing is said before each arm has 100 users") == 20


def test_every_character_that_names_may_keep_can_be_set(tmp_path: Path, make: Maker) -> None:
    kept = "".join(c for c in map(chr, range(0x21, 0x2300)) if wording.has_glyph(c) and not c.isspace())
    copy = full(tmp_path / "gold.duckdb")
    for start in range(0, len(kept), 50):
        experiment(copy, f"{start:04} {kept[start : start + 50]}")
    assert "Experiments" in make(copy).text


def test_a_failing_check_is_told_with_its_effect(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change(
        "insert into failing_checks values ('silver/events', 'row_volume', date '2026-03-10', false, now(), 'few')",
        "insert into failing_checks values ('silver/events', 'other', date '2026-03-20', true, now(), 'later')",
    )
    text = make(copy).text
    assert "silver/events row_volume 2026-03-10 warns few" in text
    assert "later" not in text.split("Checks that fail")[1].split("What the numbers mean")[0]


@pytest.mark.parametrize(
    ("week", "why"),
    [
        ("2026-W09", r"holds nothing of 2026-W09 .* 2026-W10 to 2026-W12"),
        ("2026-W13", r"holds nothing of 2026-W13"),
    ],
)
def test_a_week_outside_the_data_is_refused(tmp_path: Path, make: Maker, week: str, why: str) -> None:
    with pytest.raises(RequestError, match=why):
        make(full(tmp_path / "gold.duckdb"), week)


def test_without_a_complete_week_one_is_told_which_part_there_is(tmp_path: Path, make: Maker) -> None:
    with pytest.raises(RequestError, match=r"no complete week: .*`jobmatch report --week 2026-W10`"):
        make(full(tmp_path / "gold.duckdb", days=5))


def test_a_copy_without_events_has_nothing_to_report(tmp_path: Path, make: Maker) -> None:
    with pytest.raises(RequestError, match="holds no events"):
        make(Copy(tmp_path / "gold.duckdb"))


def test_a_copy_of_an_earlier_version_is_named(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change("drop table funnel_weekly")
    with pytest.raises(CopyError, match=r"lacks funnel_weekly: .*`jobmatch run`"):
        make(copy)


def test_a_copy_that_lacks_a_column_is_named(tmp_path: Path, make: Maker) -> None:
    copy = full(tmp_path / "gold.duckdb").change("alter table search_quality_daily drop counted_searches")
    with pytest.raises(CopyError, match=r"lacks search_quality_daily\.counted_searches: .*`jobmatch run`"):
        make(copy)
