{# From staged records of a table to its typed columns: one row per record that counts. #}

{% macro entity_readings(table) -%}
-- What was sent stays in bronze: names that tell of a person may stand in it.
sent as (

    select
        records.*,
        raw.raw_line
    from {{ ref('stg_entity_records') }} as records
    inner join (
        select
            _source_dt,
            _source_file,
            _source_line,
            _source_sha256,
            raw_line
        from {{ source('bronze', 'entities_raw') }}
        where entity_table = '{{ table }}' and {{ is_committed('entities') }}
    ) as raw
        on
            records._source_dt = raw._source_dt
            and records._source_file = raw._source_file
            and records._source_line = raw._source_line
            and records._source_sha256 = raw._source_sha256
    where
        records.entity_table = '{{ table }}'
        and records.reason is null
        and records._source_dt >= date '{{ first_file_day() }}'
        and {{ is_touched(table, 'records.source', 'records.entity_key') }}

),

marked as (

    select
        *,
        {{ marked_record('raw_line', 'record_format') }} as marked_line
    from sent

),

unwrapped as (

    select
        *,
        case
            when is_wrapped then {{ json_member(json_document('marked_line', ['payload']), 'payload') }}
            else marked_line
        end as record_text
    from marked

),

stated as (

    select
        {{ all_but('unwrapped', ['marked_line', 'record_text']) }},
        case
            when is_delete then null
            when form = 'envelope' then {{ json_member(json_document('record_text', ['after']), 'after') }}
            else record_text
        end as state
    from unwrapped

),

readings as (

    {{ entity_values(table, 'stated') }}

)
{%- endmacro %}
