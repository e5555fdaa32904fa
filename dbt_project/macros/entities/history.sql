{#
  The history of the entities of a table, record by record: a row for each record that counts and for each delete
  that a dump implies, with the columns as they stand after it, what it does (`effect`), and since when.
#}

{% macro entity_history(table) -%}
    {%- set columns = entity_columns(table)[1:] -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set sent = ends_of_salaries(columns) -%}
    {%- set place = ['_source_dt', '_source_file', '_source_line', '_source_sha256'] -%}
    {%- set order = ['observed_at', 'stream', 'position_1', 'position_2', 'position_3', 'rank', 'claimed_at', 'is_delete',
        'raw_where_needed', 'record_format'] -%}
    {%- set told = ['entity_table', 'source', 'entity_key', 'form', 'is_attested', 'default_currency', 'duplicates']
        + order + place -%}
    {%- set read = ['invalid_fields', 'properties'] -%}
    {%- for name in sent -%}{%- do read.append(name ~ '_as_sent') -%}{%- endfor -%}
with {{ entity_readings(table) }},

observed as (

    {{ observed_entity_records('readings') }}

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
        and {{ is_touched(table, 'records.source', 'records.entity_key') }}

),

implied as (

    {{ implied_entity_deletes('kept', 'dumps', 'present') }}

),

all_records as (

    select
        'kept' as outcome,
        {%- for name in told %}
        {{ name }},
        {%- endfor %}
        {%- for name in read + names %}
        {{ name }},
        {%- endfor %}
        unchanged_columns
    from kept
    union all
    select
        'implied' as outcome,
        {%- set implied = {
            'entity_table': 'entity_table', 'source': 'source', 'entity_key': 'entity_key', 'observed_at': 'observed_at',
            'form': "'implied'", 'stream': "''", 'rank': '0', 'is_delete': 'true', 'is_attested': 'false', 'duplicates': '0',
            'raw_where_needed': "''", 'record_format': "''",
        } %}
        {%- for name in told %}
        {{ implied.get(name, 'null') }} as {{ name }},
        {%- endfor %}
        {%- for name in read + names %}
        null as {{ name }},
        {%- endfor %}
        null as unchanged_columns
    from implied

),

numbered as (

    select
        *,
        row_number() over (partition by source, entity_key order by {{ entity_order() }}) as fill_number,
        count(unchanged_columns) over (partition by source, entity_key) > 0 as is_filled
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
        outcome,
        {%- for name in told + read %}
        {{ name }},
        {%- endfor %}
        {%- for name in names %}
        last_value(
            case
                when not coalesce({{ has_element('unchanged_columns', "'" ~ name ~ "'") }}, false)
                    then {{ struct_of({'value': name}) }}
            end ignore nulls
        ) over (
            partition by source, entity_key, life order by fill_number
            rows between unbounded preceding and current row
        ).value as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from lives
    union all
    select
        outcome,
        {%- for name in told + read + names %}
        {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from numbered
    where not is_filled

),

shown as (

    select
        outcome,
        {%- for name in told %}
        {{ name }},
        {%- endfor %}
        case when not is_delete then coalesce({{ invalid_fields_with_ranges(columns) }}, {{ no_texts() }}) end
            as invalid_fields,
        {{ properties_with_ranges(columns) }} as properties,
        {%- for column in columns %}
        {{ shown_value(column, columns) }} as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from filled

),

hashed as (

    select
        *,
        case when not is_delete then {{ columns_digest(tracked_columns(table) | map(attribute='name') | list) }} end
            as tracked_hash
    from shown

),

walked as (

    {{ walked_entity_records('hashed') }}

)

select
    source,
    entity_key,
    record_number,
    outcome,
    cast(duplicates as bigint) as duplicates,
    form,
    is_delete,
    cast(rank as bigint) as rank,
    observed_at,
    claimed_at,
    is_attested,
    effect,
    valid_from,
    is_melted,
    {%- for name in place %}
    {{ name }},
    {%- endfor %}
    {%- for name in names %}
    {{ name }},
    {%- endfor %}
    invalid_fields,
    properties
from walked
{%- endmacro %}
