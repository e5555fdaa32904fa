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

    select
        *,
        last_value(is_delete) over (
            {{ of_entity }} rows between unbounded preceding and unbounded following
        ) as is_deleted,
        -- What opens or ends a version, or comes back to one, begins a block of records.
        effect <> 'unchanged' or (is_melted and not is_delete) as begins_block,
        count(case when effect = 'opened' then 1 end) over (
            {{ of_entity }} rows between unbounded preceding and current row
        ) as version
    from {{ ref(table ~ '_records') }}
    where {{ is_touched(table) }}

),

blocks as (

    select
        *,
        count(case when begins_block then 1 end) over (
            {{ of_entity }} rows between unbounded preceding and current row
        ) as block
    from records

),

belonging as (

    select
        *,
        not is_delete and first_value(begins_block and effect in ('opened', 'unchanged')) over (
            partition by source, entity_key, block order by record_number
        ) as belongs
    from blocks

),

last_records as (

    select
        *,
        row_number() over (partition by source, entity_key, version order by record_number desc) as from_last
    from belonging
    where belongs and version > 0

),

ends as (

    select
        *,
        lead(valid_from) over ({{ of_entity }}) as valid_to,
        case lead(effect) over ({{ of_entity }}) when 'opened' then 'version' when 'delete' then 'delete' end as ended_by
    from records
    where effect in ('opened', 'delete')

)

select
    ends.source,
    {{ 'cast(ends.entity_key as bigint)' if key.kind == 'integer_id' else 'ends.entity_key' }} as {{ key.name }},
    ends.version,
    ends.valid_from,
    ends.valid_to,
    ends.valid_to is null as is_current,
    ends.ended_by,
    ends.is_deleted,
    {%- if table == 'application' %}
    ends.is_attested and ends.valid_from = ends.observed_at as valid_from_is_bound,
    {%- endif %}
    {%- for column in columns %}
    {{ 'ends' if column.name in tracked else 'last_records' }}.{{ column.name }},
    {%- endfor %}
    last_records.properties,
    last_records.invalid_fields,
    ends._source_dt,
    ends._source_file,
    ends._source_line,
    ends._source_sha256
from ends
inner join last_records
    on
        ends.source = last_records.source
        and ends.entity_key = last_records.entity_key
        and ends.version = last_records.version
        and last_records.from_last = 1
where ends.effect = 'opened'
{%- endmacro %}
