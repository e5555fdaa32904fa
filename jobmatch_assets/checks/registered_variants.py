"""The check that experiments send only the variants that the registry gives units to."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from jobmatch_assets.checks.examples import markdown_table
from jobmatch_assets.checks.outcome import CheckOutcome, Markdown
from jobmatch_assets.contracts.keys import CheckKey, CheckSpec, TableKey
from jobmatch_assets.metrics.experiment_registry import Experiment, experiment_of

if TYPE_CHECKING:
    import pyarrow as pa

VARIANTS_ARE_REGISTERED = CheckKey(TableKey("gold", "ab_results"), "variants_are_registered")


def variants_are_registered_spec() -> CheckSpec:
    """The check, for people."""
    return CheckSpec(
        VARIANTS_ARE_REGISTERED,
        description=(
            "Where the experiment registry has weights for an experiment, every variant that was seen has a "
            "weight above 0. Others are compared like all variants, but take no part in the sample ratio "
            "test. A warning."
        ),
    )


def check_variants_are_registered(
    sums: "Sequence[pa.Table]", registry: Mapping[str, Experiment]
) -> CheckOutcome:
    """Look for variants of weighted experiments that have no weight.

    Args:
        sums: Rows of gold.ab_cumulative_sums, in any number of tables.
        registry: Experiments by id.
    """
    columns = ("as_of_date", "experiment_id", "variant", "units")
    stray = []
    for row in (row for table in sums for row in table.select(columns).to_pylist()):
        weights = experiment_of(registry, row["experiment_id"]).weights
        if weights and not weights.get(row["variant"]):
            named = row["variant"] in weights
            stray.append({**row, "in the registry": "with the weight 0" if named else "no"})
    if not stray:
        return CheckOutcome(VARIANTS_ARE_REGISTERED, passed=True, blocking=False)
    latest = {
        (row["experiment_id"], row["variant"]): row
        for row in sorted(stray, key=lambda row: row["as_of_date"])
    }
    most = max(latest.values(), key=lambda row: (row["units"], row["experiment_id"], row["variant"]))
    return CheckOutcome(
        VARIANTS_ARE_REGISTERED,
        passed=False,
        blocking=False,
        dates=frozenset(row["as_of_date"] for row in stray),
        description=(
            f"Check variants_are_registered of gold/ab_results: {len(latest)} "
            f"variant{'' if len(latest) == 1 else 's'} without a weight above 0 in the experiment registry, "
            f"for example {most['variant']!r} of {most['experiment_id']!r} with {most['units']:,} units by "
            f"{most['as_of_date']}. They take no part in the sample ratio test: give them a weight in "
            "JOBMATCH_EXPERIMENTS if they belong to the experiment, else stop sending them"
        ),
        metadata={
            "variants without weight": len(latest),
            "latest units": Markdown(markdown_table([latest[key] for key in sorted(latest)])),
        },
    )
