"""What the Dagster instance says of reports that were made."""

import dagster as dg

from jobmatch_assets.alerting.reports import ReadyReport
from jobmatch_assets.orchestration.weekly_report import CONTENT, IS_FINAL, PATH, REPORT_KEY, WEEK

_MOST_AT_ONCE = 100


def reports_since(instance: dg.DagsterInstance, position: int) -> tuple[list[ReadyReport], int]:
    """The reports that were made after a materialization, the oldest first, and the position after them.

    Args:
        instance: Where to look.
        position: The last materialization that was read.
    """
    found = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=REPORT_KEY, after_storage_id=position), _MOST_AT_ONCE, ascending=True
    ).records
    reports = []
    for record in found:
        materialization = record.asset_materialization
        said = (
            {name: value.value for name, value in materialization.metadata.items()} if materialization else {}
        )
        if {PATH, WEEK, IS_FINAL, CONTENT} <= said.keys():
            reports.append(
                ReadyReport(
                    name=str(said[WEEK]),
                    path=str(said[PATH]),
                    is_final=bool(said[IS_FINAL]),
                    content=str(said[CONTENT]),
                    run_id=record.run_id,
                    at=record.timestamp,
                )
            )
    return reports, found[-1].storage_id if found else position
