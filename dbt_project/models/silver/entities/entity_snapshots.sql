{{ config(**whole_config()) }}

with files as (

    select
        entity_table,
        source,
        taken_at,
        snapshot_name,
        snapshot_part,
        snapshot_parts,
        _source_dt,
        _source_file,
        _source_sha256
    from {{ source('bronze', 'entity_files') }}
    where snapshot_name is not null and _source_dt >= date '{{ first_file_day() }}'

),

-- Whose records' keys could not all be read says nothing of what is not there.
unreadable as (

    select distinct
        _source_dt,
        _source_file,
        _source_sha256
    from {{ ref('stg_entity_records') }}
    where
        is_snapshot
        and reason in ({{ quoted_list(entity_reasons()[:entity_reasons().index('missing_key') + 1]) }})
        and _source_dt >= date '{{ first_file_day() }}'

),

complete as (

    select
        files.entity_table,
        files.source,
        files._source_dt,
        files.snapshot_name,
        files.snapshot_parts
    from files
    left join unreadable
        on
            files._source_dt = unreadable._source_dt
            and files._source_file = unreadable._source_file
            and files._source_sha256 = unreadable._source_sha256
    group by files.entity_table, files.source, files._source_dt, files.snapshot_name, files.snapshot_parts
    having
        count(unreadable._source_file) = 0
        and count(distinct case
            when files.snapshot_part between 1 and files.snapshot_parts then files.snapshot_part
        end) = files.snapshot_parts
        and files.snapshot_parts > 0

)

select
    files.entity_table,
    files.source,
    files.taken_at,
    files.snapshot_name,
    files.snapshot_part,
    files.snapshot_parts,
    files._source_dt,
    files._source_file,
    files._source_sha256
from files
inner join complete
    on
        files.entity_table = complete.entity_table
        and files.source = complete.source
        and files._source_dt = complete._source_dt
        and files.snapshot_name = complete.snapshot_name
        and files.snapshot_parts = complete.snapshot_parts
