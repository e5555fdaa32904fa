-- By file, records that do not count = records in quarantine.
{{ config(meta={'dagster': {'ref': {'name': 'entities_quarantine'}}}) }}

with rejected as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as records
    from {{ ref('stg_entity_records') }}
    where {{ in_window('_source_dt') }} and reason is not null
    group by _source_dt, _source_file, _source_sha256

),

quarantined as (

    select
        _source_dt,
        _source_file,
        _source_sha256,
        count(*) as records
    from {{ ref('entities_quarantine') }}
    where {{ in_window('_source_dt') }}
    group by _source_dt, _source_file, _source_sha256

)

select
    coalesce(rejected._source_dt, quarantined._source_dt) as _source_dt,
    coalesce(rejected._source_file, quarantined._source_file) as source_file,
    coalesce(rejected.records, 0) as rejected_records,
    coalesce(quarantined.records, 0) as quarantined_records
from rejected
full outer join quarantined
    on
        rejected._source_dt = quarantined._source_dt
        and rejected._source_file = quarantined._source_file
        and rejected._source_sha256 = quarantined._source_sha256
where coalesce(rejected.records, 0) <> coalesce(quarantined.records, 0)
