"""Rows of a table for people to look at, on BigQuery."""

import datetime as dt

from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.selection import Kind, Preview, Selection, date_column_of, order_by, total_of

_KINDS: dict[str, Kind] = {
    "STRING": "string",
    **dict.fromkeys(("INTEGER", "INT64"), "integer"),
    **dict.fromkeys(("FLOAT", "FLOAT64"), "float"),
    **dict.fromkeys(("BOOLEAN", "BOOL"), "boolean"),
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}


def preview(client: BigQueryClient, dataset: str, selection: Selection, partitions_start: dt.date) -> Preview:
    """Rows of a silver or gold table, newest date first.

    Args:
        client: Sends the queries.
        dataset: Where the table is.
        selection: What is wanted.
        partitions_start: The first date that is kept; no query asks for more than it must.

    Raises:
        SelectionError: The table has no such column, or a value is none of its column's type.
        WarehouseError: A query failed.
    """
    place = f"{dataset}.{selection.table}"
    with client.explained():
        found = client.api.get_table(f"{client.project}.{place}", retry=client.retry)
    kinds: dict[str, Kind] = {
        field.name: "other" if field.mode == "REPEATED" else _KINDS.get(field.field_type, "other")
        for field in found.schema
    }
    wanted = selection.checked_columns(list(kinds))
    conditions, values = selection.conditions(kinds, mark="@", quote="`")
    date_column = date_column_of(selection.table, kinds)
    first, last = selection.first_partition, selection.last
    if date_column is None:
        first = last = None
    else:
        if first is None or last is None:
            # A file day may lie a day before the first date that is kept.
            start = partitions_start - dt.timedelta(days=1)
            ((last,),) = client.rows(
                f"select max({date_column}) from {place}{_where([*conditions, f'{date_column} >= @start'])}",
                **values,
                start=start,
            )
            if last is not None:
                first = last - dt.timedelta(days=selection.days_before_newest)
        if first is None:
            return Preview(
                _layer(dataset), wanted, [], 0, date_column=date_column, first=None, last=None, totals=[]
            )
        conditions.append(f"{date_column} between @first and @last")
        values |= {"first": first, "last": last}
    groups, totals = selection.may_be_totals(kinds), []
    if groups:
        flags = ", ".join(f"countif({total_of(name)}) > 0" for name in groups)
        ((*has_totals,),) = client.rows(f"select {flags} from {place}{_where(conditions)}", **values)
        totals = [name for name, has in zip(groups, has_totals, strict=True) if has]
        conditions += [total_of(name) for name in totals]
    ((total,),) = client.rows(f"select count(*) from {place}{_where(conditions)}", **values)
    sortable = [name for name, kind in kinds.items() if kind != "other"]
    listed = ", ".join(f"`{name}`" for name in wanted)
    rows = client.rows(
        f"select {listed} from {place}{_where(conditions)} "
        f"order by {order_by(sortable, date_column, quote='`')} limit {selection.most:d}",
        **values,
    )
    return Preview(
        _layer(dataset),
        wanted,
        [dict(zip(wanted, row, strict=True)) for row in rows],
        total,
        date_column=date_column,
        first=first,
        last=last,
        totals=totals,
    )


def _layer(dataset: str) -> str:
    return dataset.removeprefix("job_matching_")


def _where(conditions: list[str]) -> str:
    return f" where {' and '.join(conditions)}" if conditions else ""
