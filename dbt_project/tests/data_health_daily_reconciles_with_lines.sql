-- By date, lines and rejected lines are those that were staged, events are those of silver.
{{ config(meta={'dagster': {'ref': {'name': 'data_health_daily'}}}) }}

with gold as (

    select
        date,
        lines,
        events,
        quarantined
    from {{ ref('data_health_daily') }}
    where {{ in_window('date') }}

),

staged as (

    select
        event_date,
        count(*) as lines,
        sum(case when reason is not null then 1 else 0 end) as quarantined
    from {{ ref('stg_events') }} as stg_events
    where {{ staged_in_window('stg_events') }}
    group by event_date

),

kept as (

    select
        event_date,
        count(*) as events
    from {{ ref('events') }}
    where {{ in_window('event_date') }}
    group by event_date

)

select
    coalesce(gold.date, staged.event_date) as date,
    gold.lines,
    staged.lines as staged_lines,
    gold.quarantined,
    staged.quarantined as staged_quarantined,
    gold.events,
    kept.events as events_in_silver
from gold
full outer join staged on gold.date = staged.event_date
left join kept on coalesce(gold.date, staged.event_date) = kept.event_date
where
    coalesce(gold.lines, 0) <> coalesce(staged.lines, 0)
    or coalesce(gold.quarantined, 0) <> coalesce(staged.quarantined, 0)
    or coalesce(gold.events, 0) <> coalesce(kept.events, 0)
