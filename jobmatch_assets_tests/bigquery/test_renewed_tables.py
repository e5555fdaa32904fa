"""Tables of an earlier version, which lack columns or are missing, are built anew on BigQuery, too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from jobmatch_assets_tests.bench.cloud_bench import CloudBench, in_the_cloud
from jobmatch_assets_tests.bench.events import event, stamped


def events(day: int) -> Iterator[dict[str, Any]]:
    """A list with a click, shown to a user of either variant."""
    for variant in ("control", "blue"):
        fields = {**stamped(("exp", variant)), "search_id": f"{variant}{day}"}
        at = f"2026-03-{day:02d}T10:00:0"
        yield event("search", variant, f"{at}0", results_count=1, **fields)
        yield event("impression", variant, f"{at}1", job_id="j", rank_position=1, **fields)
        yield event("click", variant, f"{at}2", job_id="j", **fields)


def test_the_next_run_makes_them_as_if_built_from_nothing(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    with in_the_cloud(tmp_path) as cloud:
        bench = CloudBench(tmp_path, instance, cloud)
        for day in (1, 9):
            bench.land(f"dt=2026-03-{day:02d}/a.ndjson", [*events(day), "no event"])
        bench.run()
        contents = bench.download().contents()
        client = cloud.client()
        client.delete_table("job_matching_gold.funnel_weekly")
        client.delete_table("job_matching_silver.earlier_copies")
        client.query("alter table job_matching_gold.ranking_metrics_daily drop column units").result()
        assert bench.run().dates
        assert bench.download().contents() == contents
        assert bench.waiting() == []
        assert not bench.run().dates
