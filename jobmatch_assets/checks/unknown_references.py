"""The check on how many rows of facts refer to jobs, companies … that nobody tells of."""

from typing import TYPE_CHECKING

from jobmatch_assets.checks.check import Check, Look
from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.fact_tables import ENTITY_ORPHANS_DAILY
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec
from jobmatch_assets.contracts.pandera_schema import MOST_EXAMPLES

if TYPE_CHECKING:
    import ibis

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
    table = ENTITY_ORPHANS_DAILY
    rows = look.backend.table(table.table, database=table.schema)
    many = rows.filter(rows["orphans"] > rows["rows"] * MOST_UNKNOWN)
    (found,) = (
        many.aggregate(dates=many["date"].nunique(), orphans=many["orphans"].sum()).to_pyarrow().to_pylist()
    )
    metadata = {"dates above the share": found["dates"], "warns above": MOST_UNKNOWN}
    if not found["dates"]:
        return CheckOutcome(KEY, passed=True, blocking=False, metadata=metadata)
    examples = _worst(many)
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


def _worst(many: "ibis.Table") -> list[dict[str, object]]:
    """Those with the most orphans."""
    order = [many["orphans"].desc(), *(many[name] for name in ("date", "fact", "column"))]
    return many.order_by(order).limit(MOST_EXAMPLES).to_pyarrow().to_pylist()  # type: ignore[no-any-return]
