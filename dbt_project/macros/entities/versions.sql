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
        -- What opens or ends a version, or comes back to one, begins a block of records.
        effect <> 'unchanged' or (is_melted and not is_delete) as begins_block,
        count(case when effect = 'opened' then 1 end) over (
            {{ of_entity }} rows between unbounded preceding and current row
        ) as version,
        count(case when effect <> 'unchanged' or (is_melted and not is_delete) then 1 end) over (
            {{ of_entity }} rows between unbounded preceding and current row
        ) as block
    from {{ ref(table ~ '_records') }}
    where {{ is_touched(table) }}

),

belonging as (

    select
        *,
        not is_delete and first_value(begins_block and effect in ('opened', 'unchanged')) over (
            partition by source, entity_key, block order by record_number
        ) as belongs
    from records

),

last_records as (

    select
        source,
        entity_key,
        version,
        max(record_number) as record_number
    from belonging
    where belongs and version > 0
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
        last_records.record_number as last_number
    from ends
    inner join last_records
        on
            ends.source = last_records.source
            and ends.entity_key = last_records.entity_key
            and ends.version = last_records.version
    where ends.effect = 'opened'

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
    {{ 'first_records' if column.name in tracked else 'last_records' }}.{{ column.name }},
    {%- endfor %}
    last_records.properties,
    last_records.invalid_fields,
    {%- for name in place_columns() %}
    first_records.{{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from found
{%- for one in ['first', 'last'] %}
inner join {{ ref(table ~ '_records') }} as {{ one }}_records
    on
        found.source = {{ one }}_records.source
        and found.entity_key = {{ one }}_records.entity_key
        and found.{{ one }}_number = {{ one }}_records.record_number
{%- endfor %}
{%- endmacro %}
