{# From staged records of a table to its typed columns: one row per record that counts. #}

{% macro entity_readings(table) -%}
    {%- set columns = entity_columns(table)[1:] -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set exact = columns | selectattr('kind', 'equalto', 'decimal') | map(attribute='name') | list %}
-- What was sent stays in bronze: names that tell of a person may stand in it.
reading_records as (

    select
        records.*,
        raw.raw_line,
        records.record_format in ('csv', 'xml') as is_cell,
        records.form <> 'row' as is_change
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

),

reading_texts_of_records as (

    select
        *,
        case
            when is_wrapped then {{ json_member(json_document('raw_line', ['payload']), 'payload') }}
            else raw_line
        end as record_text
    from reading_records

),

reading_states as (

    select
        *,
        case
            when is_delete then null
            when form = 'envelope' then {{ json_member(json_document('record_text', ['after']), 'after') }}
            else record_text
        end as state
    from reading_texts_of_records

),

reading_lines as (

    select
        *,
        {{ json_document('state', names) }} as columns,
        {%- if exact %}
        {{ json_document(
            "case when " ~ matches('state', '[0-9][.eE]') ~ " then " ~ with_numbers_as_strings('state') ~ " end", exact
        ) }} as exact_columns,
        {%- endif %}
        -- A column that was not sent keeps its value, in a change and in a file that names its columns.
        case when form <> 'row' or record_format = 'csv' then {{ json_names('state') }} end as names
    from reading_states

),

reading_members as (

    select
        *,
        {%- for name in names %}
        {{ json_member('columns', name) }} as {{ name }}_member{{ ',' if not loop.last }}
        {%- endfor %}
    from reading_lines

),

reading_texts as (

    select
        *,
        {%- for column in columns %}
        {{ value_text(column) }} as {{ column.name }}_text,
        {%- if has_digits(column) %}
        {{ exact_digits(column, 'exact_columns' if column.kind == 'decimal' else none) }} as {{ column.name }}_spelling,
        {%- endif %}
        {{ is_sent(column) }} as is_{{ column.name }}_sent,
        coalesce(
            {{ is_placeholder(column.name ~ '_member') }},
            {{ column.name }}_member is null and names is not null and not {{ is_among(column.name, 'names') }},
            false
        ) as keeps_{{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from reading_members

),

reading_digits as (

    select
        *
        {%- for column in columns if has_digits(column) %},
        {{ without_exponent(column.name ~ '_spelling') }} as {{ column.name }}_digits
        {%- endfor %}
    from reading_texts

),

reading_values as (

    select
        *,
        {%- for column in columns %}
        case when is_{{ column.name }}_sent then {{ value_of(column) }} end as {{ column.name }}_value{{ ',' if not loop.last }}
        {%- endfor %}
    from reading_digits

),

readings as (

    select
        * exclude (columns, names),
        {%- for column in columns %}
        is_{{ column.name }}_sent and {{ column.name }}_value is null
        {%- if column.is_list %} and not {{ is_empty_list(column, column.name ~ '_member', column.name ~ '_text') }}{% endif %}
            as is_{{ column.name }}_invalid,
        {%- if column.kind == 'word' and not column.is_list %}
        is_{{ column.name }}_sent and {{ is_other_word(column.name ~ '_text', column.words) }} as is_{{ column.name }}_other,
        {%- elif column.kind == 'word' %}
        coalesce(list_contains({{ column.name }}_value, 'other'), false)
            and {{ has_other_element(column.name ~ '_member', column.name ~ '_text', column.words) }} as is_{{ column.name }}_other,
        {%- endif %}
        {%- endfor %}
        {%- for name in names %}
        {{ 'keeps_' ~ name }}{{ ' or ' if not loop.last }}
        {%- endfor %} as keeps_any
    from reading_values

)
{%- endmacro %}

{# Whether an element of a list of words was none of those listed. #}
{% macro has_other_element(member, text, words) -%}
    {%- if 'other' in words -%}
        len(list_filter({{ elements_in(member, text) }}, lambda part: {{ is_other_word(
            "(case when part[1] = '\"' then " ~ trimmed("(part ->> '$')") ~ " end)", words
        ) }})) > 0
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
