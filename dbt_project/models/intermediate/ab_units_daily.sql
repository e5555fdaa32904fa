{{ config(**replace_window_config('event_date', cluster_by=['experiment_id', 'variant', 'unit_id'])) }}

-- The filter stands apart from the unnesting: side by side, DuckDB makes a join of them.
with events as (

    select
        event_date,
        event_name,
        unit_id,
        experiments
    from {{ ref('events') }}
    where event_name in ({{ quoted_list(event_names()) }}) and {{ in_window('event_date') }}

),

stamped_events as (

    select
        events.event_date,
        stamp.experiment_id,
        stamp.variant,
        events.unit_id,
        events.event_name
    from events
    cross join {{ unnested('events.experiments', 'stamp') }}

)

select
    event_date,
    experiment_id,
    variant,
    unit_id,
    cast(sum(case when event_name = 'impression' then 1 else 0 end) as bigint) as impressions,
    cast(sum(case when event_name = 'click' then 1 else 0 end) as bigint) as clicks,
    cast(sum(case when event_name = 'apply' then 1 else 0 end) as bigint) as applies
from stamped_events
group by event_date, experiment_id, variant, unit_id
