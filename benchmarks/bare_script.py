"""What somebody would write who wants the same numbers and nothing else: one DuckDB script.

    .venv/bin/python -m benchmarks.bare_script LANDING WAREHOUSE

Raw lines with their file and number, all fields parsed, deduplicated by content, funnel, ranking, sums of A/B
tests. No judgement of lines, no late data, no checks, no history.
"""

import sys

import duckdb

from benchmarks.fields import INTEGERS, TEXTS

_FIELDS = {
    **dict.fromkeys(TEXTS, "VARCHAR"),
    **dict.fromkeys(INTEGERS, "BIGINT"),
    "is_exploration": "BOOLEAN",
    "bid": "DOUBLE",
}
_SHAPE = (
    "{"
    + ",".join(f'"{name}":"{kind}"' for name, kind in _FIELDS.items())
    + ',"experiments":[{"experiment_id":"VARCHAR","variant":"VARCHAR"}]}'
)

STEPS = (
    """
    create table raw as
    select filename as file, row_number() over (partition by filename) as number, line
    from read_csv($files, columns = {'line': 'VARCHAR'}, delim = '\\x01', quote = '', escape = '',
        header = false, auto_detect = false, filename = true, max_line_size = 67108864)
    """,
    f"""
    create table parsed as
    select file, number, line, unnest(from_json(line, '{_SHAPE}')) from raw
    """,  # noqa: S608 (names of this file)
    """
    create table events as
    select * replace (event_ts::timestamptz as event_ts), coalesce(user_id, anonymous_id) as unit_id,
        (event_ts::timestamptz)::date as event_date
    from parsed
    qualify row_number() over (
        partition by event_id order by ingested_at desc nulls last, event_ts desc, line desc
    ) = 1
    """,
    """
    create table funnel as
    select event_date, platform, device_type, surface, count(*) filter (event_name = 'search') as searches,
        count(*) filter (event_name = 'impression') as impressions,
        count(*) filter (event_name = 'click') as clicks, count(*) filter (event_name = 'apply') as applies,
        count(distinct unit_id) as users
    from events group by cube (platform, device_type, surface), event_date
    """,
    """
    create table items as
    select search_id, job_id, min(event_date) as event_date, min(surface) as surface,
        min(rank_position) as rank_position, any_value(experiments) as experiments, min(event_ts) as shown_at
    from events where event_name = 'impression' and search_id is not null group by all
    """,
    """
    create table gains as
    select items.*, case when count(*) filter (event_name = 'apply') > 0 then 2
        when count(*) filter (event_name = 'click') > 0 then 1 else 0 end as gain
    from items left join events on events.search_id = items.search_id and events.job_id = items.job_id
        and event_name in ('click', 'apply') and event_ts between shown_at and shown_at + interval 24 hours
    group by all
    """,
    """
    create table ranking as
    select event_date, surface, k, avg(dcg / nullif(idcg, 0)) as ndcg, avg(first_rank) as mrr
    from (
        select event_date, surface, search_id, k,
            sum(gain / ln(rank_position + 1)) filter (rank_position <= k) as dcg,
            sum(gain / ln(ideal + 1)) filter (ideal <= k) as idcg,
            1.0 / min(rank_position) filter (gain > 0) as first_rank
        from (
            select *, row_number() over (partition by search_id order by gain desc) as ideal from gains
        ), unnest([1, 3, 5, 10]) as cutoffs(k)
        group by all
    ) group by all
    """,
    """
    create table ab_sums as
    select event_date, experiment_id, variant, count(*) as units, sum(i), sum(c), sum(a),
        sum(i * i), sum(c * c), sum(i * c)
    from (
        select event_date, stamp.experiment_id, stamp.variant, unit_id,
            count(*) filter (event_name = 'impression') as i, count(*) filter (event_name = 'click') as c,
            count(*) filter (event_name = 'apply') as a
        from (select event_date, event_name, unit_id, unnest(experiments) as stamp from events) group by all
    ) group by all
    """,
)


def main(landing: str, warehouse: str) -> None:
    """Build everything from nothing."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for step in STEPS:
            given = {"files": f"{landing}/events/**/*.ndjson"} if "$files" in step else {}
            connection.execute(step, given)


if __name__ == "__main__":
    main(*sys.argv[1:3])
