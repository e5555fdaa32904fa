-- Entities that wait to be walked again: those of which a record of the window's files is new, or says something else,
-- and, since a dump says what is not there, all of a source where a file of the window is a part of one.
select distinct
    changed.entity_table,
    changed.source,
    changed.entity_key
from (
    {{ changed_lines(var('feed'), ['entity_table', 'source', 'entity_key', 'reason'], var('is_compared', false)) }}
) as changed
where changed.reason is null
union distinct
select distinct
    records.entity_table,
    records.source,
    records.entity_key
from {{ ref('stg_entity_records') }} as records
inner join (
    select distinct
        parts.entity_table,
        parts.source
    from {{ source('bronze', 'entity_files') }} as parts
    {{ joined_files(var('feed'), 'parts', false) }}
        and parts.snapshot_name is not null
) as dumps on records.entity_table = dumps.entity_table and records.source = dumps.source
where records.reason is null and records._source_dt >= date '{{ first_file_day() }}'
