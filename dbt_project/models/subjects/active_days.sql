{{ config(**replace_touched_config('event_date', cluster_by=['unit_id'])) }}

with events as (

    select
        unit_id,
        event_date,
        {{ known('platform') }} as platform,
        event_name,
        case
            when event_name in ({{ quoted_list(event_names()) }})
                then 1
            else 0
        end as is_of_contract
    from {{ ref('events') }}
    where
        -- What is said about an application is not done by its unit.
        event_name <> 'application_status'
        and {{ in_any_partition('event_date') }}
        and {{ in_touched('event_date') }}

)

select
    unit_id,
    event_date,
    platform,
    cast(sum(is_of_contract) as bigint) as events,
    {%- for name, column in counted_activity().items() %}
    cast(sum(case when event_name = '{{ name }}' then 1 else 0 end) as bigint) as {{ column }},
    {%- endfor %}
    cast(sum(1 - is_of_contract) as bigint) as other_events
from events
group by unit_id, event_date, platform
