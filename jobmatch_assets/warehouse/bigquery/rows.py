"""Rows of control tables on BigQuery: reading, changing and setting them, a statement each."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from jobmatch_assets.contracts.control_tables import ControlTable
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient, records
from jobmatch_assets.warehouse.port import Row


def read(client: BigQueryClient, table: ControlTable, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows of a control table, also of one that lacks a column that this version adds."""
    if any(_is_empty(value) for value in where.values()):
        return []
    names = [column.name for column in table.columns]
    conditions, values = _conditions(where)
    job = client.query(
        f"select * from {BRONZE_SCHEMA}.{table.name}{f' where {conditions}' if conditions else ''}", **values
    )
    with client.explained():
        found = [dict(row.items()) for row in job.result(retry=client.retry)]
    rows = [{name: row.get(name) for name in names} for row in found]
    return sorted(rows, key=lambda row: [(value is None, value) for value in row.values()])


def change(
    client: BigQueryClient,
    table: ControlTable,
    remove: Sequence[Row],
    where: Mapping[str, Any] | None,
    add: Sequence[Row],
) -> None:
    """Take rows out and put others in, with one statement."""
    place = f"{BRONZE_SCHEMA}.{table.name}"
    gone: list[str] = []
    values: dict[str, Any] = {}
    parameters = []
    if where is not None and not any(_is_empty(value) for value in where.values()):
        conditions, values = _conditions(where, "kept.")
        gone.append(conditions)
    if remove:
        names = list(remove[0])
        gone.append(f"{_as_text(f'kept.{name}' for name in names)} in unnest(@gone)")
        values["gone"] = [_text(row[name] for name in names) for row in remove]
    removed = " or ".join(f"({condition})" for condition in gone)
    if not add:
        if removed:
            client.query(f"delete from {place} as kept where {removed}", **values)
        return
    columns = [column for column in table.columns if column.name in add[0]]
    parameters.append(records("added", add, columns))
    names = [column.name for column in columns]
    listed, found = ", ".join(names), ", ".join(f"item.{name}" for name in names)
    if not removed:
        client.query(
            f"insert into {place} ({listed}) select {found} from unnest(@added) as item",
            *parameters,
            **values,
        )
        return
    client.query(
        f"merge into {place} as kept using (select {found} from unnest(@added) as item) as added on false "
        f"when not matched by source and ({removed}) then delete "
        f"when not matched then insert ({listed}) values ({listed})",
        *parameters,
        **values,
    )


def update(client: BigQueryClient, table: ControlTable, values: Row, where: Mapping[str, Any]) -> None:
    """Set columns of some rows."""
    if any(_is_empty(value) for value in where.values()):
        return
    conditions, bound = _conditions(where)
    client.query(
        f"update {BRONZE_SCHEMA}.{table.name} set {', '.join(f'{name} = @new_{name}' for name in values)} "
        f"where {conditions}",
        **bound,
        **{f"new_{name}": value for name, value in values.items()},
    )


def _is_empty(value: Any) -> bool:
    return not isinstance(value, str) and isinstance(value, Collection) and not value


def _conditions(where: Mapping[str, Any], alias: str = "") -> tuple[str, dict[str, Any]]:
    """Conditions on columns as SQL, and the values that are bound to it."""
    texts, values = [], {}
    for number, (column, value) in enumerate(where.items()):
        name = f"value_{number}"
        is_one = isinstance(value, str) or not isinstance(value, Collection)
        texts.append(f"{alias}{column} = @{name}" if is_one else f"{alias}{column} in unnest(@{name})")
        values[name] = value if is_one else sorted(value)
    return " and ".join(texts), values


def _as_text(columns: Any) -> str:
    """All columns of a row as one text, which tells rows apart."""
    parts = [f"coalesce(cast({column} as string), '')" for column in columns]
    return f"concat({f', {_BETWEEN!r}, '.join(parts)})"


def _text(values: Any) -> str:
    return _BETWEEN.join("" if value is None else _word(value) for value in values)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_BETWEEN = "\x1f"
