"""A row of A/B results in words."""

from typing import Any

import pytest

from jobmatch_assets.contracts.vocabulary import AB_STATUSES
from jobmatch_assets.metrics.next_step import next_step
from jobmatch_assets.metrics.verdict import verdict, verdict_of_one_look


def row(low: float | None = 0.01, high: float | None = 0.05, **changes: Any) -> dict[str, Any]:
    effect = None if low is None or high is None else (low + high) / 2
    return {
        "status": "ok",
        "effect": effect,
        "relative_effect": 0.032,
        "seq_ci_low": low,
        "seq_ci_high": high,
        "ci_low": 1.0,
        "ci_high": 2.0,
        "units_control": 1234,
        "units_treatment": 56,
        "multiple_variant_units": 7,
        "srm_p_value": 0.00012,
        **changes,
    }


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.01, 0.05, "up"),
        (-0.05, -0.01, "down"),
        (-0.01, 0.05, "no difference found"),
        (0.0, 0.05, "no difference found"),
        (-0.05, 0.0, "no difference found"),
    ],
)
def test_the_word_follows_from_the_always_valid_interval(low: float, high: float, word: str) -> None:
    found = verdict(row(low, high))
    assert found.word == word
    assert found.text.startswith(word)
    assert "always-valid interval" in found.text


def test_the_text_has_the_numbers() -> None:
    assert (
        verdict(row(0.00125, 0.0612)).text == "up +3.2 % (effect +0.00125 … +0.0612, always-valid interval)"
    )
    assert verdict(row(relative_effect=None)).text == "up (effect +0.01 … +0.05, always-valid interval)"
    assert verdict(row(0.0, 2.0)).text == "no difference found (effect 0 … +2, always-valid interval)"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "no_control"}, "no unit has shown the control (no_control)"),
        ({"status": "invalid_srm"}, "shares, p = 0.0001 (invalid_srm)"),
        ({"status": "invalid_srm", "srm_p_value": None}, "shares (invalid_srm)"),
        ({"status": "invalid_multiple_variants"}, "7 units have shown more than one variant"),
        ({"status": "insufficient"}, "1,234 in the control and 56 in the variant (insufficient)"),
        ({"effect": None}, "the metric has no value"),
        ({"seq_ci_low": None, "seq_ci_high": None}, "there is no interval"),
        ({"status": "invented_later"}, "invented_later"),
    ],
)
def test_what_says_nothing_is_held_back_with_the_reason(changes: dict[str, Any], reason: str) -> None:
    found = verdict(row(**changes))
    assert found.word == "held back"
    assert found.text.startswith("held back because ")
    assert reason in found.text


def test_every_status_has_words_and_none_names_a_winner() -> None:
    texts = [verdict(row(status=status)).text for status in AB_STATUSES]
    assert len(set(texts)) == len(AB_STATUSES)
    assert not any("win" in text or "of its status" in text for text in texts)


@pytest.mark.parametrize(
    ("low", "high", "adjusted", "word"),
    [
        (0.01, 0.05, 0.01, "up"),
        (-0.05, -0.01, 0.049, "down"),
        (0.01, 0.05, 0.05, "no difference found"),
        (-0.05, -0.01, 0.06, "no difference found"),
        (-0.01, 0.05, 0.4, "no difference found"),
    ],
)
def test_one_look_says_what_its_interval_and_the_adjusted_p_value_both_say(
    low: float, high: float, adjusted: float, word: str
) -> None:
    found = verdict_of_one_look(row(ci_low=low, ci_high=high, adjusted_p_value=adjusted))
    assert found.word == word
    assert f"adjusted p = {adjusted:.2g}" in found.text
    assert "one look" in found.text


def test_one_look_is_held_back_for_the_same_reasons() -> None:
    shut = row(status="invalid_srm", ci_low=None, ci_high=None, adjusted_p_value=None)
    assert verdict_of_one_look(shut) == verdict(shut)


@pytest.mark.parametrize("status", AB_STATUSES)
def test_every_status_has_a_next_step_of_its_own(status: str) -> None:
    steps = {next_step({"status": other}) for other in AB_STATUSES}
    assert len(steps) == len(AB_STATUSES)
    assert next_step({"status": status}).endswith(".")
    assert "invented" in next_step({"status": "invented"})
