"""The check on how many rows of facts refer to jobs, companies … that nobody tells of."""

from typing import Any

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.fact_tables import ENTITY_ORPHANS_DAILY
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES

KEY = CheckKey(ENTITY_ORPHANS_DAILY.key, "few_references_are_unknown")

MOST_UNKNOWN = 0.01
"""The share of a date's references that may lead nowhere."""


def few_references_are_unknown() -> Check:
    """The check."""
    return Check(
        CheckSpec(
            KEY,
            description=(
                f"Of the rows of a fact and date that refer to something, at most {MOST_UNKNOWN:.0%} refer "
                "to what no source tells of. More say that a feed of entities is late or missing, or that "
                "ids differ between systems. A warning."
            ),
        ),
        check_unknown_references,
    )


def check_unknown_references(look: Look) -> CheckOutcome:
    """Compare the orphans of each fact, column and date with all rows that have an id there.

    Args:
        look: What is looked at; the table has no partitions, so that all dates are.
    """
    # The alias, since columns are called like words of SQL.
    many = (
        f"from {ENTITY_ORPHANS_DAILY.schema}.{ENTITY_ORPHANS_DAILY.table} as many "
        f"where many.orphans > many.rows * {MOST_UNKNOWN}"
    )
    (found,) = look.query(f"select count(distinct many.date) as dates {many}", 1)
    metadata = {"dates above the share": found["dates"], "warns above": MOST_UNKNOWN}
    if not found["dates"]:
        return CheckOutcome(KEY, passed=True, blocking=False, metadata=metadata)
    examples = _worst(many, look)
    worst = examples[0]
    return CheckOutcome(
        KEY,
        passed=False,
        blocking=False,
        description=(
            f"Check {KEY.name} of {KEY.table}: on {found['dates']:,} dates more than {MOST_UNKNOWN:.0%} of "
            f"the references lead nowhere, most on {worst['date']}: {worst['orphans']:,} of "
            f"{worst['rows']:,} {worst['column']} of {worst['fact']}. Land what they refer to, or see "
            "whether ids differ between systems"
        ),
        metadata={**metadata, "examples": Markdown(markdown_table(examples))},
    )


def _worst(many: str, look: Look) -> list[dict[str, Any]]:
    """Those with the most orphans."""
    then = ("date", "fact", "column")
    order = ", ".join(["many.orphans desc", *(f"many.{name}" for name in then)])
    rows = look.query(f"select * {many} order by {order} limit {MOST_EXAMPLES}", MOST_EXAMPLES)
    # Not every engine keeps the order of an inner query.
    return sorted(rows, key=lambda row: (-row["orphans"], *(row[name] for name in then)))
