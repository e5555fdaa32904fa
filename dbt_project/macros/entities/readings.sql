{# The records of a table that count, and their typed columns. #}

{#
  Where they stand, and what decides on their order: a row a record, without columns. Their lines are read again for
  the columns: names that tell of a person may stand there, so that they are in bronze alone.
#}
{% macro counting_entity_records(table) -%}
    select
        {%- for name in place_columns() %}
        records.{{ name }},
        {%- endfor %}
        records.source,
        records.entity_key,
        records.record_format,
        records.form,
        records.is_delete,
        records.is_marked,
        records.is_wrapped,
        records.is_attested,
        records.rank,
        records.own_time,
        records.claimed_at,
        records.stream,
        records.position_1,
        records.position_2,
        records.position_3,
        records.source_zone,
        records.default_currency
    from {{ ref('stg_entity_records') }} as records
    where
        records.entity_table = '{{ table }}'
        and records.reason is null
        and records._source_dt >= date '{{ first_file_day() }}'
        and {{ is_touched(table, 'records.source', 'records.entity_key') }}
{%- endmacro %}

{# The raw lines of a table. #}
{% macro entity_lines(table) -%}
    select
        {%- for name in place_columns() %}
        raw.{{ name }},
        {%- endfor %}
        raw.raw_line
    from {{ source('bronze', 'entities_raw') }} as raw
    where raw.entity_table = '{{ table }}' and {{ is_committed('entities') }}
{%- endmacro %}

{# CTEs that end in `readings`: the records of the CTE `records` with their columns as values. #}
{% macro entity_readings(table, records) -%}
sent as (

    select
        records.*,
        raw.raw_line
    from {{ records }} as records
    inner join ({{ entity_lines(table) }}) as raw on {{ same_place('records', 'raw') }}

),

marked as (

    select
        *,
        {{ marked_record('raw_line', 'is_marked') }} as marked_line
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
        {{ all_but('unwrapped', ['raw_line', 'marked_line', 'record_text']) }},
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
