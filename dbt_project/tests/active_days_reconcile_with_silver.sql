-- Events and units of every date are those of silver, without what is said about applications.
{{ config(meta={'dagster': {'ref': {'name': 'active_days'}}}) }}

with days as (

    select
        event_date,
        sum(events + other_events) as events,
        count(distinct unit_id) as units
    from {{ ref('active_days') }}
    where {{ in_window('event_date') }}
    group by event_date

),

silver as (

    select
        event_date,
        count(*) as events,
        count(distinct unit_id) as units
    from {{ ref('events') }}
    where
        event_name <> 'application_status'
        and {{ in_any_partition('event_date') }}
        and {{ in_window('event_date') }}
    group by event_date

)

select
    coalesce(days.event_date, silver.event_date) as event_date,
    coalesce(days.events, 0) as events,
    coalesce(silver.events, 0) as events_in_silver,
    coalesce(days.units, 0) as units,
    coalesce(silver.units, 0) as units_in_silver
from days
full outer join silver on days.event_date = silver.event_date
where
    coalesce(days.events, 0) <> coalesce(silver.events, 0)
    or coalesce(days.units, 0) <> coalesce(silver.units, 0)
