-- Entities that wait to be walked again: those of which a record of the window's files is new, or says
-- something else; and since a dump says what is not there, all of a source where a
-- file of the window is a part of one.
with changed as (

    {{ changed_lines(
        var('feed'), ['entity_table', 'source', 'entity_key', 'reason'], var('is_compared', false)
    ) }}

),

dumps as (

    select distinct
        parts.entity_table,
        parts.source
    from {{ source('bronze', 'entity_files') }} as parts
    {{ joined_files(var('feed'), 'parts', false) }}
        and parts.snapshot_name is not null

)

select
    entity_table,
    source,
    entity_key
from changed
where reason is null
union distinct
select
    records.entity_table,
    records.source,
    records.entity_key
from {{ ref('stg_entity_records') }} as records
inner join dumps on records.entity_table = dumps.entity_table and records.source = dumps.source
where records.reason is null and records._source_dt >= date '{{ first_file_day() }}'
