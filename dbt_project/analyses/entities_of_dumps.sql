-- All entities of the tables and sources of which a file of the window is a part of a full dump: without it,
-- or with it again, any of them may be there or gone.
select distinct
    records.entity_table,
    records.source,
    records.entity_key
from {{ ref('stg_entity_records') }} as records
inner join {{ source('bronze', 'entity_files') }} as parts
    on records.entity_table = parts.entity_table and records.source = parts.source
where
    parts.snapshot_name is not null
    and {{ in_window('parts._source_dt') }}
    and records.reason is null
    and records._source_dt >= date '{{ first_file_day() }}'
