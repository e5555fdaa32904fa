"""The words of segments and tiers as people read them: in their order, with what each follows."""

from collections.abc import Mapping
from types import MappingProxyType

from jobmatch_assets.contracts.tiers import INSUFFICIENT, SILENT, least_evidence, steps_of, words_of

SEGMENTS = words_of("segment")
"""Of users, from those who come most often to those who stay away."""

TIERS = (*words_of("tier"), INSUFFICIENT)
"""Of jobs, from those that are clicked most for where they stand."""

QUALITY_TIERS = (*words_of("quality_tier"), INSUFFICIENT)

RESPONSIVENESS = (*reversed(words_of("responsiveness")), SILENT, INSUFFICIENT)
"""Of companies, from those that answer soonest."""


def _of_whole_numbers(column: str, unit: str) -> dict[str, str]:
    rules = {}
    for word, least, below in steps_of(column):
        if below is None:
            rules[word] = f"{least:g} {unit} or more"
        elif below == least + 1:
            rules[word] = f"{least:g} {unit}"
        else:
            rules[word] = f"{least:g} to {below - 1:g} {unit}"
    return rules


def _of_fractions(column: str, what: str, evidence: str, too_little: str) -> dict[str, str]:
    rules = {}
    for word, least, below in steps_of(column):
        if below is None:
            rules[word] = f"{what} {least:g} or more"
        elif least:
            rules[word] = f"{what} from {least:g}, below {below:g}"
        else:
            rules[word] = f"{what} below {below:g}"
    return {**rules, too_little: f"fewer than {least_evidence(column)} {evidence}"}


RULES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "segment": _of_whole_numbers("segment", "active dates of 28"),
        "style": _of_fractions("style", "applications per click", "clicks", "none"),
        "tier": _of_fractions("tier", "COEC", "expected clicks", INSUFFICIENT),
        "quality_tier": _of_fractions(
            "quality_tier", "share of qualified", "judged applications", INSUFFICIENT
        ),
        "responsiveness": {
            **_of_whole_numbers("responsiveness", "hours"),
            SILENT: "less than half are answered",
            INSUFFICIENT: f"fewer than {least_evidence('responsiveness')} applications",
        },
    }
)
"""{column of a mart: {word: its threshold}}, from tiers.csv."""
