{#
  The history of the entities of a table, record by record: a row for each record that counts and for each delete
  that a dump implies, with the columns as they stand after it, what it does (`effect`), and since when.
#}

{% macro entity_history(table) -%}
    {%- set columns = entity_columns(table)[1:] -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set all_names = entity_columns(table) | map(attribute='name') | list -%}
    {%- set told = ['source', 'entity_key', 'form', 'observed_at', 'tie_number', 'rank', 'claimed_at', 'is_delete',
        'is_attested', 'duplicates', 'record_format'] + place_columns() -%}
    {%- set numbered = ['source', 'entity_key', 'record_number'] -%}
    {%- set read = ['default_currency', 'invalid_fields', 'properties'] -%}
    {%- for name in ends_of_salaries(columns) -%}{%- do read.append(name ~ '_as_sent') -%}{%- endfor -%}
with counting as (

    {{ counting_entity_records(table) }}

),

{{ observed_entity_records('counting') }},

tied_lines as (

    select lines.*
    from ({{ entity_lines(table) }}) as lines
    inner join (
        select {{ place_columns() | join(', ') }}
        from observed
        where is_tied
    ) as tied
        on {{ same_place('lines', 'tied') }}

),

told as (

    {{ told_entity_records('observed', 'tied_lines') }}

),

kept as (

    select *
    from told
    where not is_duplicate

),

dumps as (

    select
        source,
        taken_at
    from {{ ref('entity_snapshots') }}
    where entity_table = '{{ table }}'
    group by source, taken_at

),

present as (

    select distinct
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
        is_marked,
        is_wrapped,
        source_zone,
        default_currency,
        {{ told | join(',\n        ') }}
    from kept
    union all
    select
        'implied' as outcome,
        {%- set implied = {
            'source': 'source', 'entity_key': 'entity_key', 'form': "'implied'", 'observed_at': 'observed_at',
            'tie_number': '0', 'rank': '0', 'is_delete': 'true', 'is_attested': 'false', 'duplicates': '0',
            'record_format': "''",
        } %}
        null as is_marked,
        null as is_wrapped,
        null as source_zone,
        null as default_currency,
        {%- for name in told %}
        {{ implied.get(name, 'null') }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from implied

),

numbered as (

    {{ numbered_entity_records('all_records') }}

),

sent_records as (

    select *
    from numbered
    where outcome = 'kept'

),

{{ entity_readings(table, 'sent_records') }},

-- Whose records leave columns as they were that others have told.
filled_entities as (

    select
        source,
        entity_key
    from readings
    group by source, entity_key
    having
        (
            bit_or(coalesce(unchanged_bits, 0))
            & bit_or(
                {%- for name in names %}
                case when {{ name }} is not null then {{ column_bit(all_names, name) }} else 0 end{{ ' +' if not loop.last }}
                {%- endfor %}
            )
        ) <> 0

),

records_to_fill as (

    select records.*
    from (
        select
            {{ (numbered + ['life', 'is_delete', 'unchanged_bits'] + read + names) | join(',\n            ') }}
        from readings
        union all
        select
            source,
            entity_key,
            record_number,
            life,
            is_delete,
            {%- for name in ['unchanged_bits'] + read + names %}
            null as {{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from numbered
        where outcome = 'implied'
    ) as records
    inner join filled_entities
        on records.source = filled_entities.source and records.entity_key = filled_entities.entity_key

),

filled as (

    select
        {%- for name in numbered + ['is_delete'] + read %}
        {{ name }},
        {%- endfor %}
        {%- for name in names %}
        last_value(
            case
                when (coalesce(unchanged_bits, 0) & {{ column_bit(all_names, name) }}) = 0
                    then {{ struct_of({'value': name}) }}
            end ignore nulls
        ) over (
            partition by source, entity_key, life order by record_number
            rows between unbounded preceding and current row
        ).value as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from records_to_fill

),

shown as (

    select
        {{ numbered | join(',\n        ') }},
        is_delete,
        {{ properties_with_ranges(columns) }} as properties,
        case when not is_delete then coalesce({{ invalid_fields_with_ranges(columns) }}, {{ no_texts() }}) end
            as invalid_fields,
        {%- for column in columns %}
        {{ shown_value(column, columns) }} as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select *
        from filled
        union all
        select
            {%- for name in numbered + ['is_delete'] + read + names %}
            readings.{{ name }}{{ ',' if not loop.last }}
            {%- endfor %}
        from readings
        left join filled_entities
            on readings.source = filled_entities.source and readings.entity_key = filled_entities.entity_key
        where filled_entities.entity_key is null
    ) as values_of_records

),

hashed as (

    select
        numbered.*,
        digests.tracked_hash
    from numbered
    left join (
        select
            {{ numbered | join(',\n            ') }},
            case when not is_delete then {{ columns_digest(tracked_columns(table)) }} end
                as tracked_hash
        from shown
    ) as digests
        on {{ same_record('numbered', 'digests') }}

),

{{ walked_entity_records('hashed') }}

select
    walked.source,
    walked.entity_key,
    walked.record_number,
    walked.outcome,
    cast(walked.duplicates as bigint) as duplicates,
    walked.form,
    walked.is_delete,
    cast(walked.rank as bigint) as rank,
    walked.observed_at,
    walked.claimed_at,
    walked.is_attested,
    walked.effect,
    walked.valid_from,
    walked.is_melted,
    {%- for name in place_columns() %}
    walked.{{ name }},
    {%- endfor %}
    {%- for name in names %}
    shown.{{ name }},
    {%- endfor %}
    shown.invalid_fields,
    shown.properties
from walked
left join shown on {{ same_record('walked', 'shown') }}
{%- endmacro %}

{# The condition that two relations tell of the same record of a table, by its number in the order of its entity. #}
{% macro same_record(first, second) -%}
    {{ first }}.source = {{ second }}.source
    and {{ first }}.entity_key = {{ second }}.entity_key
    and {{ first }}.record_number = {{ second }}.record_number
{%- endmacro %}
