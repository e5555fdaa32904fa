{#
  The history of the entities of a table, record by record: a row for each record that counts and for each delete
  that a dump implies, with the columns as they stand after it, what it does (`effect`), and since when.
#}

{% macro entity_history(table) -%}
    {%- set columns = entity_columns(table)[1:] -%}
    {%- set of_entity = 'partition by source, entity_key order by record_number' -%}
with {{ entity_readings(table) }},

known as (

    select
        * exclude (rank),
        rank,
        null as tracked_hash
    from readings

),

observed as (

    {{ observed_entity_records('known') }}

),

told as (

    {{ told_entity_records('observed') }}

),

kept as (

    select *
    from told
    where not is_duplicate

),

dumps as (

    select
        entity_table,
        source,
        taken_at
    from {{ ref('entity_snapshots') }}
    where entity_table = '{{ table }}'
    group by entity_table, source, taken_at

),

present as (

    select distinct
        records.entity_table,
        records.source,
        snapshots.taken_at,
        records.entity_key
    from {{ ref('stg_entity_records') }} as records
    inner join {{ ref('entity_snapshots') }} as snapshots
        on
            records._source_dt = snapshots._source_dt
            and records._source_file = snapshots._source_file
            and records._source_sha256 = snapshots._source_sha256
    where
        records.entity_table = '{{ table }}'
        and records.entity_key is not null
        and records._source_dt >= date '{{ first_file_day() }}'

),

implied as (

    {{ implied_entity_deletes('kept', 'dumps', 'present') }}

),

all_records as (

    select
        * exclude (is_duplicate, tracked_hash),
        'kept' as outcome
    from kept
    union all by name
    select
        entity_table,
        source,
        entity_key,
        observed_at,
        '' as stream,
        0 as rank,
        true as is_delete,
        '' as raw_where_needed,
        '' as record_format,
        '' as raw_line,
        'implied' as form,
        'implied' as outcome
    from implied

),

numbered as (

    select
        *,
        row_number() over (partition by source, entity_key order by {{ entity_order() }}) as fill_number,
        max(keeps_any) over (partition by source, entity_key) as is_filled
    from all_records

),

lives as (

    -- A delete forgets what was there.
    select
        *,
        count(case when is_delete then 1 end) over (
            partition by source, entity_key order by fill_number rows between unbounded preceding and current row
        ) as life
    from numbered
    where is_filled

),

filled as (

    select
        * exclude (life
        {%- for column in columns %}, {{ column.name }}_value{% endfor %}),
        {%- for column in columns %}
        last_value(case when not keeps_{{ column.name }} then {'v': {{ column.name }}_value} end ignore nulls) over (
            partition by source, entity_key, life order by fill_number
            rows between unbounded preceding and current row
        ).v as {{ column.name }}_value{{ ',' if not loop.last }}
        {%- endfor %}
    from lives
    union all by name
    select *
    from numbered
    where not coalesce(is_filled, false)

),

shown as (

    select
        filled.* exclude (
            {%- for column in columns %}{{ column.name }}_value{{ ', ' if not loop.last }}{% endfor -%}
        ),
        {%- for column in columns %}
        {{ shown_value(column, columns) }} as {{ column.name }},
        {%- endfor %}
        {%- for prefix in salaries_of(columns) %}
        coalesce({{ prefix }}salary_min_value > {{ prefix }}salary_max_value, false) as has_{{ prefix }}wrong_range,
        {%- endfor %}
        coalesce(own.default_currency, others.default_currency) as default_currency
    from filled
    left join {{ source('bronze', 'entity_sources') }} as own on filled.source = own.source
    inner join {{ source('bronze', 'entity_sources') }} as others on others.source = ''

),

priced as (

    select
        * exclude (default_currency
        {%- for prefix in salaries_of(columns) %}, {{ prefix }}salary_currency{% endfor %})
        {%- for prefix in salaries_of(columns) %},
        case
            when {{ prefix }}salary_currency is not null then {{ prefix }}salary_currency
            when {{ prefix }}salary_min is not null or {{ prefix }}salary_max is not null then default_currency
        end as {{ prefix }}salary_currency
        {%- endfor %}
    from shown

),

hashed as (

    select
        * exclude (
            {%- for column in columns %}is_{{ column.name }}_sent, keeps_{{ column.name }}, {% endfor -%}
            keeps_any
        ),
        case when not is_delete then
            md5(to_json([
                {%- for column in tracked_columns(table) %}
                to_json({{ column.name }}){{ ',' if not loop.last }}
                {%- endfor %}
            ])::varchar)
        end as tracked_hash
    from priced

),

walked as (

    {{ walked_entity_records('hashed') }}

)

select
    source,
    entity_key,
    record_number,
    outcome,
    form,
    is_delete,
    cast(rank as bigint) as rank,
    observed_at,
    claimed_at,
    is_attested,
    effect,
    valid_from,
    is_melted,
    _source_dt,
    _source_file,
    _source_line,
    _source_sha256,
    {%- for column in columns %}
    {{ column.name }},
    {%- endfor %}
    case
        when not is_delete then list_sort(list_filter([
            {%- for column in columns %}
            case when is_{{ column.name }}_invalid{{ is_invalid_together(column, columns) }} then '{{ column.name }}' end
            {{- ',' if not loop.last }}
            {%- endfor %}
        ], lambda name: name is not null))
    end as invalid_fields,
    case
        when not is_delete then {{ properties_of('state', told_as_sent(columns), table) }}
    end as properties
from walked
{%- endmacro %}

{% macro salaries_of(columns) -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {{ return(['', 'desired_'] | select('in', [''] if 'salary_min' in names else (['desired_'] if 'desired_salary_min' in names else [])) | list) }}
{%- endmacro %}

{# A range whose ends are the wrong way round has none; at least one place is to be filled. #}
{% macro shown_value(column, columns) -%}
    {%- set value = column.name ~ '_value' -%}
    {%- for prefix in salaries_of(columns) if column.name in (prefix ~ 'salary_min', prefix ~ 'salary_max') -%}
        {%- set value = 'case when coalesce(' ~ prefix ~ 'salary_min_value <= ' ~ prefix
            ~ 'salary_max_value, true) then ' ~ value ~ ' end' -%}
        {{ return(value) }}
    {%- endfor -%}
    {%- if column.name == 'openings' -%}
        {{ return('case when not is_delete then coalesce(' ~ value ~ ', 1) end') }}
    {%- endif -%}
    {{ return(value) }}
{%- endmacro %}

{% macro is_invalid_together(column, columns) -%}
    {%- for prefix in salaries_of(columns) if column.name in (prefix ~ 'salary_min', prefix ~ 'salary_max') -%}
        {{ return(' or has_' ~ prefix ~ 'wrong_range') }}
    {%- endfor -%}
{%- endmacro %}

{# The names of columns whose value is told as it was sent. #}
{% macro told_as_sent(columns) -%}
    list_filter([
        {%- for column in columns %}
        case
            when is_{{ column.name }}_invalid{{ is_invalid_together(column, columns) }}
            {%- if column.kind == 'word' %} or is_{{ column.name }}_other{% endif %} then '{{ column.name }}'
        end{{ ',' if not loop.last }}
        {%- endfor %}
    ], lambda shown: shown is not null)
{%- endmacro %}
