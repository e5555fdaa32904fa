"""The work of `bare_script.py` in PySpark on the cores of one machine, Parquet between the steps.

    .venv-spark/bin/python -m benchmarks.spark.spark_script LANDING FOLDER

It runs in an environment that has PySpark and nothing of the platform, so it imports nothing of that.
"""

import os
import sys

from pyspark.sql import SparkSession

from benchmarks.fields import INTEGERS, TEXTS

_SHAPE = ", ".join(
    [
        *(f"{name} string" for name in TEXTS),
        *(f"{name} bigint" for name in INTEGERS),
        "is_exploration boolean",
        "bid double",
        "experiments array<struct<experiment_id: string, variant: string>>",
    ]
)

STEPS = {
    "parsed": f"""
        select file, monotonically_increasing_id() as number, line, event.*
        from (select file, line, from_json(line, '{_SHAPE}') as event from raw)
    """,  # noqa: S608 (names of this file)
    "events": """
        select * except (event_ts, place), cast(event_ts as timestamp) as event_ts,
            coalesce(user_id, anonymous_id) as unit_id, to_date(cast(event_ts as timestamp)) as event_date
        from (
            select *, row_number() over (
                partition by event_id order by ingested_at desc nulls last, event_ts desc, line desc
            ) as place
            from parsed
        )
        where place = 1
    """,
    "funnel": """
        select event_date, platform, device_type, surface,
            count(case when event_name = 'search' then 1 end) as searches,
            count(case when event_name = 'impression' then 1 end) as impressions,
            count(case when event_name = 'click' then 1 end) as clicks,
            count(case when event_name = 'apply' then 1 end) as applies,
            count(distinct unit_id) as users
        from events
        group by event_date, cube (platform, device_type, surface)
    """,
    "items": """
        select search_id, job_id, min(event_date) as event_date, min(surface) as surface,
            min(rank_position) as rank_position, first(experiments) as experiments, min(event_ts) as shown_at
        from events
        where event_name = 'impression' and search_id is not null
        group by search_id, job_id
    """,
    "gains": """
        select items.search_id, items.job_id, items.event_date, items.surface, items.rank_position,
            case
                when count(case when event_name = 'apply' then 1 end) > 0 then 2
                when count(case when event_name = 'click' then 1 end) > 0 then 1
                else 0
            end as gain
        from items
        left join events
            on events.search_id = items.search_id
            and events.job_id = items.job_id
            and event_name in ('click', 'apply')
            and event_ts between shown_at and shown_at + interval 24 hours
        group by items.search_id, items.job_id, items.event_date, items.surface, items.rank_position
    """,
    "ranking": """
        select event_date, surface, k, avg(dcg / nullif(idcg, 0)) as ndcg, avg(first_rank) as mrr
        from (
            select event_date, surface, search_id, k,
                sum(case when rank_position <= k then gain / ln(rank_position + 1) end) as dcg,
                sum(case when ideal <= k then gain / ln(ideal + 1) end) as idcg,
                1.0 / min(case when gain > 0 then rank_position end) as first_rank
            from (
                select *, explode(array(1, 3, 5, 10)) as k
                from (
                    select *, row_number() over (partition by search_id order by gain desc) as ideal
                    from gains
                )
            )
            group by event_date, surface, search_id, k
        )
        group by event_date, surface, k
    """,
    "ab_sums": """
        select event_date, experiment_id, variant, count(*) as units, sum(i), sum(c), sum(a),
            sum(i * i) as ii, sum(c * c) as cc, sum(i * c) as ic
        from (
            select event_date, stamp.experiment_id, stamp.variant, unit_id,
                count(case when event_name = 'impression' then 1 end) as i,
                count(case when event_name = 'click' then 1 end) as c,
                count(case when event_name = 'apply' then 1 end) as a
            from (select event_date, event_name, unit_id, explode(experiments) as stamp from events)
            group by event_date, stamp.experiment_id, stamp.variant, unit_id
        )
        group by event_date, experiment_id, variant
    """,
}


def main(landing: str, folder: str) -> None:
    """Build everything from nothing."""
    spark = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "8g")
        .config("spark.sql.session.timeZone", "UTC")
        # The default of 200 is for clusters; small tasks would take longer to start than to work.
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    lines = spark.read.option("recursiveFileLookup", "true").text(f"{landing}/events")
    lines.selectExpr("_metadata.file_path as file", "value as line").createOrReplaceTempView("raw")
    for name, step in STEPS.items():
        made = f"{folder}/{name}.parquet"
        spark.sql(step).write.mode("overwrite").parquet(made)
        spark.read.parquet(made).createOrReplaceTempView(name)
    java = spark.sparkContext._gateway.proc
    spark.stop()
    # It ends with what it reads from; who waits for it counts its processor time.
    java.stdin.close()
    java.wait()


if __name__ == "__main__":
    main(*sys.argv[1:3])
