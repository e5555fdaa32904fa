"""What a workbook looks like, and what its second sheet says."""

from collections.abc import Callable

import openpyxl

from jobmatch_assets_tests.exports.conftest import Copy
from jobmatch_assets_tests.exports.reading import about

STATEMENTS = (
    "create table funnel_daily (event_date date, platform varchar, searches bigint, click_to_apply_rate double)",
    "insert into funnel_daily values ('2026-03-01', '__all__', 1200, 0.25), ('2026-03-02', '__all__', 0, null)",
    "comment on table funnel_daily is 'One row per date.'",
    "comment on column funnel_daily.searches is '=Number of searches.'",
    "create table publication as select timestamptz '2026-03-03 04:05:06+00' as published_at, 'run-1' as run_id, "
    "date '2026-03-01' as first_date, date '2026-03-02' as last_date, "
    "timestamptz '2026-03-02 23:00:00+00' as newest_event_ts, date '2026-03-01' as complete_through",
)


def test_the_head_is_bold_and_stays_and_rows_can_be_filtered(planted: Callable[..., Copy]) -> None:
    sheet = openpyxl.load_workbook(planted(*STATEMENTS).export("funnel_daily", "xlsx").path)["Data"]
    assert [cell.value for cell in sheet[1]] == ["event_date", "platform", "searches", "click_to_apply_rate"]
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D3"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)


def test_dates_counts_and_rates_are_shown_as_such(planted: Callable[..., Copy]) -> None:
    sheet = openpyxl.load_workbook(planted(*STATEMENTS).export("funnel_daily", "xlsx").path)["Data"]
    date, _, searches, rate = sheet[3]  # the newest date comes first
    assert (date.number_format, date.is_date) == ("yyyy-mm-dd", True)
    assert (searches.number_format, searches.value) == ("#,##0", 1200)
    assert (rate.number_format, rate.value) == ("0.00%", 0.25)
    assert [cell.value for cell in sheet[2]][2:] == [0, None]


def test_about_says_what_the_copy_says(planted: Callable[..., Copy]) -> None:
    said = about(planted(*STATEMENTS).export("funnel_daily", "xlsx").path)
    assert said[0] == ("Table", "funnel_daily")
    assert ("Description", "One row per date.") in said
    assert ("Dates", "2026-03-01 to 2026-03-02") in said
    assert ("Published at", "2026-03-03 04:05:06 UTC") in said
    assert ("Published by run", "run-1") in said
    assert ("Complete through", "2026-03-01") in said
    assert any(row[0] == "Note" and row[1].startswith("Incomplete: dates after 2026-03-01") for row in said)
    assert ("searches", "BIGINT", "=Number of searches.") in said
    assert ("click_to_apply_rate", "DOUBLE") in said


def test_about_leaves_out_what_the_copy_does_not_say(planted: Callable[..., Copy]) -> None:
    said = about(planted("create table t as select 1 as n").export("t", "xlsx").path)
    names = [row[0] for row in said if row]
    assert ("Rows", "1") in said
    assert not {"Description", "Dates", "Published at", "Published by run", "Note"} & {*names}
