{{ config(**replace_window_config('_source_dt')) }}

with rejected as (

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

),

sent as (

    select
        _source_dt,
        _source_file,
        _source_line,
        _source_sha256,
        raw_line,
        raw_form
    from {{ source('bronze', 'entities_raw') }}
    where {{ in_window('_source_dt') }} and {{ is_committed('entities') }}

)

select
    rejected._source_dt,
    rejected._source_file,
    rejected._source_line,
    rejected._source_sha256,
    rejected.entity_table,
    rejected.source,
    rejected.reason,
    case
        {%- for tables in tables_by_personal_names() %}
        when rejected.entity_table in ({{ quoted_list(tables) }})
            then {{ shown_record('sent.raw_line', 'sent.raw_form', 'rejected.reason', tables[0]) }}
        {%- endfor %}
    end as raw_record
from rejected
inner join sent
    on
        rejected._source_dt = sent._source_dt
        and rejected._source_file = sent._source_file
        and rejected._source_line = sent._source_line
        and rejected._source_sha256 = sent._source_sha256
