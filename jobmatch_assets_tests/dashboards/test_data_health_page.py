"""The page of data health in a browser: each date's state, and what became of its lines, are what SQL says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.contracts.registry import TABLES
from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[..., Path]

HELD_BACK, FAILS, INCOMPLETE, NO_ROWS = "H held back", "! fails a check", "○ incomplete", "· no rows"


@pytest.fixture
def two_weeks(copy: Copy) -> Copy:
    return copy.funnel(14).health(14).publication(14)


def states(rows: list[dict], table: str) -> dict[str, str]:
    return {row["day"]: row["state"] for row in rows if row["thing"] == table}


def test_each_table_of_gold_has_a_state_on_each_date(two_weeks: Copy, built: Build, browser: Browser) -> None:
    two_weeks.change(
        "delete from funnel_daily where event_date = '2026-03-05'",
        """
        insert into held_back values
        ('2026-03-04', 'silver', 'quarantine_share', null, 'Waits'),
        ('2026-03-04', 'gold', 'quarantine_share', '2026-03-05 10:00:00+00', 'Waits <b>for it</b>')
        """,
        """
        insert into failing_checks values
        ('gold/funnel_daily', 'matches_contract', '2026-03-06', false, null, 'Something'),
        ('silver/events', 'duplicate_share', '2026-03-07', false, '2026-03-08 10:00:00+00', 'Many are told twice')
        """,
    )
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        rows = seen.rows("states")
        cells = seen.page.locator("#chart-states svg .mark-rect [aria-roledescription='rect mark']").count()
        signs = seen.page.locator("#chart-states svg .mark-text.role-mark text").all_text_contents()
        troubles = seen.text("#chart-troubles")
        assert "held back: " in seen.text("#chart-states .notes")
        assert seen.page.locator("#chart-troubles b").count() == 0
    funnel = states(rows, "funnel_daily")
    assert funnel == {
        **{f"2026-03-{day:02}": "fine" for day in range(2, 14)},
        "2026-03-04": HELD_BACK,
        "2026-03-05": NO_ROWS,
        "2026-03-06": FAILS,
        "2026-03-14": INCOMPLETE,
        "2026-03-15": INCOMPLETE,
    }
    assert set(states(rows, "data_health_daily").values()) == {"fine", INCOMPLETE}
    assert states(rows, "funnel_weekly") == {"2026-03-02": "fine", "2026-03-09": INCOMPLETE}
    assert states(rows, "events") == {}
    assert states(rows, "silver/events") == {"2026-03-07": FAILS}
    of_entities = {"fact_event", "fact_application"}
    named = {table.table for table in TABLES if table.layer == "gold" and table.date_column} - of_entities
    assert {row["thing"] for row in rows} == named | {"silver/events"}
    assert cells == len(rows)
    assert len(signs) == len(rows)
    assert "Waits <b>for it</b>" in troubles
    assert "Many are told twice" in troubles
    assert "fails and warns" in troubles


def test_the_number_of_rows_of_each_date_is_that_of_the_table(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        found = [(row["day"], row["rows"]) for row in seen.rows("states") if row["thing"] == "funnel_daily"]
    query = "select event_date::varchar, count(*) from funnel_daily group by 1 order by 1"
    assert found == two_weeks.ask(query)


def test_a_date_that_silver_holds_back_is_not_taken_for_an_empty_one(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change(
        "delete from funnel_daily where event_date = '2026-03-04'",
        "insert into held_back values ('2026-03-04', 'silver', 'quarantine_share', null, 'Waits')",
    )
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        assert states(seen.rows("states"), "funnel_daily")["2026-03-04"] == HELD_BACK


def test_all_dates_of_a_table_without_one_are_meant(two_weeks: Copy, built: Build, browser: Browser) -> None:
    two_weeks.change(
        "insert into held_back values (null, 'experiments', null, null, 'The registry is broken')"
    )
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        assert set(states(seen.rows("states"), "ab_results").values()) == {HELD_BACK}
        assert "all dates" in seen.text("#chart-troubles tbody tr")
        assert "ab_results" in seen.text("#chart-troubles tbody tr")


def test_lines_are_events_duplicates_and_quarantined_with_the_difference_printed(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "data_health.html", "#from=2026-03-03&to=2026-03-09") as seen:
        drawn = [
            (
                row["day"],
                row["lines"],
                row["events"],
                row["duplicates"],
                row["quarantined"],
                row["difference"],
            )
            for row in seen.rows("lines")
        ]
        tiles = [
            seen.text(f"#tile-{name} .value")
            for name in ("unaccounted", "lines", "quarantined_share", "late_2_days_or_more")
        ]
        notes = seen.text("#chart-lines .notes")
        assert seen.page.locator("#chart-lines .message").is_hidden()
        bars = seen.page.locator("#chart-lines svg .mark-rect [aria-roledescription=bar]").count()
    between = "from data_health_daily where date between '2026-03-03' and '2026-03-09'"
    assert drawn == two_weeks.ask(
        f"select date::varchar, lines, events, duplicates, quarantined, 0 {between} order by date desc"
    )
    ((lines, quarantined, late),) = two_weeks.ask(
        f"select sum(lines)::bigint, sum(quarantined) / sum(lines), sum(late_2_days_or_more) / sum(events) {between}"
    )
    assert tiles[0] == "0"
    assert tiles[1] == f"{lines:,}"
    assert tiles[2] == f"{100 * quarantined:.1f} %"
    assert tiles[3] == f"{100 * late:.1f} %"
    assert f"{lines:,} lines of 7 dates; difference 0." in notes
    assert bars == 3 * 7


def test_lines_that_do_not_add_up_are_loud(two_weeks: Copy, built: Build, browser: Browser) -> None:
    two_weeks.change(
        "update data_health_daily set lines = lines + 3 where date = '2026-03-04'",
        "update data_health_daily set lines = lines - 3 where date = '2026-03-05'",
    )
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        message = seen.text("#chart-lines .message")
        assert "2026-03-04 (difference 3), 2026-03-05 (difference −3)" in message
        assert seen.text("#tile-unaccounted .value") == "6"
        assert "do not add up" in seen.text("#tile-unaccounted")
        seen.page.locator("#chart-lines summary").click()
        seen.page.locator("#chart-lines tr.bad-row").first.wait_for()
        assert seen.page.locator("#chart-lines tr.bad-row").count() == 2


def test_reasons_of_quarantine_are_stacked_and_listed(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(two_weeks) / "data_health.html", "#from=2026-03-02&to=2026-03-05") as seen:
        listed = [(row["reason"], row["lines"], row["share"], row["dates"]) for row in seen.rows("reasons")]
        by_date = [(row["day"], row["reason"], row["lines"]) for row in seen.rows("reasons_by_date")]
        legend = seen.page.locator("#chart-reasons_by_date svg .role-legend-label text").all_text_contents()
    between = "between '2026-03-02' and '2026-03-05'"
    assert listed == two_weeks.ask(
        f"select reason, sum(lines)::bigint, sum(lines) / (select sum(lines) from data_health_daily where date {between}), "
        f"count(*) from quarantine_daily where date {between} group by reason order by 2 desc, 1"
    )
    assert sorted(by_date) == two_weeks.ask(
        f"select date::varchar, reason, lines from quarantine_daily where date {between} order by all"
    )
    assert legend == [*(f"reason_{number}" for number in range(7, 2, -1)), "other reasons"]


def test_dates_without_quarantine_say_so(two_weeks: Copy, built: Build, browser: Browser) -> None:
    two_weeks.change("delete from quarantine_daily")
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        assert seen.text("#chart-reasons .message") == "No line was quarantined on these dates."


def test_lateness_stands_beside_what_it_speaks_of(two_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        late = [(row["series"], row["hits"], row["n"]) for row in seen.rows("late_events")]
        seconds = [
            [(row["value"], row["n"]) for row in seen.rows(name)]
            for name in ("median_lateness_seconds", "p95_lateness_seconds")
        ]
        coverage = [(row["hits"], row["value"]) for row in seen.rows("ingested_coverage")]
    ordered = "from data_health_daily order by date"
    assert [row[1:] for row in late if row[0] == "one day"] == two_weeks.ask(
        f"select late_1_day, events {ordered}"
    )
    assert [row[1:] for row in late if row[0] != "one day"] == two_weeks.ask(
        f"select late_2_days_or_more, events {ordered}"
    )
    assert seconds == [
        two_weeks.ask(f"select {name}, with_ingested_at {ordered}")
        for name in ("median_lateness_seconds", "p95_lateness_seconds")
    ]
    assert coverage == two_weeks.ask(f"select with_ingested_at, with_ingested_at / events {ordered}")
    assert seconds[0][2] == (None, 0)


def test_a_publication_that_failed_is_told_here_with_its_age(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    note = two_weeks.path.with_name(f".{two_weeks.path.name}.failure.json")
    note.write_text('{"when": "2026-03-10T10:00:00+00:00", "message": "The disk is full."}')
    with opened(browser, built(two_weeks) / "data_health.html", viewport=PHONE) as seen:
        assert "days ago: The disk is full." in seen.text("#state .alarm")
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")


def test_one_day_is_a_map_of_one_column(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(copy.funnel(1).health(1).publication(1)) / "data_health.html") as seen:
        assert states(seen.rows("states"), "funnel_daily") == {"2026-03-02": INCOMPLETE}
        assert "lines of 1 date; difference 0." in seen.text("#chart-lines .notes")


def test_a_part_of_the_lines_that_the_copy_lacks_is_no_difference(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change("alter table data_health_daily drop column duplicates")
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        for part in ("#tile-unaccounted", "#chart-lines .message"):
            assert "lacks data_health_daily (duplicates)" in seen.text(part)
            assert "Lines do not add up" not in seen.text(part)
        assert seen.text("#tile-unaccounted .value") == "–"
        assert seen.rows("lines") == []
        assert len(seen.rows("late_events")) == 2 * 14


def test_reasons_of_a_copy_without_their_column_are_not_there(
    two_weeks: Copy, built: Build, browser: Browser
) -> None:
    two_weeks.change("alter table quarantine_daily drop column reason")
    with opened(browser, built(two_weeks) / "data_health.html") as seen:
        for chart in ("reasons", "reasons_by_date"):
            assert "lacks quarantine_daily (reason)" in seen.text(f"#chart-{chart} .message")
            assert seen.rows(chart) == []
