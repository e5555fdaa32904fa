"""The page of hiring in a browser: what it draws is what SQL says of the copy."""

import gzip
import math
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser

from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.published import FIRST, Copy
from jobmatch_assets_tests.bench.published_hiring import CURVE, fill_hiring, with_hiring
from jobmatch_assets_tests.bench.survival import ORACLES_OF_BANDS, exact_curve, random_groups

pytestmark = pytest.mark.browser

Build = Callable[[Copy], Path]

DAYS = 84
WHOLE = "company_id = '__all__' and category = '__all__' and channel = '__all__'"
HOSTILE = "<b onclick=alert(1)>" + "long " * 40


@pytest.fixture
def twelve_weeks(copy: Copy) -> Copy:
    return fill_hiring(with_hiring(copy), DAYS).publication(DAYS)


def test_rates_are_of_applications_that_are_old_enough(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        texts = {name: seen.text(f"#tile-{name}") for name in ("responded_7d", "interview_30d", "placed_60d")}
        applications = seen.text("#tile-applications")
    for name, text in texts.items():
        ((hits, n),) = twelve_weeks.ask(
            f"select sum({name}), sum(applications) from hiring_funnel_daily where {WHOLE} and {name} is not null"
        )
        assert f"{100 * hits / n:.1f} %" in text
        assert f"n = {n:,.0f} applications" in text
    ((total,),) = twelve_weeks.ask(f"select sum(applications) from hiring_funnel_daily where {WHOLE}")
    assert f"{total:,.0f}" in applications


def test_a_change_is_told_against_as_many_days_before(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    address = "#from=2026-03-16&to=2026-03-29&channel=search"
    with opened(browser, built(twelve_weeks) / "hiring.html", address) as seen:
        text, young = seen.text("#tile-responded_7d"), seen.text("#tile-placed_60d")
    (now, before) = (
        twelve_weeks.ask(
            "select sum(responded_7d) / sum(applications) from hiring_funnel_daily where channel = 'search' "
            f"and applied_date between {dates}"
        )[0][0]
        for dates in ("'2026-03-16' and '2026-03-29'", "'2026-03-02' and '2026-03-15'")
    )
    assert f"{100 * (now / before - 1):.1f} % against 2–15 Mar 2026".replace("-", "−") in text
    assert "No application of these dates is old enough" not in young
    with opened(browser, built(twelve_weeks) / "hiring.html", "#from=2026-05-20&to=2026-05-24") as seen:
        assert "No application of these dates is old enough" in seen.text("#tile-responded_7d")
        assert "old enough" in seen.text("#chart-cohorts .message")


def test_stages_are_sums_and_open_ones_are_told_apart(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html", "#category=category 1") as seen:
        drawn, notes = seen.rows("stages"), seen.text("#chart-stages .notes")
    ((*n, still_open),) = twelve_weeks.ask(
        "select sum(applications), sum(reached_reviewed), sum(reached_shortlisted), sum(reached_interview), "
        "sum(reached_offered), sum(reached_placed), sum(open) from hiring_funnel_daily where category = 'category 1'"
    )
    assert [row["n"] for row in drawn] == n
    assert drawn[-1]["of_before"] == n[-1] / n[-2]
    assert f"{still_open:,.0f} are open" in notes


def test_weeks_have_a_value_once_all_their_applications_are_old_enough(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        cohorts, answers, happened = seen.rows("cohorts"), seen.rows("answers"), seen.rows("activity")
        points = seen.page.locator("#chart-cohorts svg .mark-symbol path").count()
    of_funnel = {
        "answered within 7 days": "responded_7d",
        "interview within 30 days": "interview_30d",
        "placed within 60 days": "placed_60d",
    }
    known = 0
    for rows, table, columns in (
        (cohorts, "hiring_funnel_daily", of_funnel),
        (answers, "response_time_daily", {f"within {n} days": f"responded_{n}d" for n in (3, 7, 14)}),
    ):
        where = WHOLE if table == "hiring_funnel_daily" else "company_id = '__all__'"
        for series, column in columns.items():
            expected = twelve_weeks.ask(
                f"select if(count({column}) = 7, sum({column}) / sum(applications), null) from {table} "
                f"where {where} group by date_trunc('week', applied_date) order by date_trunc('week', applied_date)"
            )
            assert [(row["value"],) for row in rows if row["series"] == series] == expected
            assert expected[-1] == (None,)
            known += sum(value is not None for (value,) in expected) if rows is cohorts else 0
    assert points == known + len(of_funnel)  # and those of the legend
    expected = twelve_weeks.ask(
        f"select sum(placed) from hiring_activity_daily where {WHOLE} group by date_trunc('week', date) order by min(date)"
    )
    assert [(row["value"],) for row in happened if row["series"] == "placed"] == expected


def test_a_week_of_which_a_date_is_shown_stands_within_its_axis(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    # 2026-03-21 is a Saturday, and stands under the Monday before it.
    with opened(browser, built(twelve_weeks) / "hiring.html", "#from=2026-03-21&to=2026-04-05") as seen:
        axis = seen.page.locator("#chart-activity svg .role-axis-grid line").first.bounding_box()
        points = seen.page.locator("#chart-activity svg [aria-roledescription=point]")
        lefts = [box["x"] + box["width"] / 2 for box in (one.bounding_box() for one in points.all()) if box]
    assert axis is not None
    assert min(lefts) >= axis["x"]


def test_groups_are_sums_of_their_dates(twelve_weeks: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        rows = seen.rows("by_channel")
    expected = twelve_weeks.ask(
        "select channel, sum(applications), sum(reached_placed) / sum(applications), sum(open), "
        "sum(responded_7d) / sum(if(responded_7d is null, null, applications)) "
        "from hiring_funnel_daily where channel <> '__all__' group by channel order by 2 desc, 1"
    )
    columns = ("group", "applications", "placed_share", "open", "answered")
    assert [tuple(row[name] for name in columns) for row in rows] == expected


def test_medians_are_read_as_they_stand_and_a_null_is_a_gap(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        wait, stages, hires = seen.rows("wait"), seen.rows("stage_hours"), seen.rows("time_to_hire")
        points = seen.page.locator("#chart-wait svg .mark-symbol path").count()
        still_in = seen.rows("stages_in_numbers")
    expected = twelve_weeks.ask(
        "select median_hours_to_response, applications from response_time_daily where company_id = '__all__' "
        "order by applied_date"
    )
    assert [(row["value"], row["n"]) for row in wait] == expected
    assert points == sum(value is not None for value, _ in expected) == 63
    assert [(row["series"], row["day"], row["value"]) for row in stages] == [
        (stage, str(week), value)
        for stage, week, value in twelve_weeks.ask(
            "select stage, week_start, median_hours from stage_time_weekly order by "
            "list_position(['submitted', 'reviewed', 'shortlisted', 'interview', 'offered'], stage), week_start"
        )
    ]
    assert [(row["value"], row["n"]) for row in hires] == twelve_weeks.ask(
        "select median_days_application_to_hire, hires from time_to_hire_weekly where category = '__all__' "
        "order by week_start"
    )
    assert {row["stage"]: row["still_in"] for row in still_in} == dict(
        twelve_weeks.ask("select stage, sum(still_in)::int from stage_time_weekly group by stage")
    )


def test_curves_begin_with_all_openings_and_have_bands(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        rows, notes = seen.rows("fill"), seen.text("#chart-fill .notes")
        bands = seen.page.locator("#chart-fill svg .mark-area path").count()
        numbers = seen.page.locator("#chart-fill svg .mark-text.role-mark text").all_text_contents()
        table = seen.rows("fill_by_category")
        tile = seen.text("#tile-filled_share_60")
    assert [tuple(row[name] for name in ("day", "at_risk", "filled", "closed")) for row in rows] == list(
        CURVE
    )
    assert bands == 2
    assert "12 openings" in notes
    assert "6 still open" in notes
    assert numbers[-1] == "3"
    assert [row["group"] for row in table] == ["all", "category 0", "category 1"]
    assert (table[0]["median_days_to_fill"], table[1]["median_days_to_fill"]) == (20, None)
    assert f"{100 * table[0]['low']:.1f} % to {100 * table[0]['high']:.1f} %" in tile


def test_the_interval_of_a_share_is_that_of_the_delta_method(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        ask = "days => jobmatch.hiring.incidence(days, 'filled')"
        days = [dict(zip(("day", "at_risk", "filled", "closed"), row, strict=True)) for row in CURVE]
        found = seen.js(ask, days)
        # Nothing is censored: shares are those of a multinomial.
        whole = [
            {"day": 1, "at_risk": 10, "filled": 2, "closed": 3},
            {"day": 4, "at_risk": 5, "filled": 1, "closed": 4},
        ]
        certain = seen.js(ask, whole)
    assert [step["value"] for step in found] == pytest.approx([1 / 6, 2 / 6, 0.5])
    assert [step["variance"] for step in found] == pytest.approx(
        [p * (1 - p) / 6 for p in (1 / 6, 2 / 6, 0.5)]
    )
    assert [step["variance"] for step in certain] == pytest.approx([0.2 * 0.8 / 10, 0.3 * 0.7 / 10])
    share, power = 0.5, math.exp(1.959963984540054 * math.sqrt(0.25 / 6) / (0.5 * -math.log(0.5)))
    assert found[-1]["low"] == pytest.approx(share**power)
    assert found[-1]["high"] == pytest.approx(share ** (1 / power))


def test_with_censored_openings_the_variance_is_larger_than_without(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    days = [
        {"day": 2, "at_risk": 20, "filled": 4, "closed": 2},
        {"day": 5, "at_risk": 9, "filled": 3, "closed": 1},
    ]
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        (_, last) = seen.js("days => jobmatch.hiring.incidence(days, 'filled')", days)
    left = 0.7
    assert last["value"] == pytest.approx(4 / 20 + left * 3 / 9)
    # F = a + s·h with s² h (1 - h) / 9 of the second day, and a and s of a multinomial of 20.
    h = 3 / 9
    of_first = (0.2 * 0.8 + h * h * left * 0.3 - 2 * h * 0.2 * left) / 20
    assert last["variance"] == pytest.approx(of_first + left * left * h * (1 - h) / 9)
    assert last["variance"] > last["value"] * (1 - last["value"]) / 20


@pytest.mark.parametrize("oracle", ORACLES_OF_BANDS)
def test_bands_of_random_curves_are_those_of_the_oracle(
    oracle: str, twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    causes = ("filled", "closed")
    # The oracles want both causes, and somebody who is observed to the end.
    groups = [
        [*group, (max(time for time, _ in group) + 1, None)]
        for _, group in random_groups(Random(7), 3, causes)
        if {end for _, end in group} >= set(causes)
    ]
    assert len(groups) > 12
    days = [
        [
            {"day": day, "at_risk": step.at_risk, **step.ended}
            for day, step in exact_curve(group, causes).items()
        ]
        for group in groups
    ]
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        found = seen.js("curves => curves.map((days) => jobmatch.hiring.incidence(days, 'filled'))", days)
    for group, steps in zip(groups, found, strict=True):
        drawn = {step["day"]: (step["low"], step["high"]) for step in steps if step["low"] is not None}
        expected = ORACLES_OF_BANDS[oracle](group, causes, "filled")
        assert drawn.keys() == expected.keys()
        for day, band in drawn.items():
            assert band == pytest.approx(expected[day], rel=1e-9)


def test_a_platform_without_entities_says_what_to_land(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(copy.funnel(7).publication(7)) / "hiring.html") as seen:
        messages = seen.page.locator("figure.chart p.message").all_inner_texts()
        tiles = [
            seen.text(f"#tile-{name}") for name in ("applications", "responded_7d", "median_days_to_fill")
        ]
        drawings = seen.page.locator("svg .mark-line path").count()
    assert all("land them as docs/entities.md says" in text for text in [*messages, *tiles])
    assert drawings == 0


def test_tables_without_rows_say_so(copy: Copy, built: Build, browser: Browser) -> None:
    with opened(browser, built(with_hiring(copy).publication(7)) / "hiring.html") as seen:
        messages = seen.page.locator("figure.chart p.message").all_inner_texts()
        tile = seen.text("#tile-filled_share_60")
    assert all("There are no rows in" in text for text in [*messages, tile])


def test_openings_of_which_none_has_ended_are_told(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    twelve_weeks.change(
        "delete from time_to_fill_curve", "update time_to_fill set median_days_to_fill = null"
    )
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        assert "Nothing is filled or closed yet" in seen.text("#chart-fill .message")
        assert "Fewer than half" in seen.text("#tile-median_days_to_fill")


def test_without_a_column_what_is_made_of_it_says_so(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    twelve_weeks.change("alter table hiring_funnel_daily drop column placed_60d")
    with opened(browser, built(twelve_weeks) / "hiring.html") as seen:
        assert "lacks hiring_funnel_daily (placed_60d)" in seen.text("#tile-placed_60d")
        assert len(seen.rows("stages")) == 6


def test_names_are_text_and_two_filters_that_do_not_meet_say_so(
    twelve_weeks: Copy, built: Build, browser: Browser
) -> None:
    for table in ("hiring_funnel_daily", "time_to_fill", "time_to_fill_curve"):
        twelve_weeks.plant(f"update {table} set category = ? where category = 'category 1'", HOSTILE)
    with opened(browser, built(twelve_weeks) / "hiring.html", viewport=PHONE) as seen:
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        assert seen.page.locator("#main b[onclick]").count() == 0
        assert HOSTILE in {row["group"] for row in seen.rows("by_category")}
        seen.page.select_option("#choose-category", value=HOSTILE)
        seen.page.select_option("#choose-channel", value="search")
        seen.settle()
        assert "Choose fewer filters" in seen.text("#chart-stages .message")
        assert len(seen.rows("fill")) == len(CURVE)


def test_a_year_of_many_categories_stays_small(copy: Copy, built: Build, browser: Browser) -> None:
    fill_hiring(with_hiring(copy), 365, categories=20).publication(365)
    page = built(copy) / "hiring.html"
    assert len(gzip.compress(page.read_bytes())) < 1_000_000
    with opened(browser, page, f"#from={FIRST}&to=2027-03-01") as seen:
        assert len(seen.rows("wait")) == 365
