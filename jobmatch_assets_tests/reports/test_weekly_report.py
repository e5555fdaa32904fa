"""The report of a week says what the published copy holds: its numbers, its state, and what they mean."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.metrics.ratios import UnitSums, difference_of_shares, ratio_over_days, wilson
from jobmatch_assets.reports import wording
from jobmatch_assets.reports.files import ReportError
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.weekly import build_weekly
from jobmatch_assets_tests.bench.published import Copy
from jobmatch_assets_tests.reports.conftest import Made
from jobmatch_assets_tests.reports.planted import WEEK, experiment, full

Maker = Callable[..., Made]

ALL = "platform = '__all__' and device_type = '__all__' and surface = '__all__'"
DATES = "between date '2026-03-09' and date '2026-03-15'"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Two whole weeks and two days, with an experiment; left as it is."""
    copy = full(tmp_path_factory.mktemp("copy") / "gold.duckdb")
    experiment(copy, "ranker")
    experiment(copy, "broken split", status="invalid_srm")
    return copy


@pytest.fixture(scope="module")
def made(copy: Copy, make: Maker) -> Made:
    """Its report."""
    return make(copy)


def test_the_last_complete_week_is_reported_by_default(made: Made) -> None:
    assert (str(made.report.week), made.report.path.name) == (WEEK, "weekly-2026-W11.pdf")
    assert "Weekly report 2026-W11 9 to 15 March 2026 (UTC)" in made.pages[0]
    assert made.report.is_final
    assert "not final" not in made.text.lower()
    assert len(made.pages) <= 5


def test_rates_of_the_funnel_are_those_of_the_week(copy: Copy, made: Made) -> None:
    ((entered, seen, clicked, applied),) = copy.ask(
        "select entered, reached_impression, reached_click, reached_apply from funnel_weekly "
        f"where week_start = '2026-03-09' and {ALL}"
    )
    ((entered_before, applied_before),) = copy.ask(
        f"select entered, reached_apply from funnel_weekly where week_start = '2026-03-02' and {ALL}"
    )
    rate = wilson(applied, entered)
    change = difference_of_shares(rate, wilson(applied_before, entered_before))
    assert rate is not None
    assert change is not None
    assert (
        f"Search to application {wording.percent(rate.value)} {wording.between(rate, wording.percent)}, "
        f"of {wording.count(entered)} users {change.change} "
    ).replace("\u00a0", " ") in made.text
    said = (
        f"{wording.signed(change.value, wording.points)} ({wording.signed_between(change, wording.points)})"
    )
    assert said.replace("\u00a0", " ") in made.text
    for reached, of in ((seen, entered), (clicked, seen), (applied, clicked)):
        assert f"{wording.count(reached)} of {wording.count(of)}" in made.text


def test_counts_are_sums_and_users_those_of_the_week(copy: Copy, made: Made) -> None:
    ((users, searches, applies),) = copy.ask(
        f"select users_search, searches, applies from funnel_weekly where week_start = '2026-03-09' and {ALL}"
    )
    ((daily_users, daily_searches),) = copy.ask(
        f"select sum(users_search), sum(searches) from funnel_daily where event_date {DATES} and {ALL}"
    )
    assert (searches, users < daily_users) == (daily_searches, True)
    assert f"Users who search {users:,} each counted once" in made.text
    assert f"Searches {searches:,} events" in made.text
    assert f"Applications {applies:,} events" in made.text
    assert f"{daily_users:,}" not in made.text


def test_ranking_is_the_ratio_of_sums_with_users_as_units(copy: Copy, made: Made) -> None:
    days = copy.ask(
        "select ndcg_sum, interacted_lists, ndcg_ss, ndcg_sn, interacted_nn, interacted_units "
        f"from ranking_metrics_daily where event_date {DATES} and k = 10 and surface = '__all__' "
        "and experiment_id = '__all__' and variant = '__all__'"
    )
    ndcg = ratio_over_days(UnitSums(*day) for day in days)
    assert ndcg is not None
    assert f"NDCG@10 {ndcg.value:.3f} {ndcg.low:.3f} to {ndcg.high:.3f}" in made.text
    mean_of_means = sum(day[0] / day[1] for day in days) / len(days)
    assert f"{mean_of_means:.2f}" != f"{ndcg.value:.2f}", "the planted difference is to be seen"
    assert f"NDCG@10 {mean_of_means:.2f}" not in made.text


def test_search_quality_is_of_all_dates_together(copy: Copy, made: Made) -> None:
    ((abandoned, lists, clicks, zero, counted, searches, position, clicked, low, high),) = copy.ask(
        "select sum(abandoned_lists), sum(lists), sum(unattributed_clicks), sum(zero_result_searches), "
        "sum(counted_searches), sum(searches), sum(mean_click_position * clicked_items) / sum(clicked_items), "
        "sum(clicked_items), min(median_seconds_to_first_click), max(median_seconds_to_first_click) "
        f"from search_quality_daily where event_date {DATES} and surface = '__all__'"
    )
    assert f"Abandonment rate {100 * abandoned / lists:.1f} % {abandoned:,} of {lists:,} lists" in made.text
    assert (
        f"Zero-result rate {100 * zero / counted:.1f} % {zero:,} of {counted:,} searches that say"
        in made.text
    )
    assert f"{100 * counted / searches:.1f} % {counted:,} of {searches:,} searches" in made.text
    assert f"Unattributed clicks {clicks:,}" in made.text
    assert f"Mean click position {position:.2f} of {clicked:,} clicked items" in made.text
    assert f"Median time to first click {low:.1f} to {high:.1f} s lowest to highest date" in made.text


def test_lines_are_events_duplicates_and_quarantine(copy: Copy, made: Made) -> None:
    ((lines, events, duplicates, quarantined),) = copy.ask(
        "select sum(lines), sum(events), sum(duplicates), sum(quarantined) from data_health_daily "
        f"where date {DATES}"
    )
    assert lines - events - duplicates - quarantined != 0, "the planted difference is to be seen"
    assert (
        f"Week {lines:,} {events:,} {duplicates:,} {quarantined:,} {lines - events - duplicates - quarantined:,} "
        f"{100 * quarantined / lines:.2f} %"
    ) in made.text
    reasons = copy.ask(
        f"select reason, sum(lines) from quarantine_daily where date {DATES} group by reason order by 2 desc"
    )
    shares = [f"{reason} {held:,} {100 * held / lines:.2f} %" for reason, held in reasons]
    assert [share in made.text for share in shares] == [True] * 6 + [False]
    assert f"And 1 more reasons with {reasons[-1][1]} lines" in made.text


def test_an_experiment_has_its_effects_only_where_it_is_ok(made: Made) -> None:
    assert "ranker" in made.text
    assert "+3.0 pp (+1.0 to +5.0 pp)" in made.text
    assert (
        "Held back because the units per variant do not fit the registered shares (invalid_srm)" in made.text
    )
    assert "Find out which variant loses or gains users" in made.text
    assert "2 experiments with events in the week, 2 variants against control; 1 held back" in made.text
    assert "winner" not in made.text.lower()


def test_the_last_page_defines_what_is_shown(made: Made, dictionary: Dictionary) -> None:
    for name in ("search_to_apply_rate", "ndcg_at_k", "abandonment_rate", "ab_ctr"):
        metric = dictionary[name]
        assert f"{metric.label} {name} {' '.join(metric.description.split())}" in made.text


def test_the_document_is_tagged_and_reads_aloud(copy: Copy, made: Made) -> None:
    document = pypdf.PdfReader(made.report.path)
    root = document.root_object
    assert cast("DictionaryObject", root["/MarkInfo"])["/Marked"]
    assert root["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "Weekly report 2026-W11, 9 to 15 March 2026"
    figures = [
        node
        for node in _nodes(cast("DictionaryObject", root["/StructTreeRoot"]))
        if node.get("/S") == "/Figure"
    ]
    alternatives = [str(figure["/Alt"]) for figure in figures]
    assert len(alternatives) == 7
    assert any(text.startswith("Users at each step: searched ") for text in alternatives)
    ((shown, clicked),) = copy.ask(
        f"select sum(shown), sum(clicked) from ranking_position_daily where event_date {DATES} "
        "and rank_position = 1 and surface = '__all__'"
    )
    by_rank = f"Rank 1: {100 * clicked / shown:.2f}\u00a0% of {shown:,};"
    assert [by_rank in text for text in alternatives].count(True) == 1


def test_the_same_copy_gives_the_same_bytes(copy: Copy, made: Made, make: Maker) -> None:
    again = make(copy)
    assert again.report.path.read_bytes() == made.report.path.read_bytes()
    assert again.report.content == made.report.content


def test_a_later_publication_of_the_same_says_the_same(
    tmp_path: Path, copy: Copy, made: Made, make: Maker
) -> None:
    later = Copy.__new__(Copy)
    later.path = tmp_path / "gold.duckdb"
    later.path.write_bytes(copy.path.read_bytes())
    later.change("update publication set published_at = published_at + interval 1 day")
    found = make(later)
    assert found.report.content == made.report.content
    assert found.report.path.read_bytes() != made.report.path.read_bytes()


def test_a_place_that_cannot_be_written_to_keeps_nothing(
    copy: Copy, dictionary: Dictionary, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ReportError, match="Name another place"):
        build_weekly(copy.path, blocked / "reports", dictionary, Week.of_text(WEEK))
    (tmp_path / "reports" / "weekly-2026-W11.pdf").mkdir(parents=True)
    with pytest.raises(ReportError, match="cannot be written"):
        build_weekly(copy.path, tmp_path / "reports", dictionary, Week.of_text(WEEK))
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["weekly-2026-W11.pdf"]


def test_a_file_that_is_no_report_is_left_alone(copy: Copy, dictionary: Dictionary, tmp_path: Path) -> None:
    data = copy.path.read_bytes()
    with pytest.raises(ReportError, match="is no PDF, so no report takes its place"):
        build_weekly(copy.path, tmp_path, dictionary, Week.of_text(WEEK), copy.path)
    assert copy.path.read_bytes() == data


def _nodes(node: DictionaryObject) -> list[DictionaryObject]:
    """An element of the structure and all below it."""
    found, waiting = [], [node]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, DictionaryObject):
            found.append(one)
            kids = one.get("/K", [])
            waiting += list(kids) if isinstance(kids, list) else [kids]
    return found
