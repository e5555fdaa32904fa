"""What receivers get: words, limits, and nothing of the data as markup."""

import json
import re
from typing import Any

import pytest

from jobmatch_assets.alerting import wording
from jobmatch_assets.alerting.incidents import Notice, Subject
from jobmatch_assets.alerting.messages import MOST_NOTICES, Message, merged, message_of
from jobmatch_assets.alerting.payloads import payload
from jobmatch_assets_tests.alerting.samples import NOON, UI, asset, check, job, message, notice

RUN_URL = f"{UI}/runs/0f8fad5b-d9cb-469f-a165-70867728950e"
ZERO_WIDTH = "\u200b"


def test_a_slack_message_says_what_where_why_when() -> None:
    assert payload("slack", message(), UI) == {
        "text": "🔴 Check failed: unique_grain on gold/funnel_daily",
        "attachments": [
            {
                "color": "#d32f2f",
                "fallback": "Check failed: unique_grain on gold/funnel_daily",
                "text": "Partition 2026-03-02\n"
                "`3 rows, the first: event_date=2026-03-02`\n"
                f"Began 2026-03-02 12:00 UTC · <{RUN_URL}|run 0f8fad5b>",
                "mrkdwn_in": ["text"],
            }
        ],
    }


def test_a_discord_message_says_the_same() -> None:
    assert payload("discord", message(), UI) == {
        "content": "🔴 Check failed: unique\\_grain on gold/funnel\\_daily",
        "allowed_mentions": {"parse": []},
        "embeds": [
            {
                "color": 0xD32F2F,
                "description": "Partition 2026-03-02\n"
                "`3 rows, the first: event_date=2026-03-02`\n"
                f"Began 2026-03-02 12:00 UTC · [run 0f8fad5b]({RUN_URL})",
            }
        ],
    }


def test_a_json_message_has_the_parts_apart() -> None:
    body = payload("json", message(notice(), notice(asset(), until=NOON + 60, run_id="")), UI)
    assert re.fullmatch("[0-9a-f]{16}", body.pop("id"))
    first, second = body.pop("alerts")
    assert body == {"summary": "1 problem, 1 recovered", "problems": 1, "recoveries": 1, "reports": []}
    assert first == {
        "status": "open",
        "kind": "check",
        "severity": "error",
        "title": "Check failed: unique_grain on gold/funnel_daily",
        "job": None,
        "check": "unique_grain",
        "assets": ["gold/funnel_daily"],
        "partitions": "2026-03-02",
        "error": "3 rows, the first: event_date=2026-03-02",
        "run_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "url": RUN_URL,
        "began": "2026-03-02T12:00:00+00:00",
        "ended": None,
    }
    assert (second["status"], second["ended"]) == ("recovered", "2026-03-02T12:01:00+00:00")
    assert second["url"] == f"{UI}/assets/gold/funnel_daily"


@pytest.mark.parametrize(
    ("told", "title"),
    [
        (notice(severity="warn"), "Check failed (warning): unique_grain on gold/funnel_daily"),
        (notice(until=NOON), "Check passes again: unique_grain on gold/funnel_daily"),
        (notice(job()), "Run failed: process_new_files"),
        (notice(job("__ASSET_JOB", "silver/events")), "Run failed: silver/events"),
        (notice(job("__ASSET_JOB", "a", "b", "c")), "Run failed: a and 2 more"),
        (notice(job(), until=NOON), "Run succeeded again: process_new_files"),
        (notice(asset()), "Stale: gold/funnel_daily"),
        (notice(asset(), severity="warn"), "Late: gold/funnel_daily"),
        (notice(asset(), until=NOON), "Fresh again: gold/funnel_daily"),
    ],
)
def test_titles(told: Notice, title: str) -> None:
    assert wording.title(told) == title


def test_a_recovery_says_how_long_it_lasted_and_no_old_error() -> None:
    body = payload("slack", message(notice(until=NOON + 3_900)), UI)
    assert body["text"].startswith("🟢 Check passes again")
    text = body["attachments"][0]["text"]
    assert "Lasted 1 h 5 min, since 2026-03-02 12:00 UTC" in text
    assert "3 rows" not in text
    assert body["attachments"][0]["color"] == "#2e7d32"


def test_a_recovery_on_other_partitions_says_so() -> None:
    told = notice(until=NOON)
    assert wording.partitions(told) == "Partition 2026-03-02"
    other = Notice(told.incident, NOON, "r2", "2026-03-03")
    assert wording.partitions(other) == "Failed for 2026-03-02, passes for 2026-03-03"
    assert (
        wording.partitions(notice(partitions="2026-03-01…2026-03-02")) == "Partitions 2026-03-01…2026-03-02"
    )
    assert wording.partitions(notice(partitions="")) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_600, "1 h 0 min"), (90_000, "1 d 1 h")],
)
def test_durations(seconds: float, text: str) -> None:
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("Check unique_grain of gold/funnel_daily found 3 rows", "found 3 rows"),
        ("Check unique_grain of gold/funnel_daily: on 2026-03-02 …", "on 2026-03-02 …"),
        (
            "Check unique_grain of gold/other: on 2026-03-02",
            "Check unique_grain of gold/other: on 2026-03-02",
        ),
        ("", ""),
    ],
)
def test_an_error_does_not_repeat_the_title(error: str, shown: str) -> None:
    assert wording.reason(notice(error=error), 100) == shown
    assert wording.reason(notice(job(), error=error), 100) == error


def test_ten_failures_of_usual_length_are_all_there_with_their_examples() -> None:
    error = (
        "on 2026-03-02 more than 20.00% of the lines are quarantined, most on 2026-03-02 (200 of 200), " * 2
    )
    example = "for example dt=2026-03-02/broken.ndjson.gz:1: missing_event_id"
    told = [
        notice(check(f"quarantine_share_{n}", "silver/events_quarantine"), error=error + example)
        for n in range(10)
    ]
    for body in (payload("slack", message_of(told), UI), payload("discord", message_of(told), UI)):
        assert str(body).count(example) == 10


def test_one_line_is_the_first_and_a_paragraph_is_all_without_its_middle() -> None:
    assert wording.one_line("\n  \n ValueError:\tbroken \x00\x1b[31m\u202e line \nTraceback", 100) == (
        "ValueError: broken [31m line"
    )
    assert wording.one_line("x" * 200, 100) == "x" * 99 + "…"
    assert wording.one_line(" \n", 100) == ""
    assert wording.one_paragraph("first\n\n  second\x1b[31m\u202e", 100) == "first second [31m"
    cut = wording.one_paragraph("what is wrong " + "x" * 500 + " what to do", 100)
    assert len(cut) == 100
    assert cut.startswith("what is wrong xx")
    assert cut.endswith("xx what to do")
    for most in range(8):
        assert len(wording.one_paragraph("x" * 20, most)) == most


REMEDY = "jobmatch run --from 2026-03-02 --accept-quarantine 2026-03-02"


@pytest.mark.parametrize("size", [0, 250, 1_900, 10_000])
@pytest.mark.parametrize("filling", ["x", "<&>`@", "🔴 ", "line\n"])
@pytest.mark.parametrize("count", [1, 2, 10])
def test_what_to_do_arrives_however_long_the_rest_is(size: int, filling: str, count: int) -> None:
    error = f"on 2026-03-02 {filling * size} until you accept it: {REMEDY}"
    # Texts of usual length around it.
    told = [
        notice(
            check(f"quarantine_share_{n}", "silver/events_quarantine"), error=error, partitions="2026-03-02"
        )
        for n in range(count)
    ]
    for format_ in ("slack", "discord", "json"):
        body = payload(format_, message_of(told), UI)  # type: ignore[arg-type]
        assert str(body).count(REMEDY) == count, format_
        assert str(body).count("on 2026-03-02 ") >= count


def test_a_block_that_is_lifted_while_a_warning_stays_says_both() -> None:
    told = notice(severity="warn", eased=True)
    body = payload("slack", message(told), UI)
    assert body["text"] == "🟡 No longer blocks, still warns: unique_grain on gold/funnel_daily"
    assert "3 rows" in body["attachments"][0]["text"]
    assert wording.title(notice(severity="warn", eased=True, until=NOON)).startswith("Check passes again")


# ---- markup

HOSTILE = (
    "@everyone @here @channel @all <!channel> <!here> <@U123> <@&42> *bold* _it_ `code` ```block``` ~no~ "
    "|spoiler| [x](http://evil.example) <http://evil.example|click> & > # \\ &lt;!channel&gt;"
)


HOSTILE_NAMES = (
    HOSTILE,
    "<!channel>",
    "<@U123>",
    "[x](http://evil.example)",
    "`",
    "``` \n```",
    "> quote\n# heading\n- list\n1. list",
    "\x1b[31mred\x1b]8;;http://evil.example\x07link",
    "\u202e\u2066txt.exe\u200b",
    "@everyone",
    "http://evil.example www.evil.example mailto:x@evil.example",
    "<t:0:R> <#42> </command:42> <id:home> :warning: <:name:42>",
    "x" * 10_000,
    "<" * 10_000,
    "`@<" * 3_000,
    "\\" * 301,
)


def hostile() -> list[Notice]:
    """Data with markup in every place that comes from data."""
    return [
        told
        for name in HOSTILE_NAMES
        for told in (
            notice(check(name, name), error=f"file {name}.ndjson:1", partitions=name),
            notice(job(name), error=name, partitions=name, run_id=name),
            notice(asset(name), error=name, partitions="", run_id=""),
        )
    ]


def texts(body: Any) -> list[str]:
    """Every string in a payload that people see."""
    if isinstance(body, dict):
        return [text for key, value in body.items() if key != "mrkdwn_in" for text in texts(value)]
    if isinstance(body, list):
        return [text for value in body for text in texts(value)]
    return [body] if isinstance(body, str) else []


@pytest.mark.parametrize("told", [[told] for told in hostile()] + [hostile()[:10], hostile()[-10:]])
@pytest.mark.parametrize("plain", [False, True])
def test_data_is_no_markup_in_slack(told: list[Notice], plain: bool) -> None:
    for text in texts(payload("slack", message(*told), UI, plain=plain)):
        own_links = re.sub(rf"<{re.escape(UI)}[^<>|]*\|[\w ]+>", "", text)
        assert not re.search("[<>]", own_links), text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text), text
        assert not re.search(r"@(?!\u200b)", text), text
        assert all(line.count("`") in (0, 2) for line in text.splitlines() if line.startswith("`")), text


@pytest.mark.parametrize("told", [[told] for told in hostile()] + [hostile()[:10], hostile()[-10:]])
@pytest.mark.parametrize("plain", [False, True])
def test_data_is_no_markup_in_discord(told: list[Notice], plain: bool) -> None:
    body = payload("discord", message(*told), UI, plain=plain)
    assert body["allowed_mentions"] == {"parse": []}
    for text in texts(body["content"]) + texts(body.get("embeds", [])):
        own_links = re.sub(rf"\[[\w ]+\]\({re.escape(UI)}[^()\s]*\)", "", text)
        outside_code = re.sub(r"^`[^`]*`$", "", own_links, flags=re.MULTILINE)
        assert not re.search(r"(?<!\\)(\\\\)*[`*_~|<>\[\]]", outside_code), text
        assert not re.search(r"@(?!\u200b)", text), text


@pytest.mark.parametrize("told", [[told] for told in hostile()] + [hostile()[:10], hostile()[-10:]])
@pytest.mark.parametrize("format_", ["slack", "discord", "json"])
def test_data_controls_nothing_and_has_no_end(told: list[Notice], format_: Any) -> None:
    body = payload(format_, message(*told), UI)
    # What a program gets as the run's id is what it has to ask for.
    alerts = [{**alert, "run_id": ""} for alert in body.get("alerts", [])]
    for text in texts({**body, "alerts": alerts}):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text), text
        assert len(text) <= 4_096
        if format_ != "json":
            links = re.sub(rf"{re.escape(UI)}|`[^`]*`", "", text)
            assert "://" not in links, text


def test_a_hidden_mention_is_not_put_together_again() -> None:
    """Characters that are taken out stand between no two others that would then make one."""
    body = payload("slack", message(notice(error=f"@{ZERO_WIDTH}channel @\x00here")), UI)
    assert not re.search(r"@(?!\u200b)", json.dumps(body, ensure_ascii=False))


# ---- limits


def long_notices(count: int) -> list[Notice]:
    return [
        notice(check(f"c{n}" + "_" * 400, "a" * 400), error="_🔴" * 5_000, partitions="2026-03-01, " * 500)
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 10, 11, 2_000])
def test_limits_of_discord(count: int) -> None:
    body = payload("discord", message_of(long_notices(count)), UI)
    assert len(body["content"]) <= 2_000
    assert len(body["embeds"]) == min(count, 10)
    total = 0
    for embed in body["embeds"]:
        assert len(embed.get("title", "")) <= 256
        assert embed.get("title") or embed.get("description")
        assert len(embed.get("description", "")) <= 4_096
        total += utf16(embed.get("title", "")) + utf16(embed.get("description", ""))
    assert total <= 6_000


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("count", [1, 10, 2_000])
def test_limits_of_slack(count: int) -> None:
    body = payload("slack", message_of(long_notices(count)), UI)
    assert len(body["text"]) <= 4_000
    assert len(body["attachments"]) <= 20
    assert all(len(attachment["text"]) <= 3_000 for attachment in body["attachments"])


def test_what_is_no_text_can_be_sent() -> None:
    body = payload("slack", message(notice(error="\ud800 broken")), UI)
    json.dumps(body, ensure_ascii=False).encode()


# ---- digests


def test_forty_failures_are_one_message_with_ten_of_them_and_the_count() -> None:
    many = message_of([notice(check(f"c{n}")) for n in range(40)])
    for body in (payload("slack", many, UI), payload("discord", many, UI)):
        first_line = body.get("text") or body["content"]
        assert first_line == f"🔴 40 problems, 10 of them here, all on {UI}"
        parts = body.get("attachments") or body["embeds"]
        assert [part["title"].replace("\\", "") for part in parts] == [
            f"Check failed: c{n} on gold/funnel_daily" for n in range(10)
        ]
    assert payload("json", many, UI)["problems"] == 40


def test_some_failures_are_all_there() -> None:
    body = payload("slack", message(notice(), notice(job()), notice(asset(), until=NOON)), UI)
    assert body["text"] == "🔴 2 problems, 1 recovered"
    assert len(body["attachments"]) == 3


def test_the_worst_colours_the_message() -> None:
    def mark(*notices: Notice) -> str:
        return str(payload("slack", message(*notices), UI)["text"][0])

    warning, recovery = notice(severity="warn"), notice(until=NOON)
    assert [mark(notice(), warning), mark(warning, recovery), mark(recovery)] == ["🔴", "🟡", "🟢"]


def test_merged_messages_keep_problems_and_every_count() -> None:
    recoveries = message_of([notice(check(f"r{n}"), until=NOON) for n in range(8)])
    problems = message_of([notice(check(f"p{n}")) for n in range(7)])
    both = merged(recoveries, problems)
    assert (both.problems, both.recoveries, both.hidden) == (7, 8, 5)
    assert [told.incident.subject.name for told in both.notices] == [
        *(f"p{n}" for n in range(7)),
        *(f"r{n}" for n in range(3)),
    ]
    assert merged(both, both).problems == 14
    assert len(merged(both, both).notices) == MOST_NOTICES


def test_a_message_keeps_its_id() -> None:
    ids = [Message((notice(subject),), 1, 0).id for subject in (check(), check(), check("other"))]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize("format_", ["slack", "discord", "json"])
@pytest.mark.parametrize("plain", [False, True])
def test_every_payload_is_json(format_: Any, plain: bool) -> None:
    subjects: list[Subject] = [check(), job(), asset()]
    body = payload(format_, message(*map(notice, subjects)), UI, plain=plain)
    assert json.loads(json.dumps(body)) == body
