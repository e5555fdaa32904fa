"""What was accepted is kept on BigQuery, too, beside what was accepted before."""

import datetime as dt
from pathlib import Path

import dagster as dg

from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.control.findings import AcceptedQuarantine, Findings
from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud

FIRST, SECOND = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
NOON = dt.datetime(2026, 4, 1, 12, 30, 0, 250_000, tzinfo=dt.UTC)


def test_records_are_kept_in_their_order(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    with in_the_cloud(tmp_path) as cloud:
        warehouse = Platform.of(CloudBench(tmp_path, instance, cloud).settings).warehouse()
        findings = Findings(warehouse)
        warehouse.prepare()
        assert findings.accepted_quarantine() == []
        findings.accept_quarantine([])
        # A dataset of the version before lacks the table.
        cloud.client().delete_table("job_matching_bronze.accepted_quarantine")
        warehouse.prepare()
        records = [
            AcceptedQuarantine(SECOND, 1_300, 2_560, "anna's \"'; drop table x --", NOON),
            AcceptedQuarantine(FIRST, 3, 4, "bea", NOON),
        ]
        findings.accept_quarantine(records)
        findings.accept_quarantine([AcceptedQuarantine(SECOND, 1_301, 2_561, "bea", NOON)])
        kept = findings.accepted_quarantine()
        assert [(record.partition_date, record.quarantined_lines) for record in kept] == [
            (FIRST, 3),
            (SECOND, 1_300),
            (SECOND, 1_301),
        ]
        assert kept[1] == records[0]
