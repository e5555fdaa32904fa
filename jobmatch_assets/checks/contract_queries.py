"""The queries of `matches_contract`, which Ibis writes."""

from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from jobmatch_assets.contracts.column import Column
from jobmatch_assets.contracts.pandera_schema import broken_rules, schema_of, wrong_columns
from jobmatch_assets.contracts.table_contract import TableContract

if TYPE_CHECKING:
    import ibis

_ROWS = "rows_looked_at"


@cache
def misdescribed(contract: TableContract, columns: tuple[Column, ...], shape: "ibis.Schema") -> Sequence[str]:
    """What is wrong with the columns of a table, a sentence each.

    Args:
        contract: The table's contract.
        columns: The columns that it shall have.
        shape: Those that it has.
    """
    import ibis

    return wrong_columns(schema_of(contract, columns), ibis.table(shape, name=_ROWS))


def queries(
    contract: TableContract, columns: tuple[Column, ...], shape: "ibis.Schema", dialect: str
) -> tuple[str, str]:
    """Two queries on rows of a table, for `on_rows`.

    Args:
        contract: The table's contract.
        columns: The columns that it shall have.
        shape: Those that it has.
        dialect: The engine's SQL, as Ibis names it.

    Returns:
        One row: `rows`, how many there are, and `broken`, how many break a rule (NULL where there are none).
        One row: `repeated`, 1 where two rows have the same grain.
    """
    import ibis

    schema = schema_of(contract, columns)
    rows = ibis.table(shape, name=_ROWS)
    broken = any_of(broken_rules(schema, rows).values())
    keys = rows.group_by(schema.unique).aggregate(rows_of_key=rows.count())
    repeated = keys.filter(keys.rows_of_key > 1).limit(1)
    return (
        str(ibis.to_sql(rows.aggregate(rows=rows.count(), broken=broken.sum()), dialect=dialect)),
        str(ibis.to_sql(repeated.aggregate(repeated=repeated.count()), dialect=dialect)),
    )


def on_rows(query: str, rows: str) -> str:
    """One of these queries, asked of the rows of another."""
    return f"with {_ROWS} as ({rows}) select * from ({query}) as answer"  # noqa: S608


def any_of(conditions: Iterable[Any]) -> Any:
    """One of the conditions holds."""
    return reduce(or_, conditions)
