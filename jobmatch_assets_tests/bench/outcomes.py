"""What the outcome of a check says, as tests read it."""

from jobmatch_assets.checks.outcome import CheckOutcome


def text(outcome: CheckOutcome, name: str) -> str:
    """An entry of the metadata as it is read."""
    return str(outcome.metadata[name])


def broken_rules(outcome: CheckOutcome) -> dict[str, int]:
    """{rule: failing rows} of a failed contract."""
    lines = text(outcome, "broken rules").removeprefix("- ").split("\n- ")
    named = (line.split(": ", 1) for line in lines)
    return {rule: int(told.split(" ", 1)[0].replace(",", "")) for rule, told in named}


def examples(outcome: CheckOutcome) -> list[str]:
    """Rows of the table of examples, without its head."""
    return text(outcome, "examples").split("\n")[2:]
