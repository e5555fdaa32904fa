"""Reports that are ready are told once for what each says, apart from what is wrong."""

from collections.abc import Iterator

import dagster as dg
import pytest

from jobmatch_assets.alerting.messages import merged, message_of, message_of_reports
from jobmatch_assets.alerting.payloads import payload
from jobmatch_assets.alerting.reports import ReadyReport, ToldReports, news_of
from jobmatch_assets.orchestration.weekly_report import REPORT_KEY
from jobmatch_assets_tests.alerting.samples import NOON, UI, message
from jobmatch_assets_tests.alerting.small_platform import SmallPlatform
from jobmatch_assets_tests.alerting.test_messages import long_notices, utf16
from jobmatch_assets_tests.bench.receivers import Receiver


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance of the test's own."""
    with dg.DagsterInstance.ephemeral() as made_here:
        yield made_here


PATH = "/srv/reports/weekly-2026-W10.pdf"
RUN = "0f8fad5b-d9cb-469f-a165-70867728950e"


def ready(
    name: str = "2026-W10", path: str = PATH, content: str = "abc", is_final: bool = True
) -> ReadyReport:
    return ReadyReport(name, path, is_final, content, RUN, NOON)


def made(instance: dg.DagsterInstance, content: str, is_final: bool = True) -> None:
    instance.report_runless_asset_event(
        dg.AssetMaterialization(
            REPORT_KEY,
            partition="2026-03-02",
            metadata={
                "path": dg.MetadataValue.path(PATH), "week": "2026-W10", "is_final": is_final, "content": content,
            },
        )
    )  # fmt: skip


def test_slack_is_told_where_the_report_is() -> None:
    assert payload("slack", message_of_reports([ready(is_final=False)]), UI) == {
        "text": "📄 Weekly report 2026-W10 is ready (not final)",
        "attachments": [
            {
                "color": "#1a5a96",
                "fallback": "Weekly report 2026-W10 is ready (not final)",
                "title": "Weekly report 2026-W10 is ready (not final)",
                "text": f"`{PATH}`\nMade 2026-03-02 12:00 UTC · <{UI}/runs/{RUN}|run 0f8fad5b>",
                "mrkdwn_in": ["text"],
            }
        ],
    }


def test_discord_is_told_the_same() -> None:
    body = payload("discord", message_of_reports([ready()]), UI)
    assert body["content"] == "📄 Weekly report 2026-W10 is ready"
    assert body["embeds"] == [
        {
            "color": 0x1A5A96,
            "title": "Weekly report 2026-W10 is ready",
            "description": f"`{PATH}`\nMade 2026-03-02 12:00 UTC · [run 0f8fad5b]({UI}/runs/{RUN})",
        }
    ]


def test_a_program_is_told_the_same() -> None:
    body = payload("json", message_of_reports([ready()]), UI)
    assert (body["problems"], body["recoveries"], body["alerts"]) == (0, 0, [])
    assert body["reports"] == [
        {
            "title": "Weekly report 2026-W10 is ready",
            "name": "2026-W10",
            "path": PATH,
            "is_final": True,
            "run_id": RUN,
            "url": f"{UI}/runs/{RUN}",
            "made": "2026-03-02T12:00:00+00:00",
        }
    ]


@pytest.mark.parametrize("format_", ["slack", "discord"])
def test_a_path_is_no_markup_and_mentions_nobody(format_: str) -> None:
    body = str(payload(format_, message_of_reports([ready(path="/srv/`*<!channel>@everyone")]), UI))  # type: ignore[arg-type]
    assert "@everyone" not in body
    assert "<!channel>" not in body or format_ == "discord"
    assert "`*" not in body.replace("`/srv/'*", "")


def test_what_waits_too_long_keeps_its_reports() -> None:
    both = merged(message(), message_of_reports([ready()]))
    assert (both.problems, both.reports) == (1, (ready(),))
    assert payload("slack", both, UI)["text"] == "🔴 1 problem, 1 report ready"


@pytest.mark.parametrize("count", [1, 9, 10])
def test_reports_beside_problems_stay_within_the_limits_of_discord(count: int) -> None:
    reports = [ready(name=f"2026-W{number}", path="/srv/" + "x" * 900) for number in range(10, 20)]
    body = payload("discord", merged(message_of(long_notices(count)), message_of_reports(reports)), UI)
    assert len(body["embeds"]) <= 10
    texts = [embed.get(part, "") for embed in body["embeds"] for part in ("title", "description")]
    assert sum(map(utf16, texts)) <= 6_000
    assert any("2026-W10" in text for text in texts) == (count < 10)


def test_only_what_says_something_else_is_news() -> None:
    known, news = news_of(ToldReports(), [ready(content="a"), ready(content="b")], 7)
    assert (known.position, news) == (7, [ready(content="b")])
    again, none = news_of(known, [ready(content="b")], 8)
    assert (again.position, none) == (8, [])
    assert news_of(again, [ready(content="c")], 9)[1] == [ready(content="c")]


def test_the_sensor_tells_of_a_report_once_for_what_it_says(
    instance: dg.DagsterInstance, first: Receiver
) -> None:
    platform = SmallPlatform(instance, first)
    platform.look()
    made(instance, "a", is_final=False)
    platform.look()
    platform.look()
    made(instance, "a", is_final=False)
    platform.look()
    (body,) = first.received
    assert (body["summary"], body["problems"]) == ("Weekly report 2026-W10 is ready (not final)", 0)
    assert body["reports"][0]["path"] == PATH
    made(instance, "b")
    platform.look()
    assert [body["summary"] for body in first.received[1:]] == ["Weekly report 2026-W10 is ready"]
    assert any(PATH in line for _, line in platform.log)


def test_reports_of_long_ago_are_history_at_the_first_look(
    instance: dg.DagsterInstance, first: Receiver
) -> None:
    made(instance, "a")
    platform = SmallPlatform(instance, first)
    platform.look(later=2 * 86_400)
    platform.look(later=2 * 86_400)
    assert first.received == []
