-- Every line of a loaded file is staged once: by file, lines loaded = lines in bronze = lines staged.
{{ config(meta={'dagster': {'ref': {'name': 'stg_events'}}}) }}

with bronze as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as bronze_lines
    from {{ source('bronze', 'events_raw') }}
    where {{ in_window('_source_dt') }} and {{ is_committed('events') }}
    group by _source_dt, _source_file, _source_sha256

),

staged as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as staged_lines
    from {{ ref('stg_events') }}
    where {{ in_window('_source_dt') }}
    group by _source_dt, _source_file, _source_sha256

),

loaded as (

    select
        dt,
        source_file,
        sha256,
        lines as loaded_lines
    from {{ source('bronze', 'files') }}
    where feed = 'events' and outcome = 'loaded' and lines > 0 and {{ in_window('dt') }}

)

select
    coalesce(loaded.dt, bronze._source_dt, staged._source_dt) as _source_dt,
    coalesce(loaded.source_file, bronze._source_file, staged._source_file) as source_file,
    coalesce(loaded.loaded_lines, 0) as loaded_lines,
    coalesce(bronze.bronze_lines, 0) as bronze_lines,
    coalesce(staged.staged_lines, 0) as staged_lines
from loaded
full outer join bronze
    on loaded.source_file = bronze._source_file and loaded.sha256 = bronze._source_sha256
full outer join staged
    on
        coalesce(loaded.source_file, bronze._source_file) = staged._source_file
        and coalesce(loaded.sha256, bronze._source_sha256) = staged._source_sha256
where
    coalesce(loaded.loaded_lines, 0) <> coalesce(bronze.bronze_lines, 0)
    or coalesce(bronze.bronze_lines, 0) <> coalesce(staged.staged_lines, 0)
