{{ config(**replace_window_config('_source_dt')) }}

select
    _source_dt,
    _source_file,
    _source_line,
    _source_sha256,
    entity_table,
    source,
    reason
from {{ ref('stg_entity_records') }}
where reason is not null and {{ in_window('_source_dt') }}
