"""Which rows of a table a build has replaced, where it replaces only those that need it."""

from jobmatch_assets.contracts.control_tables import ENTITIES_TOUCHED
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.dates import days_around, is_of_days
from jobmatch_assets.pipeline.plan import PlannedTable
from jobmatch_assets.pipeline.steps.dbt_runner import Touched


def replaced_rows(table: PlannedTable, touched: Touched) -> str:
    """A condition on the rows that may be other ones than before: that of the macro that replaces them.

    Args:
        table: A table that was there before.
        touched: What its stage was built for.

    Returns:
        SQL that holds for all rows with the same grain or for none; empty where any row may be another, or
        only the build knows which.
    """
    replaced = table.replaced
    if replaced is None or replaced.finds or not set(replaced.told_by) <= set(table.contract.grain):
        return ""
    if replaced.entity_key:
        waiting = f"from {BRONZE_SCHEMA}.{ENTITIES_TOUCHED.name} where entity_table = '{table.entity_table}'"
        return f"(source, cast({replaced.entity_key} as string)) in (select (source, entity_key) {waiting})"
    dates = {day for date in touched.dates for day in days_around(date, 0, replaced.days_after)}
    also = f" or {replaced.also}" if replaced.also else ""
    return f"{is_of_days(replaced.date, dates)}{also}"
