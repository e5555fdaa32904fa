"""Column lineage as Dagster knows it, and as people see it.

Dagster's UI shows the metadata `dagster/column_lineage` in its paid edition only; catalogs read it, too.
So that everybody sees it, the description of a column ends with the columns that it is made of.
"""

from collections import defaultdict
from typing import Any

import dagster as dg

from jobmatch_assets.orchestration.asset_events import asset_key
from jobmatch_assets.pipeline.lineage.record import Lineage

_SCHEMA = "dagster/column_schema"
_LINEAGE = "dagster/column_lineage"


def with_lineage(spec: dg.AssetSpec, lineage: Lineage | None) -> dg.AssetSpec:
    """The asset with where its columns come from; as it is, where that is not known."""
    if not lineage:
        return spec
    metadata: dict[str, Any] = {
        _LINEAGE: dg.TableColumnLineage(
            {
                column: [dg.TableColumnDep(asset_key(table), name) for table, name in origins]
                for column, origins in lineage.items()
            }
        )
    }
    schema = spec.metadata.get(_SCHEMA)
    if isinstance(schema, dg.TableSchema):
        columns = [_with_origins(column, lineage) for column in schema.columns]
        metadata[_SCHEMA] = dg.TableSchema(columns, constraints=schema.constraints)
    return spec.merge_attributes(metadata=metadata)


def _with_origins(column: dg.TableColumn, lineage: Lineage) -> dg.TableColumn:
    names: dict[str, list[str]] = defaultdict(list)
    for table, name in lineage.get(column.name, ()):
        names[str(table)].append(name)
    if not names:
        return column
    made_of = "; ".join(f"{table} ({', '.join(found)})" for table, found in names.items())
    return dg.TableColumn(
        column.name,
        column.type,
        description=f"{column.description or ''} Made of {made_of}.".strip(),
        constraints=column.constraints,
        tags=column.tags,
    )
