-- Every record of a loaded file is staged once: by file, records loaded = records in bronze = records staged.
{{ config(meta={'dagster': {'ref': {'name': 'stg_entity_records'}}}) }}

with bronze as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as bronze_records
    from {{ source('bronze', 'entities_raw') }}
    where {{ in_window('_source_dt') }} and {{ is_committed('entities') }}
    group by _source_dt, _source_file, _source_sha256

),

staged as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as staged_records
    from {{ ref('stg_entity_records') }}
    where {{ in_window('_source_dt') }}
    group by _source_dt, _source_file, _source_sha256

),

loaded as (

    select
        dt,
        source_file,
        sha256,
        lines as loaded_records
    from {{ source('bronze', 'files') }}
    where feed = 'entities' and outcome = 'loaded' and lines > 0 and {{ in_window('dt') }}

)

select
    coalesce(loaded.dt, bronze._source_dt, staged._source_dt) as _source_dt,
    coalesce(loaded.source_file, bronze._source_file, staged._source_file) as source_file,
    coalesce(loaded.loaded_records, 0) as loaded_records,
    coalesce(bronze.bronze_records, 0) as bronze_records,
    coalesce(staged.staged_records, 0) as staged_records
from loaded
full outer join bronze
    on loaded.source_file = bronze._source_file and loaded.sha256 = bronze._source_sha256
full outer join staged
    on
        coalesce(loaded.source_file, bronze._source_file) = staged._source_file
        and coalesce(loaded.sha256, bronze._source_sha256) = staged._source_sha256
where
    coalesce(loaded.loaded_records, 0) <> coalesce(bronze.bronze_records, 0)
    or coalesce(bronze.bronze_records, 0) <> coalesce(staged.staged_records, 0)
