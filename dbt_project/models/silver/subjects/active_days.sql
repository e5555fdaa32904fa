{{ config(**whole_config(cluster_by=['unit_id'])) }}

with events as (

    select
        unit_id,
        event_date,
        {{ known('platform') }} as platform,
        event_name
    from {{ ref('events') }}
    where
        -- What is said about an application is not done by its unit.
        event_name <> 'application_status'
        and {{ in_any_partition('event_date') }}

)

select
    unit_id,
    event_date,
    platform,
    cast(sum(case when event_name in ({{ quoted_list(event_names()) }}) then 1 else 0 end) as bigint) as events,
    {%- for name, column in counted_activity().items() %}
    cast(sum(case when event_name = '{{ name }}' then 1 else 0 end) as bigint) as {{ column }},
    {%- endfor %}
    cast(sum(case when event_name in ({{ quoted_list(event_names()) }}) then 0 else 1 end) as bigint) as other_events
from events
group by unit_id, event_date, platform
