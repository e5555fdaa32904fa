{#
  The versions of a table's entities: a row for each record that opens one. Tracked columns are those of the record
  that opened it; the others, properties and invalid_fields those of the last record that belongs to it.
#}
{% macro entity_versions(table) -%}
    {%- set key = entity_key_column(table) -%}
    {%- set columns = entity_columns(table)[1:] -%}
    {%- set tracked = tracked_columns(table) | map(attribute='name') | list -%}
    {%- set of_entity = 'partition by source, entity_key order by record_number' -%}
with records as (

    -- Windows sort narrow rows: columns are fetched for the versions that are found.
    select
        source,
        entity_key,
        record_number,
        effect,
        is_delete,
        valid_from,
        last_value(is_delete) over (
            {{ of_entity }} rows between unbounded preceding and unbounded following
        ) as is_deleted,
        count(case when effect = 'opened' then 1 end) over (
            {{ of_entity }} rows between unbounded preceding and current row
        ) as version,
        -- What opens or ends a version, or comes back to one, says of those that follow whether they belong to one.
        not is_delete and coalesce(last_value(
            case
                when effect <> 'unchanged' or (is_melted and not is_delete) then effect in ('opened', 'unchanged')
            end ignore nulls
        ) over ({{ of_entity }} rows between unbounded preceding and current row), false) as belongs
    from {{ ref(table ~ '_records') }}
    where {{ is_touched(table) }}

),

-- Of versions that more records than the first belong to: few.
last_numbers as (

    select
        source,
        entity_key,
        version,
        max(record_number) as record_number
    from records
    where belongs and version > 0 and effect <> 'opened'
    group by source, entity_key, version

),

ends as (

    select
        *,
        lead(valid_from) over ({{ of_entity }}) as valid_to,
        case lead(effect) over ({{ of_entity }}) when 'opened' then 'version' when 'delete' then 'delete' end as ended_by
    from records
    where effect in ('opened', 'delete')

),

found as (

    select
        ends.source,
        ends.entity_key,
        ends.version,
        ends.valid_from,
        ends.valid_to,
        ends.ended_by,
        ends.is_deleted,
        ends.record_number as first_number,
        coalesce(last_numbers.record_number, ends.record_number) as last_number
    from ends
    left join last_numbers
        on
            ends.source = last_numbers.source
            and ends.entity_key = last_numbers.entity_key
            and ends.version = last_numbers.version
    where ends.effect = 'opened'

),

-- Of a version of one record, the first is the last: only of others it has to be looked for.
last_records as (

    select
        records.source,
        records.entity_key,
        records.record_number,
        {%- for column in columns if column.name not in tracked %}
        records.{{ column.name }},
        {%- endfor %}
        records.properties,
        records.invalid_fields
    from (
        select *
        from found
        where last_number <> first_number
    ) as continued
    inner join {{ ref(table ~ '_records') }} as records
        on
            continued.source = records.source
            and continued.entity_key = records.entity_key
            and continued.last_number = records.record_number

)

select
    found.source,
    {{ 'cast(found.entity_key as bigint)' if key.kind == 'integer_id' else 'found.entity_key' }} as {{ key.name }},
    found.version,
    found.valid_from,
    found.valid_to,
    found.valid_to is null as is_current,
    found.ended_by,
    found.is_deleted,
    {%- if table == 'application' %}
    first_records.is_attested and found.valid_from = first_records.observed_at as valid_from_is_bound,
    {%- endif %}
    {%- for column in columns %}
    {{ 'first_records.' ~ column.name if column.name in tracked else of_last_record(column.name) }}
        {%- if column.name not in tracked %} as {{ column.name }}{% endif %},
    {%- endfor %}
    {{ of_last_record('properties') }} as properties,
    {{ of_last_record('invalid_fields') }} as invalid_fields,
    {%- for name in place_columns() %}
    first_records.{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from found
inner join {{ ref(table ~ '_records') }} as first_records
    on
        found.source = first_records.source
        and found.entity_key = first_records.entity_key
        and found.first_number = first_records.record_number
left join last_records
    on
        found.source = last_records.source
        and found.entity_key = last_records.entity_key
        and found.last_number = last_records.record_number
{%- endmacro %}

{# A column as it reads in the last record of a version. #}
{% macro of_last_record(name) -%}
    case when found.last_number = found.first_number then first_records.{{ name }} else last_records.{{ name }} end
{%- endmacro %}
