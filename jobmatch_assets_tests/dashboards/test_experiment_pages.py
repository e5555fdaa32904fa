"""The pages of experiments in a browser: status first, no effect behind a shut gate, and numbers that are gold's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from jobmatch_assets.contracts.vocabulary import AB_STATUSES
from jobmatch_assets.dashboards.instance_files import instance_file
from jobmatch_assets_tests.bench.browser import PHONE, opened
from jobmatch_assets_tests.bench.published import Copy

pytestmark = pytest.mark.browser

Build = Callable[..., Path]

REGISTRY = "experiment_id,control_variant,weights,owner,description\n"
HALVES = REGISTRY + "order,control,control=0.5;treatment=0.5,search team,Another order\n"
HOSTILE = [
    "<script>alert(1)</script>",
    "a" * 200,
    "__all__",
    "(none)",
    "a/../../b",
    "..",
    "'\"&quot;`",
    "line\nbreak\r\nand\u2028another",
    "\u202eright to left\u200f",
    "__proto__",
    "=1+1",
]
TESTS = {
    "no_control": ("no unit has shown the control", "Check that the product stamps the control"),
    "invalid_multiple_variants": ("77 units have shown more than one variant", "why users change variants"),
    "invalid_srm": ("do not fit the registered shares", "which variant loses or gains users"),
    "insufficient": ("too few units", "Wait: nothing is said before each arm has 100 users"),
    "ok": ("up: clicks_per_user, ctr", "Read the metrics that were chosen before the start"),
}


def page_of(folder: Path, name: str) -> Path:
    return folder / instance_file("experiment", name)


def newest(copy: Copy, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return copy.ask(
        f"select {columns} from ab_results where {where} "
        "qualify as_of_date = max(as_of_date) over (partition by experiment_id) order by variant, metric"
    )


def test_every_status_has_its_words() -> None:
    assert set(TESTS) == set(AB_STATUSES)


@pytest.mark.parametrize("status", AB_STATUSES)
def test_the_status_comes_first_with_what_to_do(
    copy: Copy, built: Build, browser: Browser, status: str
) -> None:
    folder = built(copy.experiment("order", status=status).publication(14), HALVES)
    why, step = TESTS[status]
    with opened(browser, folder / "experiments.html") as seen:
        row = seen.text("#chart-list tbody tr")
        assert why in row
        assert step in row
        assert ("held back because" in row) == (status != "ok")
    with opened(browser, page_of(folder, "order")) as seen:
        told = seen.text("#chart-status .message")
        assert told.index("Running since 2 Mar 2026: 14 days") < told.index(why) < told.index(step)
        assert "Owner: \u2068search team\u2069" in told
        assert "winner" not in seen.text("main").lower()


@pytest.mark.parametrize("status", [status for status in AB_STATUSES if status != "ok"])
def test_behind_a_shut_gate_no_effect_is_shown_and_values_and_users_stay(
    copy: Copy, built: Build, browser: Browser, status: str
) -> None:
    folder = built(copy.experiment("order", status=status).publication(14), HALVES)
    with opened(browser, page_of(folder, "order")) as seen:
        for chart in ("relative_effects", "effects", "effect_over_time"):
            assert seen.rows(chart) == []
            assert seen.page.locator(f"#chart-{chart} svg").count() == 0
            assert "No effect is shown" in seen.text(f"#chart-{chart} .message")
            assert status in seen.text(f"#chart-{chart} .message")
        shown = [
            (row["units_control"], row["units_treatment"], row["value_control"], row["value_treatment"])
            for row in seen.rows("numbers")
        ]
    assert shown == newest(copy, "units_control, units_treatment, value_control, value_treatment")


def test_effects_are_those_of_gold_with_the_interval_that_is_chosen(
    copy: Copy, built: Build, browser: Browser
) -> None:
    folder = built(copy.experiment("order", variants=("a", "b")).publication(14))
    columns = (
        "variant, metric, effect, seq_ci_low, seq_ci_high, ci_low, ci_high, units_control + units_treatment, "
    )
    expected = newest(copy, columns + "relative_effect, relative_ci_low, relative_ci_high")
    with opened(browser, page_of(folder, "order")) as seen:
        daily, relative, words = (
            seen.rows("effects"),
            seen.rows("relative_effects"),
            seen.text("#chart-status .message"),
        )
        assert "a\u2069: up: clicks_per_user, ctr; down: applies_per_user; no difference found" in words
        assert all(row["low"] is None for row in relative)
        assert "only one for a single look" in seen.text("#chart-relative_effects .notes")
        seen.page.get_by_role("button", name="once").click()
        seen.settle()
        once, relative_once = seen.rows("effects"), seen.rows("relative_effects")
        assert "look=once" in seen.page.url
        assert seen.page.locator("#chart-effects svg [aria-roledescription=point]").count() == 10

    def found(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return sorted(
            (row["variant"], row["metric"], row["value"], row["low"], row["high"], row["n"]) for row in rows
        )

    assert found(daily) == [(*row[:5], row[7]) for row in expected]
    assert found(once) == [(*row[:3], *row[5:8]) for row in expected]
    assert found(relative_once) == [(*row[:2], *row[8:], row[7]) for row in expected]


def test_effects_over_time_are_gaps_while_the_gate_was_shut(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.experiment("order").publication(14).change(
        "update ab_results set status = 'insufficient', effect = null, seq_ci_low = null, seq_ci_high = null, "
        "ci_low = null, ci_high = null where as_of_date < '2026-03-06'"
    )
    with opened(browser, page_of(built(copy), "order")) as seen:
        drawn = [row for row in seen.rows("effect_over_time") if row["metric"] == "ctr"]
        assert seen.page.locator("#chart-effect_over_time .panel").count() == 5
    expected = copy.ask(
        "select as_of_date::varchar, effect, seq_ci_low, seq_ci_high from ab_results where metric = 'ctr' order by 1"
    )
    assert [row["day"] for row in drawn] == [day for day, *_ in expected]
    shown = [(row["value"], row["low"], row["high"]) for row in drawn]
    assert shown[:4] == [(None, None, None)] * 4
    for values, (_, *of_gold) in zip(shown[4:], expected[4:], strict=True):
        assert values == pytest.approx(of_gold, rel=1e-5)


def test_users_of_days_are_drawn_by_arm_and_not_added_up(copy: Copy, built: Build, browser: Browser) -> None:
    folder = built(copy.experiment("order", days=5, begins=3).publication(14))
    with opened(browser, page_of(folder, "order")) as seen:
        drawn = [(row["day"], row["series"], row["value"]) for row in seen.rows("traffic")]
        assert "Not running, ended 9 Mar 2026: 5 days" in seen.text("#chart-status .message")
        assert seen.page.input_value("#choose-to") == "2026-03-09"
    query = "select event_date::varchar, variant, units from ab_metrics_daily order by variant, event_date"
    assert drawn == copy.ask(query)


def test_the_split_is_compared_with_the_registered_shares(copy: Copy, built: Build, browser: Browser) -> None:
    registry = REGISTRY + "order,control,control=0.5;treatment=0.3;late=0.2,,\n"
    folder = built(copy.experiment("order", variants=("stray", "treatment")).publication(14), registry)
    with opened(browser, page_of(folder, "order")) as seen:
        rows = {row["arm"]: row for row in seen.rows("split")}
        notes = seen.text("#chart-split .notes")
        assert seen.page.locator("#chart-split svg [aria-roledescription=bar]").count() == 3
    users = dict(newest(copy, "variant, units_treatment", "metric = 'ctr'"))
    ((control,),) = newest(copy, "units_control", "variant = 'treatment' and metric = 'ctr'")
    total = control + users["treatment"]
    assert {arm: row["units"] for arm, row in rows.items()} == {**users, "control": control, "late": 0}
    assert rows["control"]["share"] == control / total
    assert rows["treatment"]["expected_units"] == pytest.approx(0.3 * total)
    assert rows["late"]["expected_share"] == pytest.approx(0.2)
    assert rows["stray"]["expected_share"] is None
    assert "no part of the test: \u2068stray\u2069" in notes
    assert "p = 0.43" in notes


def test_a_broken_registry_is_told_and_everything_else_stays(
    copy: Copy, built: Build, browser: Browser
) -> None:
    folder = built(
        copy.experiment("order").publication(14), REGISTRY + "order,control,control=0.5;treatment=0.4,,\n"
    )
    with opened(browser, folder / "experiments.html") as seen:
        assert "experiments.csv, line 2" in seen.text("#chart-list .message")
        assert seen.page.locator("#chart-list tbody tr").count() == 1
    with opened(browser, page_of(folder, "order")) as seen:
        assert "add up to 0.9" in seen.text("#chart-status .message")
        assert "What each arm should have is not known" in seen.text("#chart-split .message")
        assert [row["expected_share"] for row in seen.rows("split")] == [None, None]
        assert len(seen.rows("effects")) == 5


def test_running_experiments_come_first_and_lead_to_their_pages(
    copy: Copy, built: Build, browser: Browser
) -> None:
    copy.experiment("a_ended", days=5).experiment("b_runs").experiment("c_ended", days=9).publication(14)
    copy.plant("delete from ab_results where experiment_id = 'a_ended'")
    folder = built(copy, REGISTRY + "planned,,,,\n")
    with opened(browser, folder / "experiments.html") as seen:
        names = seen.page.locator("#chart-list tbody th").all_inner_texts()
        assert names == ["b_runs", "c_ended", "a_ended"]
        assert [row["days"] for row in seen.rows("list")] == [14, 9, 5]
        assert "planned" in seen.text("#chart-list .notes")
        assert "no variant besides the control" in seen.text("#chart-list tbody tr:last-child")
        links = [link.get_attribute("href") for link in seen.page.locator("#chart-list tbody a").all()]
    assert links == [instance_file("experiment", name) for name in names]
    assert all((folder / link).exists() for link in links if link)
    with opened(browser, page_of(folder, "a_ended")) as seen:
        assert "There is no result yet" in seen.text("#chart-status .message")
    with opened(browser, folder / "index.html") as seen:
        assert seen.page.locator("#chart-experiments tbody a").first.get_attribute("href") == links[0]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_an_experiment_is_called_its_page_is_found_and_shows_the_name(
    copy: Copy, built: Build, browser: Browser, name: str
) -> None:
    folder = built(copy.experiment(name, variants=(name + "!",), control=name + "?").publication(14))
    file = page_of(folder, name)
    assert file.parent == folder
    with opened(browser, folder / "experiments.html", viewport=PHONE) as seen:
        assert seen.js("document.querySelector('#chart-list tbody th').textContent") == name
        assert seen.page.locator("#chart-list tbody a").get_attribute("href") == file.name
    with opened(browser, file, viewport=PHONE) as seen:
        heading = seen.js("document.querySelector('h1').textContent")
        assert heading.replace("\r\n", "\n") == f"Experiment \u2068{name}\u2069".replace("\r\n", "\n")
        assert {row["series"] for row in seen.rows("traffic")} == {name + "!", name + "?"}
        assert len(seen.rows("effects")) == 5
        assert seen.js("document.documentElement.scrollWidth <= innerWidth")
        assert seen.page.locator("body script").count() == 4


def test_forty_experiments_have_forty_small_pages(copy: Copy, built: Build, browser: Browser) -> None:
    for number in range(40):
        copy.experiment(f"experiment {number}", days=60)
    folder = built(copy.publication(60))
    files = list(folder.glob("experiment-*.html"))
    assert len(files) == 40
    # What a page holds besides the library that draws is what only this experiment needs.
    assert max(len(file.read_bytes()) for file in files) < 1_200_000
    with opened(browser, folder / "experiments.html") as seen:
        assert seen.page.locator("#chart-list tbody tr").count() == 40
    with opened(browser, files[0]) as seen:
        assert len(seen.rows("effects")) == 5
        ids = seen.js(
            "jobmatch.page.tables.newest.rows.map((row) => jobmatch.page.tables.newest.at(row, 'variant'))"
        )
        assert len(ids) == 5


def test_one_day_says_what_one_day_can_say(copy: Copy, built: Build, browser: Browser) -> None:
    folder = built(copy.experiment("order", days=1).publication(1))
    with opened(browser, page_of(folder, "order")) as seen:
        assert "since 2 Mar 2026: 1 day." in seen.text("#chart-status .message")
        assert len(seen.rows("effect_over_time")) == 5
        assert seen.page.locator("#chart-traffic svg [aria-roledescription=point]").count() == 2


def test_held_back_and_incomplete_dates_are_drawn_as_such(copy: Copy, built: Build, browser: Browser) -> None:
    copy.experiment("order", days=7).publication(7).change(
        "insert into held_back values ('2026-03-04', 'gold', 'matches_contract', null, 'Something is wrong')"
    )
    with opened(browser, page_of(built(copy), "order")) as seen:
        assert seen.page.locator("#chart-traffic svg .mark-symbol path[fill='#ffffff']").count() == 2 * 2
        assert seen.page.locator("#chart-traffic svg text", has_text="held back").count() == 1
        assert "Hatched" in seen.text("#chart-traffic .notes")


@pytest.mark.parametrize("column", ["seq_ci_low", "relative_ci_low"])
def test_a_copy_without_a_column_is_told_and_what_does_not_need_it_stays(
    copy: Copy, built: Build, browser: Browser, column: str
) -> None:
    folder = built(
        copy.experiment("order").publication(14).change(f"alter table ab_results drop column {column}")
    )
    is_needed = column == "seq_ci_low"
    for file, chart in (
        (folder / "index.html", "experiments"),
        (folder / "experiments.html", "list"),
        (page_of(folder, "order"), "status"),
    ):
        with opened(browser, file) as seen:
            assert (f"lacks ab_results ({column})" in seen.text(f"#chart-{chart}")) == is_needed
    with opened(browser, page_of(folder, "order"), "#look=once") as seen:
        assert len(seen.rows("traffic")) == 2 * 14
        assert len(seen.rows("relative_effects")) == (0 if is_needed else 5)
        assert "made by an earlier version" in seen.text("#chart-relative_effects")
